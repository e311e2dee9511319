"""An evidence pack opens, adds up, checks with its own verifier, and tells a regulator no name or number."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lenity.domain.evidence import verifier
from lenity.gateways import clock
from lenity.interfaces.shared import evidence_form, evidence_pack, evidence_tables
from lenity.interfaces.shared.evidence_words import Words
from lenity.operations.request_contact import request_contact
from lenity.records.people.models import Borrower
from tests import evidence_world

pytestmark = pytest.mark.django_db(transaction=True)
Life = tuple[Borrower, clock.ManualClock]


@pytest.fixture
def wang() -> Life:
    return evidence_world.life()


def built(one: Life, audience: str, language: str = "zh-hans") -> dict[str, bytes]:
    owner, running = one
    with clock.use(running):
        raw = evidence_pack.build(
            owner.public_id,
            audience=audience,
            language=language,
            lender="样例小贷",
            on_date=clock.business_day(owner.jurisdiction),
        )
    pack = zipfile.ZipFile(io.BytesIO(raw))
    return {name: pack.read(name) for name in pack.namelist()}


_KNOWN: dict[Any, tuple[str, dict[str, bytes]]] = {}


def sound(kind: Any, audience: str, language: str) -> dict[str, bytes]:
    """A pack, made once: paper takes a second and a half."""
    known = (kind, audience, language)
    if known not in _KNOWN:
        one = evidence_world.life(kind)
        _KNOWN[known] = one[0].loans.get().account_number, built(one, audience, language)
    return dict(_KNOWN[known][1])


def account(kind: Any, audience: str, language: str) -> str:
    return _KNOWN[(kind, audience, language)][0]


def table(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    assert files[name].startswith(b"\xef\xbb\xbf"), "a spreadsheet needs the mark to read Chinese"
    return list(csv.DictReader(io.StringIO(files[name].decode("utf-8-sig"))))


def test_a_pack_checks_without_us_from_its_folder_and_its_zip(tmp_path: Path) -> None:
    files = sound(evidence_world.CHINA, "borrower", "zh-hans")
    for name, raw in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_bytes(raw)
    run = [sys.executable, "-I", "-S", "verifier.py"]
    whole = subprocess.run([*run, "."], cwd=tmp_path, check=False, capture_output=True)
    assert whole.returncode == 0, whole.stdout.decode()
    assert hashlib.sha256(files["evidence.json"]).hexdigest() in whole.stdout.decode()
    one = next(name for name in files if name.startswith("receipts/"))
    assert subprocess.run([*run, one], cwd=tmp_path, check=False).returncode == 0
    wrong_key = subprocess.run([*run, ".", "ab" * 32], cwd=tmp_path, check=False, capture_output=True)
    assert wrong_key.returncode == 1


@pytest.mark.parametrize("kind", [evidence_world.CHINA, evidence_world.AMERICA], ids=["CN", "US"])
def test_the_record_and_its_tables_tell_what_happened(kind: Any) -> None:
    files = sound(kind, "lawyer", kind[1])
    record = json.loads(files["evidence.json"])
    rows = table(files, "contacts.csv")
    assert len(rows) == len(record["contacts"]) == 9
    assert {row["verdict"] for row in rows} == {"allowed", "deferred"}
    texts = [row for row in rows if row["body"]]
    assert texts
    assert all(row["code"] in row["body"] for row in texts), "the text as sent holds its own code"
    assert all(one["facts"] for one in record["contacts"])
    calls = [one for one in record["contacts"] if one["channel"] == "call"]
    assert {one["by"]["kind"] for one in calls} == {"staff"}
    assert all(one["by"]["staff_number"] for one in calls)
    assert [one["outcome"] for one in calls[0]["outcomes"]] == ["conversation"]
    principal = next(row for row in table(files, "amounts.csv") if row["component"] == "principal")
    assert [principal[name] for name in ("asked", "paid", "open", "overdue")] == [
        "1234.56",
        "200.00",
        "1034.56",
        "1034.56",
    ]
    [payment] = table(files, "payments.csv")
    assert (payment["amount"], payment["went_to"]) == ("200.00", "principal 200.00")
    assert [row["in_time"] for row in table(files, "concerns.csv")] == ["True", "True"]
    stress = next(row for row in table(files, "limits.csv") if row["id"] == "HOUSE-STRESS")
    assert (int(stress["at_most"]), stress["holds"]) == (12, "True")
    assert 0 < int(stress["most_used"]) <= 12
    assert int(stress["stopped"]) > 0
    assert files["evidence.pdf"].startswith(b"%PDF-")
    assert b"NotoSansSC" in files["evidence.pdf"], "the Chinese font is embedded"


def test_hours_and_counts_of_the_limits_are_those_of_the_contacts() -> None:
    record = json.loads(sound(evidence_world.CHINA, "lawyer", "zh-hans")["evidence.json"])
    limits = {one["id"]: one for one in record["limits"]}
    allowed = [one for one in record["contacts"] if one["verdict"] == "allowed"]
    words = Words("zh-hans", record["person"]["zone"])
    clocks = sorted(words.short(one["at"])[-5:] for one in allowed)
    hours = limits["CN-CBA-TIME"]
    assert (hours["earliest"], hours["latest"]) == (clocks[0], clocks[-1])
    assert limits["HOUSE-SMS-DAY"]["most_used"] == 1
    assert limits["HOUSE-EMAIL-WEEK"]["most_used"] == sum(one["channel"] == "email" for one in allowed)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_regulator_sees_no_name_number_account_or_word(language: str) -> None:
    files = sound(evidence_world.CHINA, "regulator", language)
    text = b"".join(raw for name, raw in files.items() if not name.endswith(".pdf")).decode()
    number = account(evidence_world.CHINA, "regulator", language)
    for secret in ("王小明", "13800138000", "138****", "13912345678", "Mr X", evidence_world.SAID, number):
        assert secret not in text
    assert f"尾号 {number[-4:]}" not in text
    assert not any(name.startswith("statements/") for name in files)
    assert verifier.check_pack(files)[0] == []
    assert "staff_number" in text


def test_a_cell_is_never_a_formula() -> None:
    text = evidence_tables.as_csv(("a",), [["=1+1"], ["@x"], ["+8613"], ["-2"], [-2], ["\tx"]])
    assert text.splitlines()[1:] == ["'=1+1", "'@x", "'+8613", "'-2", "-2", "'\tx"]


def test_the_form_asks_what_the_body_of_the_place_asks() -> None:
    record = json.loads(sound(evidence_world.CHINA, "lawyer", "zh-hans")["evidence.json"])
    words = Words("en", "Asia/Shanghai")
    for place, last, number in (
        ("CN", "honest", "12378"),
        ("US", "send_to", "consumerfinance.gov/complaint"),
    ):
        asked = {**record, "person": {**record["person"], "place": place}}
        rows = evidence_form.rows(asked, words, "Sample Lending", "ab", {"receipts": 1, "statements": 1})
        known = dict(rows)
        assert rows[-1][0] == words.of("form_row", last)
        assert number in known[words.of("form_row", "send_to")]
        assert "partly upheld" in known[words.of("form_row", "before")]
        assert evidence_world.SAID in known[words.of("form_row", "own_words")]
        assert known[words.of("form_row", "wants" if place == "CN" else "resolution")] == ""


def _json(change: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, bytes]], None]:
    """Change the record and put its line in the manifest right, as a forger would."""

    def forge(files: dict[str, bytes]) -> None:
        record = json.loads(files["evidence.json"])
        change(record)
        old = hashlib.sha256(files["evidence.json"]).hexdigest()
        files["evidence.json"] = json.dumps(record, ensure_ascii=False).encode()
        new = hashlib.sha256(files["evidence.json"]).hexdigest()
        files["MANIFEST.sha256"] = files["MANIFEST.sha256"].replace(old.encode(), new.encode())

    return forge


def _other_answer(record: dict[str, Any]) -> None:
    next(one for one in record["concerns"] if one["answer"]).update(answer="not_upheld")


def _drop_a_receipt(files: dict[str, bytes]) -> None:
    name = next(one for one in files if "request_contact" in one)
    raw = files.pop(name)
    line = f"{hashlib.sha256(raw).hexdigest()}  {name}\n".encode()
    files["MANIFEST.sha256"] = files["MANIFEST.sha256"].replace(line, b"")


FORGERIES: dict[str, tuple[Callable[[dict[str, bytes]], None], str]] = {
    "file": (lambda files: files.update({"evidence.pdf": b"%PDF-other"}), "evidence.pdf: was changed"),
    "more": (lambda files: files.update({"extra.txt": b""}), "extra.txt: is not in the manifest"),
    "less": (lambda files: bool(files.pop("amounts.csv")) and None, "amounts.csv: is missing"),
    "verdict": (
        _json(lambda record: record["contacts"][0].update(verdict="refused")),
        "verdict is not what the log says",
    ),
    "certificate": (
        _json(lambda record: record["contacts"][1]["certificate"].update(earliest="x")),
        "certificate is not what the log says",
    ),
    "message": (
        _json(lambda record: record["contacts"][0]["message"].update(body="pay now")),
        "message is not what the log says",
    ),
    "gone": (_json(lambda record: bool(record["contacts"].pop(0)) and None), "is not in evidence.json"),
    "amount": (
        _json(lambda record: record["loans"][0]["payments"][0].update(amount_minor=1)),
        "amount_minor is not what the log says",
    ),
    "answer": (
        _json(_other_answer),
        "answer is not what the log says",
    ),
    "wish": (
        _json(lambda record: record["wishes"][0].update(channel="sms")),
        "channel is not what the log says",
    ),
    "no wish": (_json(lambda record: record["wishes"].clear()), "is not in evidence.json"),
    "receipt": (_drop_a_receipt, "no receipt proves it"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_the_verifier_tells_a_forged_pack(name: str) -> None:
    files = sound(evidence_world.CHINA, "lawyer", "zh-hans")
    assert verifier.check_pack(files)[0] == []
    forge, says = FORGERIES[name]
    forge(files)
    faults = verifier.check_pack(files)[0]
    assert any(says in fault for fault in faults), faults


def test_what_waits_for_the_seal_is_said_and_is_no_fault(wang: Life) -> None:
    owner, running = wang
    running.advance(timedelta(hours=1))
    with clock.use(running):
        request_contact(
            borrower_id=owner.public_id,
            channel="sms",
            purpose="collection",
            point_id=owner.contact_points.get(kind="mobile").public_id,
            loan_ids=(),
            template="cn-reminder-sms",
            actor="test",
        )
    faults, told = verifier.check_pack(built(wang, "borrower"))
    assert (faults, told[-1]) == ([], "not sealed yet: 1")


def test_a_text_that_had_its_time_is_said_to_be_gone(wang: Life) -> None:
    from lenity.records import encrypted
    from lenity.records.debt_collection.models import OutboxMessage

    OutboxMessage.objects.update(body_sealed=encrypted.GONE)
    files = built(wang, "lawyer")
    messages = [one["message"] for one in json.loads(files["evidence.json"])["contacts"] if one["message"]]
    assert messages
    assert all(one["is_gone"] and one["digest"] and not one["body"] for one in messages)
    assert verifier.check_pack(files)[0] == []


def test_an_agreement_is_held_against_its_text_its_signature_and_its_event() -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    text = {"currency": "CNY", "total_minor": 900, "more_minor": 0, "new": [["2026-12-01", 900]], "old": []}
    digest = verifier.canonical_digest(text)
    sound = {
        **text,
        "id": "A1",
        "text": text,
        "digest": digest,
        "signature": key.sign(f"lenity agreement\n{digest}\n".encode()).hex(),
        "public_key": key.public_key().public_bytes_raw().hex(),
    }
    body = json.dumps({"signed": True, "digest": digest})
    event = {"operation": "sign_plan", "subject_kind": "agreement", "subject_id": "A1", "body": body}

    def faults(*rows: dict[str, Any]) -> list[str]:
        empty: dict[str, Any] = {"contacts": [], "concerns": [], "loans": [], "wishes": []}
        return verifier.Rows({"audience": "lawyer", **empty, "agreements": list(rows)}).compare(event)

    assert faults(sound) == []
    assert faults({**sound, "text": {}}) == []
    assert faults() == ["agreement A1 is not in evidence.json"]
    for name, wrong in (("new", [["2027-12-01", 900]]), ("total_minor", 1), ("signature", "00" * 64)):
        assert faults({**sound, name: wrong}) == [f"agreement A1: {name} is not what the log says"]
    assert "agreement A1: text is not what the log says" in faults(
        {**sound, "text": {**text, "more_minor": 5}}
    )
    assert "agreement A1: digest is not what the log says" in faults({**sound, "digest": "00"})


@pytest.mark.parametrize(
    ("body", "since", "ended", "holds"),
    [
        ({"kind": "cease", "on": True, "changed": True}, "T1", "", True),
        ({"kind": "cease", "on": True, "changed": True}, "T0", "", False),
        ({"kind": "cease", "on": False, "changed": True}, "T0", "T1", True),
        ({"kind": "cease", "on": False, "changed": True}, "T0", "", False),
        ({"kind": "cease", "on": True, "changed": False}, "T0", "", True),
        ({"kind": "quiet_hours", "revoked": "W1"}, "T0", "T1", True),
        ({"kind": "quiet_hours", "revoked": "W1"}, "T0", "", False),
    ],
)
def test_a_wish_that_was_switched_is_looked_for_at_its_instant(
    body: dict[str, Any], since: str, ended: str, holds: bool
) -> None:
    row = {"id": "W1", "kind": body["kind"], "channel": "", "since": since, "taken_back_at": ended}
    empty: dict[str, Any] = {"contacts": [], "concerns": [], "loans": [], "agreements": []}
    rows = verifier.Rows({"audience": "lawyer", **empty, "wishes": [row]})
    event = {"operation": "set_wish", "subject_kind": "preference", "subject_id": "B1", "happened_at": "T1"}
    assert (rows.compare({**event, "body": json.dumps(body)}) == []) is holds


def test_a_number_in_a_chinese_sentence_ends_no_line() -> None:
    from fpdf.enums import MethodReturnValue

    from lenity.interfaces.shared.evidence_page import Page

    page = Page(header="", digest="", footer="{page}{pages}")
    page.add_page()
    page.type(9)
    says = "每 7 天的打扰点数有上限，您可以调低；晚间联系更打扰，点数更高（信函除外）。"
    lines = page.multi_cell(60, 5, says, dry_run=True, output=MethodReturnValue.LINES)
    page.output()  # which closes the font's file
    assert len(lines) > 1
    assert min(map(len, lines[:-1])) > 12, lines
