"""A book by page and by command: looked at first, imported by a second click bound to the same bytes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from typer.testing import CliRunner

from lenity.base.outcomes import InputRefused
from lenity.domain.lending import book_mapping
from lenity.gateways import book_file, clock
from lenity.interfaces.cli import main
from lenity.interfaces.shared import security
from lenity.operations.stage_book import stage_book
from lenity.records import staged
from lenity.records.audit.models import AuditEvent
from lenity.records.lending.models import Loan
from tests import factories, world
from tests.operations.test_import_book import AS_OF, MAPPING, TEXT, _rows

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def now() -> Iterator[clock.ManualClock]:
    moving = clock.ManualClock(factories.MORNING)
    for one in staged.folder().iterdir():
        one.unlink()
    with clock.use(moving):
        yield moving


@pytest.fixture
def client() -> Client:
    made = world.as_staff("operations", name="li")
    made.cookies["django_language"] = "en"
    return made


def content(rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def send(client: Client, raw: bytes, **more: Any) -> Any:
    form = {"file": SimpleUploadedFile("book.csv", raw), "as_of": "2026-10-31", "mapping": "taiwan_card"}
    return client.post("/operations/book/", form | more)


def stage(raw: bytes, mapping: str = TEXT) -> str:
    return stage_book(chunks=[raw], name="book.csv", mapping=mapping, as_of=AS_OF, actor="test")


def test_a_good_book_is_looked_at_then_imported_once(client: Client) -> None:
    rows = _rows(12)
    raw = content(rows)
    place = send(client, raw)["Location"]
    text = client.get(place).content.decode()
    assert "Import 12 loans" in text
    assert not Loan.objects.exists(), "looking books nothing"
    assert rows[0]["name"].encode() not in b"".join(one.read_bytes() for one in staged.folder().iterdir())
    assert client.post(place, {"digest": "0" * 64}).status_code == 422
    assert client.post(place, {}).status_code == 422
    found = staged.book(place.split("/")[-2], clock.now())
    assert found is not None
    assert client.post(place, {"digest": found.digest})["Location"] == "/operations/book/"
    assert Loan.objects.count() == 12
    assert client.get(place).status_code == 404
    assert list(staged.folder().iterdir()) == [], "nothing of it is left"
    again = send(client, raw)
    assert again.status_code == 422
    assert "This file was imported already." in again.content.decode()
    events = AuditEvent.objects.filter(operation__in=("stage_book", "import_book"))
    assert list(events.order_by("id").values_list("operation", flat=True)) == ["stage_book", "import_book"]


def test_every_refused_line_is_told_and_nothing_can_be_imported(client: Client) -> None:
    rows = _rows(40)
    for row in rows[:35]:
        row["LIMIT_BAL"] = "-1"
    rows[36]["name"] = "=HYPERLINK(1)"
    rows[37]["account"] = rows[39]["account"]
    raw = content(rows) + b"one,two\n" + content(rows[:1]).splitlines()[1].replace(b"LN", b"\x00") + b"\n"
    place = send(client, raw)["Location"]
    text = client.get(place).content.decode()
    assert "It cannot be imported yet" in text
    assert "Import 1 loan" not in text
    answer = client.get(f"{place}refused.csv")
    assert answer["Cache-Control"] == "no-store"
    told = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [one["line"] for one in told] == [*map(str, range(2, 37)), "38", "41", "42", "43"]
    assert {one["code"] for one in told} == {
        "book.credit_limit",
        "book.name",
        "book.account_number",
        "book.ragged",
        "book.binary",
    }
    found = staged.book(place.split("/")[-2], clock.now())
    assert found is not None
    assert client.post(place, {"digest": found.digest}).status_code == 422
    assert not Loan.objects.exists()


def test_sums_are_those_of_the_rows() -> None:
    rows = _rows(30)
    for row in rows:
        row["currency"] = "CNY"
    rows[0]["BILL_AMT1"], rows[1]["BILL_AMT1"] = "-50.25", "0"
    found = staged.book(stage(content(rows)), clock.now())
    assert found is not None
    cents = [round(float(row["BILL_AMT1"]) * 100) for row in rows]
    totals = found.result["totals"]
    assert totals["owed_minor"]["CNY"] == sum(one for one in cents if one > 0)
    assert totals["credit_minor"]["CNY"] == 5_025
    assert totals["balance_minor"]["CNY"] == sum(cents)
    assert totals["limit_minor"]["CNY"] == sum(round(float(row["LIMIT_BAL"]) * 100) for row in rows)


WIDE = ",".join(f"c{n}" for n in range(10_000)).encode() + b"\n"
HOSTILE = [
    ("packed", b"PK\x03\x04" + b"0" * 99, "ZIP"),
    ("gzip", b"\x1f\x8b" + b"0" * 99, "gzip"),
    ("empty", b"", "empty"),
    ("ten thousand columns", WIDE, "10,000 columns"),
    ("one endless line", b"a" * (book_file.LONGEST_LINE + 5), "signs or more"),
    ("one endless cell", b'"' + b"a,\n" * 60_000, "cannot be read as CSV"),
    ("another encoding", "账号\n".encode("gb18030"), "not utf-8"),
    ("UTF-16", "account\n".encode("utf-16"), "not utf-8"),
]


@pytest.mark.parametrize(("name", "raw", "says"), HOSTILE, ids=[one[0] for one in HOSTILE])
def test_what_is_no_book_is_refused_and_not_kept(name: str, raw: bytes, says: str) -> None:
    with pytest.raises(InputRefused, match=says):
        stage(raw)
    assert list(staged.folder().iterdir()) == []


BROKEN = [
    ('name = "x"\ncolumns = "y"\nhistory = 1\nvalues = 2\ndue = 3', "columns must be a table"),
    (
        TEXT.replace('account_number = "account"', "account_number = 5"),
        "columns.account_number must be a text",
    ),
    (TEXT.replace('delimiter = ","', 'delimiter = ",,"'), "delimiter must be one sign"),
    (TEXT.replace('"8" = 8', '"8" = "eight"'), "months_late"),
    (TEXT.replace('"8" = 8', '"8" = -1'), "months_late"),
    (TEXT.replace('status = "PAY_0", ', ""), "needs a status"),
    ("a" * (book_mapping.LONGEST_MAPPING + 1), "at most 100,000 signs"),
    ("a = " + "[" * 20_000, "not TOML"),
]


@pytest.mark.parametrize(("text", "says"), BROKEN)
def test_a_mapping_from_elsewhere_can_do_no_harm(text: str, says: str) -> None:
    with pytest.raises(InputRefused, match=says):
        book_mapping.read(text)


def test_an_own_mapping_is_used_and_a_broken_one_is_told(client: Client) -> None:
    raw = content(_rows(3)).replace(b"LIMIT_BAL", b"LIMIT")
    own = SimpleUploadedFile("own.toml", TEXT.replace("LIMIT_BAL", "LIMIT").encode())
    assert send(client, raw, mapping="own", own=own).status_code == 302
    for name, wrong in (("own", b"\xff\xfe"), ("own", b"name = 1"), ("nobody", b"")):
        answer = send(client, raw, mapping=name, own=SimpleUploadedFile("own.toml", wrong or b"x"))
        assert answer.status_code == 422, wrong
    assert send(client, raw, as_of="2026-10-30").status_code == 422, "not the end of a month"
    assert client.post("/operations/book/", {}).status_code == 422


def test_a_staged_book_lasts_a_day_and_is_nobodys_path(client: Client, now: clock.ManualClock) -> None:
    place = f"/operations/book/{stage(content(_rows(2)))}/"
    assert client.get(place).status_code == 200
    assert client.get("/operations/book/..%2Fkeys/").status_code == 404
    assert staged.book("../keys/field-1", clock.now()) is None
    now.advance(staged.LIFE)
    assert staged.book(place.split("/")[-2], clock.now()) is None


def test_too_much_is_refused_before_it_is_read(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(security.MOST_STAFF_BYTES, "/operations/book/", 2_000)
    assert send(client, b"a" * 3_000).status_code == 413
    monkeypatch.setattr(security, "MOST_BYTES", 1_000)
    for path in ("/operations/book/", "/verify/", "/api/v1/payments"):
        assert Client().post(path, {"words": "x" * 2_000}).status_code == 413, path


def test_the_command_says_the_same(tmp_path: Path) -> None:
    rows = _rows(5)
    rows[2]["billing_day"] = "32"
    file, refused = tmp_path / "book.csv", tmp_path / "refused.csv"
    file.write_bytes(content(rows))
    words = ["import", "book", str(file), "--mapping", "taiwan_card", "--as-of", "2026-10-31", "--dry-run"]
    done = CliRunner().invoke(main.build(), [*words, "--refused", str(refused), "--json"])
    assert done.exit_code == 2
    told = json.loads(done.stdout)
    assert (told["totals"]["loans"], told["refused_lines"]) == (4, 1)
    assert "book.billing_day" in refused.read_text("utf-8")
    rows[2]["billing_day"] = "31"
    file.write_bytes(content(rows))
    done = CliRunner().invoke(main.build(), words)
    assert (done.exit_code, done.stdout[:27]) == (0, "5 loans could come in, 0 li")
    assert not Loan.objects.exists()
    assert list(staged.folder().iterdir()) == []
    assert MAPPING.name in TEXT
