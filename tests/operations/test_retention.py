"""What has had its time goes, what the law or a hold keeps does not, and the evidence log still verifies."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from lenity.domain.evidence import retention
from lenity.gateways import clock
from lenity.interfaces.cli.main import build
from lenity.law import reader
from lenity.operations.end_hold import end_hold
from lenity.operations.erase_expired import erase_expired
from lenity.operations.open_hold import open_hold
from lenity.operations.seal_evidence import seal_evidence
from lenity.records import encrypted
from lenity.records.audit import queries as audit
from lenity.records.audit.models import AuditEvent
from lenity.records.debt_collection.models import Contact, Hold, OutboxMessage
from lenity.records.delinquency.models import LoanPosition
from lenity.records.keys import queries as keys
from lenity.records.keys import retention_queries
from lenity.records.lending import change_queries
from lenity.records.lending.models import LoanFact
from lenity.records.people import queries as people
from lenity.records.people.models import Borrower, ContactPoint, SignInCode
from tests import factories, world

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
YEARS = 5
CN = reader.rulebook("CN")


@pytest.fixture
def wang(now: clock.ManualClock, settings: Any, tmp_path: Path) -> Borrower:
    """Everything between her and the lender is settled; her complaint was answered."""
    settings.LENITY_CHECKPOINT_DIR = tmp_path
    filled = world.build()
    settle(filled.wang)
    place = {"table": "people_borrower", "column": "identity_number", "row": filled.wang.public_id}
    sealed = encrypted.seal("11010119900307109X", **place)
    Borrower.objects.filter(pk=filled.wang.pk).update(identity_number_sealed=sealed, identity_index="x")
    filled.wang.refresh_from_db()
    return filled.wang


def settle(owner: Borrower) -> None:
    for hold in Hold.objects.filter(borrower=owner, end__isnull=True):
        end_hold(hold_id=hold.public_id, reason="answered", actor="test")
    LoanPosition.objects.filter(loan__borrower=owner).update(balance_minor=0, overdue_minor=0)


def years_later(now: clock.ManualClock, years: int, days: int = 0) -> None:
    then = factories.MORNING.replace(year=factories.MORNING.year + years) + timedelta(days=days)
    now.advance(then - now.now())


def everything() -> list[str]:
    gone = []
    while chunk := erase_expired(actor="test", rows=3):
        gone.append(f"{chunk.table}.{chunk.column}")
    return gone


def test_every_sealed_column_has_its_kind_or_says_why_it_has_none() -> None:
    named = {
        f"{part.model.lower().replace('.', '_')}.{part.column.removesuffix('_sealed')}"
        for parts in retention_queries.PARTS.values()
        for part in parts
        if part.column
    }
    sealed = {f"{one.table}.{one.column}" for one in keys.columns()}
    assert sealed - named == set(retention_queries.NEVER)
    assert named <= sealed


def test_each_kind_of_the_rule_has_its_columns_or_stays() -> None:
    for place in ("CN", "US", "HK"):
        for kind in retention.kinds(reader.rulebook(place), date(2026, 11, 25)):
            assert kind.goes == (kind.name in retention_queries.PARTS), (place, kind.name)
            assert kind.basis or not kind.goes, (place, kind.name)


@pytest.mark.parametrize(
    ("place", "law", "key"),
    [("CN", "CN-XJGS-RETAIN", "years"), ("CN", "CN-XYK-68", "retention_years"), ("US", "US-RF-100", "years")],
)
def test_no_period_is_shorter_than_the_least_of_the_law(place: str, law: str, key: str) -> None:
    book, day = reader.rulebook(place), date(2026, 11, 25)
    kinds = {one.name: one for one in retention.kinds(book, day)}
    least = book.value(law, day)[key]
    assert kinds["messages"].years >= least
    assert kinds["person"].years >= least
    assert kinds["messages"].after_end == (place == "US"), "the American years begin with the last activity"


def test_nothing_goes_a_day_early_and_everything_of_a_person_on_the_day(
    wang: Borrower, now: clock.ManualClock
) -> None:
    years_later(now, YEARS)
    assert "people_borrower.name" not in everything()
    years_later(now, YEARS, 1)
    gone = everything()
    assert {"people_borrower.name", "people_borrower.identity_number", "people_contactpoint.value"} <= set(
        gone
    )
    wang.refresh_from_db()
    assert (wang.name_sealed, wang.identity_index) == (encrypted.GONE, "")
    assert (people.name_of(wang), people.identity_number_of(wang), people.birth_date_of(wang)) == (
        "",
        "",
        None,
    )
    point = ContactPoint.objects.get(borrower=wang)
    assert (point.value_sealed, point.value_index, point.mask) == (encrypted.GONE, "", "***")
    bodies = OutboxMessage.objects.filter(contact__borrower=wang)
    assert {one.body_sealed for one in bodies} == {encrypted.GONE}
    assert all(one.body_hash for one in bodies), "the digest stays"
    assert everything() == []


def test_the_log_verifies_before_and_after_and_pages_still_open(
    wang: Borrower, now: clock.ManualClock
) -> None:
    contact = Contact.objects.filter(borrower=wang, verdict="allowed").first()
    assert contact is not None
    before = audit.receipt(contact.public_id)
    years_later(now, YEARS, 1)
    assert everything()
    seal_evidence(actor="test")
    assert audit.verify().faults == []
    assert audit.receipt(contact.public_id)["event"] == before["event"]
    bodies = [one.body for one in AuditEvent.objects.filter(operation="erase_expired")]
    assert bodies
    assert not any(wang.public_id in one for one in bodies)
    client = world.as_staff("compliance", name="chen")
    for path in (
        "/compliance/",
        "/compliance/stops/",
        "/concerns/",
        f"/concerns/{wang.holds.first().public_id}/",
    ):
        assert client.get(path).status_code == 200, path


def hold(owner: Borrower, kind: str) -> None:
    open_hold(borrower_id=owner.public_id, kind=kind, actor="test")


def request(owner: Borrower, kind: str) -> None:
    from lenity.operations.request_data import request_data

    request_data(borrower_id=owner.public_id, kind="correction", words="wrong day", actor="borrower")


def balance(owner: Borrower, kind: str) -> None:
    LoanPosition.objects.filter(loan__borrower=owner).update(balance_minor=1)


def unseen(owner: Borrower, kind: str) -> None:
    LoanPosition.objects.filter(loan__borrower=owner).delete()


def charged_off(owner: Borrower, kind: str) -> None:
    loan = owner.loans.latest("pk")
    content = change_queries.content(loan, "write_off", 0, factories.MORNING.date())
    factories.agreed("write_off", loan.public_id, content)
    settle(owner)
    assert LoanFact.objects.filter(kind="charge_off").exists()


@pytest.mark.parametrize(
    ("keep", "kind"),
    [
        (hold, "litigation"),
        (hold, "preservation"),
        (hold, "dispute"),
        (hold, "bankruptcy"),
        (request, ""),
        (balance, ""),
        (unseen, ""),
        (charged_off, ""),
    ],
)
def test_a_hold_a_dispute_a_request_or_a_debt_keeps_everything_of_a_person(
    wang: Borrower, now: clock.ManualClock, keep: Any, kind: str
) -> None:
    keep(wang, kind)
    years_later(now, 30)
    everything()
    wang.refresh_from_db()
    assert people.name_of(wang) == "王小明"


def test_what_happened_later_begins_the_years_anew(wang: Borrower, now: clock.ManualClock) -> None:
    years_later(now, 3)
    held = open_hold(borrower_id=wang.public_id, kind="complaint", actor="test")
    end_hold(hold_id=held.public_id, reason="answered", actor="test")
    years_later(now, YEARS, 1)
    everything()
    wang.refresh_from_db()
    assert people.name_of(wang) == "王小明"
    years_later(now, 3 + YEARS, 1)
    everything()
    wang.refresh_from_db()
    assert people.name_of(wang) == ""


def test_codes_for_unknown_numbers_go_after_thirty_days(wang: Borrower, now: clock.ManualClock) -> None:
    for number, purpose in enumerate(("sign_in", "sign_plan")):
        SignInCode.objects.create(
            request_id=f"R{number}", phone_index="x", purpose=purpose, code_hash="h", created_at=clock.now(),
            expires_at=clock.now(), from_address="10.0.0.1",
        )  # fmt: skip
    today = clock.business_day("CN")
    then = datetime.combine(today + timedelta(days=30), datetime.min.time(), retention_queries.HOME)
    now.advance(then - now.now())
    everything()
    assert SignInCode.objects.count() == 2, "the last day on which it is kept"
    now.advance(timedelta(days=1))
    everything()
    assert SignInCode.objects.get().purpose == "sign_plan"


def test_a_retired_number_goes_and_its_fingerprint_stays(wang: Borrower, now: clock.ManualClock) -> None:
    point = ContactPoint.objects.get(borrower=wang)
    ContactPoint.objects.filter(pk=point.pk).update(retired_at=clock.now(), retired_reason="wrong_person")
    now.advance(timedelta(days=91))
    assert "people_contactpoint.value" in everything()
    after = ContactPoint.objects.get(pk=point.pk)
    assert (after.value_sealed, after.value_index, after.mask) == (
        encrypted.GONE,
        point.value_index,
        point.mask,
    )


def test_a_fault_undoes_the_chunk_and_the_guards_are_back(
    wang: Borrower, now: clock.ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import DatabaseError, transaction

    from lenity.operations import unit

    years_later(now, YEARS, 1)
    monkeypatch.setattr(unit.audit_writes, "append_many", lambda events: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        erase_expired(actor="test")
    monkeypatch.undo()
    wang.refresh_from_db()
    assert people.name_of(wang) == "王小明"
    everything()
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEvent.objects.update(actor="x")


def test_the_command_says_what_may_go_and_why_and_changes_nothing(
    wang: Borrower, now: clock.ManualClock
) -> None:
    years_later(now, YEARS, 1)
    dry = json.loads(CliRunner().invoke(build(), ["records", "retention", "--dry-run"]).stdout)
    mine = [one for one in dry["may_go"] if (one["table"], one["column"]) == ("people_borrower", "name")]
    assert [(one["rows"], one["place"]) for one in mine] == [(1, "CN")]
    assert {"CN-XJGS-RETAIN", "CN-PIPL-19"} <= {why["id"] for why in mine[0]["why"]}
    assert dry["people_kept_by_a_hold"] == 0, "the other borrower still owes"
    wang.refresh_from_db()
    assert people.name_of(wang) == "王小明"
    kept = CliRunner().invoke(build(), ["records", "preserve", wang.public_id, "--reason", "court 12"])
    again = json.loads(CliRunner().invoke(build(), ["records", "retention"]).stdout)
    assert "person: people_borrower.name" not in again["gone"]
    number = json.loads(kept.stdout)["hold"]
    assert CliRunner().invoke(build(), ["records", "release", number, "--reason", "over"]).exit_code == 0


def test_her_data_page_tells_what_is_kept_how_long_and_why(wang: Borrower) -> None:
    page = world.as_borrower(wang).get("/data/").content.decode()
    for kind in retention_queries.keeping("CN", clock.business_day("CN")):
        assert kind.says["zh"] in page
    assert "5 年" in page
