"""An evidence pack opens, adds up, checks with its own verifier, and tells a regulator no name or number."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from lenity.gateways import clock
from lenity.interfaces.shared import evidence_pack
from lenity.operations.raise_concern import raise_concern
from lenity.operations.request_contact import request_contact
from lenity.operations.seal_evidence import seal_evidence
from lenity.records.debt_collection import concern_queries
from lenity.records.people.models import Borrower
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def contacted() -> Borrower:
    owner = factories.borrower()
    point = factories.contact_point(owner)
    loan = factories.late_loan(owner)
    running = clock.ManualClock(factories.MORNING)
    with clock.use(running):
        for _ in range(4):
            request_contact(
                borrower_id=owner.public_id,
                channel="sms",
                purpose="collection",
                point_id=point.public_id,
                loan_ids=(loan.public_id,),
                template="cn-reminder-sms",
                actor="test",
            )
            running.advance(timedelta(hours=1))
        seal_evidence(actor="test")
    return owner


def opened(owner: Borrower, audience: str, language: str = "zh-hans") -> zipfile.ZipFile:
    raw = evidence_pack.build(
        owner.public_id,
        audience=audience,
        language=language,
        lender="样例小贷",
        on_date=factories.MORNING.date(),
    )
    return zipfile.ZipFile(io.BytesIO(raw))


def test_a_pack_checks_without_us(tmp_path: Path) -> None:
    pack = opened(contacted(), "borrower")
    rows = list(csv.DictReader(io.StringIO(pack.read("contacts.csv").decode("utf-8-sig"))))
    whole = json.loads(pack.read("contacts.json"))
    assert len(rows) == len(whole) == 4
    assert {row["verdict"] for row in rows} >= {"allowed", "deferred"}
    assert all(one["in_words"]["zh-hans"] and one["in_words"]["en"] for one in whole)
    receipts = [name for name in pack.namelist() if name.startswith("receipts/")]
    assert len(receipts) == 4
    pack.extractall(tmp_path)
    for name in receipts:
        done = subprocess.run(
            [sys.executable, "verifier.py", name], cwd=tmp_path, check=False, capture_output=True
        )
        assert done.returncode == 0, done.stdout
    assert pack.read("contacts.pdf").startswith(b"%PDF-")
    assert any(name.startswith("statements/") for name in pack.namelist())


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_regulator_sees_no_name_number_or_account(language: str) -> None:
    owner = contacted()
    pack = opened(owner, "regulator", language)
    text = b"".join(pack.read(name) for name in pack.namelist() if not name.endswith(".pdf")).decode()
    account = owner.loans.get().account_number
    for secret in ("王小明", "13800138000", "138****", account):
        assert secret not in text
    assert not any(name.startswith("statements/") for name in pack.namelist())


def test_the_manifest_names_each_file_with_its_digest() -> None:
    pack = opened(contacted(), "lawyer")
    lines = pack.read("MANIFEST.sha256").decode().splitlines()
    listed = {line[66:]: line[:64] for line in lines}
    assert set(listed) == set(pack.namelist()) - {"MANIFEST.sha256"}
    for name, digest in listed.items():
        assert hashlib.sha256(pack.read(name)).hexdigest() == digest


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "已经还款"), ("en", "already paid")])
def test_the_paper_tells_what_was_raised_and_by_when_an_answer_is_due(language: str, said: str) -> None:
    owner = contacted()
    with clock.use(clock.ManualClock(factories.MORNING)):
        raise_concern(borrower_id=owner.public_id, about="already_paid", actor="borrower")
    concerns = concern_queries.concerns_of(owner.public_id, factories.MORNING.date())
    [line] = evidence_pack.raised(concerns, language)
    assert line.startswith("2026-11-24 10:12 +0800  " + said)
    assert concerns[0].answer_by.isoformat() in line
    assert evidence_pack.raised([], language) == [evidence_pack.WORDS[language]["none"]]
