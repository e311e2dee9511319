"""A row that is changed, removed or slipped in behind its event's back is told, with table and id."""

from __future__ import annotations

import json
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from django.apps import apps
from django.db import DatabaseError, connection
from hypothesis import given, settings
from hypothesis import strategies as st

from lenity.domain.servicing.relief import Kind
from lenity.domain.servicing.terms import Terms
from lenity.gateways import clock
from lenity.operations import unit
from lenity.operations.charge import charge
from lenity.operations.import_book import import_book
from lenity.operations.prepay import prepay
from lenity.operations.take_payment import take_payment
from lenity.records import witness
from lenity.records.audit import queries
from lenity.records.audit.models import AuditEvent
from lenity.records.people.models import Borrower
from tests import evidence_world, factories
from tests.factories import disburse
from tests.operations import test_import_book as books
from tests.records.test_audit import _sql

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def wang() -> Borrower:
    return evidence_world.life()[0]


def faults() -> list[str]:
    return queries.verify(None).faults


CHANGES = {
    "debt_collection_contact": "requested_by = 'somebody'",
    "debt_collection_gatedecision": "leading_provision = 'HOUSE-PURPOSE'",
    "debt_collection_outboxmessage": "body_hash = 'ab'",
    "debt_collection_contactoutcome": "outcome = 'no_answer'",
    "debt_collection_contactnote": "public_id = 'other'",
    "debt_collection_hold": "kind = 'promise'",
    "debt_collection_holdend": "reason = 'upheld'",
    "people_preference": "channel = 'sms'",
    "arrangements_concernnote": "public_id = 'other'",
    "arrangements_toldcontact": "channel = 'sms'",
    "lending_payment": "amount_minor = amount_minor - 1",
    "ledger_ledgertransaction": "value_date = '2020-01-01'",
    "ledger_posting": "amount_minor = amount_minor - 1",
}


def test_what_nobody_touched_holds(wang: Borrower) -> None:
    report = queries.verify(None)
    assert report.faults == []
    assert report.rows > 30


@pytest.mark.parametrize("table", CHANGES)
def test_a_changed_row_is_told_with_table_and_id(wang: Borrower, table: str) -> None:
    model = witness.model_of(table)
    assert model is not None
    row = model._default_manager.order_by("-pk").first()
    assert row is not None, f"nothing was written to {table}"
    assert row._meta.pk is not None
    key = row._meta.pk.column
    _sql(f"UPDATE {table} SET {CHANGES[table]} WHERE {key} = {row.pk}")
    found = faults()
    assert any(fault.startswith(f"{table} {row.pk} was changed") for fault in found), found
    assert len(found) == 1, found


def test_a_removed_row_is_told(wang: Borrower) -> None:
    row = apps.get_model("people.Preference")._default_manager.get()
    _sql(f"DELETE FROM people_preference WHERE id = {row.pk}")
    assert [fault.split(" behind")[0] for fault in faults()] == [f"people_preference {row.pk} is gone"]


def test_a_row_that_no_event_wrote_is_told(wang: Borrower) -> None:
    """A consent that the borrower never gave."""
    model = apps.get_model("people.Preference")
    row = model._default_manager.get()
    forged = model._default_manager.create(
        public_id="FORGED",
        borrower=wang,
        kind="hours_consent",
        recorded_at=row.recorded_at,
        recorded_by="borrower",
    )
    assert faults() == [f"people_preference {forged.pk} is in no event: it was slipped in"]


def test_an_event_that_waits_for_its_seal_answers_for_its_rows_too() -> None:
    """A loan paid out, a payment, a fee and a prepayment, of which nothing is sealed yet."""
    with clock.use(clock.ManualClock(factories.MORNING)):
        loan = disburse(
            borrower_id=factories.borrower().public_id,
            account_number="A-1",
            product="instalment",
            terms=Terms("CNY", 1_200_000, Fraction(12, 100), factories.MORNING.date(), 12),
            actor="test",
        )
        known = {"loan_id": loan.public_id, "currency": "CNY", "actor": "test"}
        charge(component="fee", amount_minor=500, reason="card", key="1", **known)
        today = factories.MORNING.date()
        take_payment(amount_minor=60_000, value_date=today, source="t", source_id="1", **known)
        prepay(kind=Kind.SHORTER_TERM, amount_minor=300_000, key="2", **known)
    assert faults() == []
    _sql("UPDATE lending_loanfact SET amount_minor = 400 WHERE kind = 'charge'")
    _sql("UPDATE lending_instalment SET interest_minor = 1 WHERE number = 3")
    found = faults()
    assert sum(fault.startswith("lending_loanfact ") for fault in found) == 1
    versions = apps.get_model("lending.ScheduleVersion")._default_manager.count()
    assert sum(fault.startswith("lending_instalment ") for fault in found) == versions, "the very rows"
    assert len(found) == 1 + versions


def test_a_book_answers_for_all_its_rows(tmp_path: Path) -> None:
    with clock.use(clock.ManualClock(factories.MORNING)):
        import_book(
            file=books._file(tmp_path, books._rows(30)),
            mapping=books.MAPPING,
            as_of=books.AS_OF,
            actor="test",
        )
    report = queries.verify(None)
    assert report.faults == []
    tables = ("lending.Loan", "lending.LoanMonth", "lending.Instalment", "ledger.Posting")
    assert report.rows >= sum(apps.get_model(name)._default_manager.count() for name in tables)
    month = apps.get_model("lending.LoanMonth")._default_manager.order_by("pk")[50]
    _sql(f"UPDATE lending_loanmonth SET months_late = 9 WHERE id = {month.pk}")
    [fault] = faults()
    assert fault.startswith(f"lending_loanmonth {month.pk} was changed")


def test_a_row_that_was_moved_is_told_at_both_places(wang: Borrower) -> None:
    first = apps.get_model("people.Preference")._default_manager.get()
    _sql(f"UPDATE people_preference SET id = {first.pk + 100} WHERE id = {first.pk}")
    assert sorted(faults()) == sorted(
        (
            f"people_preference {first.pk + 100} is in no event: it was slipped in",
            next(one for one in faults() if f"people_preference {first.pk} is gone" in one),
        )
    )


def test_rows_from_before_events_named_them_are_not_judged() -> None:
    owner = factories.borrower()
    model = apps.get_model("people.Preference")
    model._default_manager.create(
        public_id="OLD", borrower=owner, kind="cease", recorded_at=factories.MORNING, recorded_by="borrower"
    )
    evidence_world.life()
    assert faults() == []


def test_an_event_that_names_nonsense_is_told() -> None:
    with clock.use(clock.ManualClock(factories.MORNING)), unit.of_work(operation="t", actor="t") as work:
        rows = {"auth_user": {"1": "ab"}, "people_preference": {"9-1": "ab", "x": "ab"}}
        work.record(subject_kind="t", subject_id="t", body={"rows": rows})
    assert len(faults()) == 3


@settings(max_examples=60, deadline=None)
@given(st.sets(st.integers(1, 400), min_size=1), st.data())
def test_runs_cover_every_row_once_and_find_the_one_that_changed(ids: set[int], data: st.DataObject) -> None:
    texts = {pk: f"row {pk}" for pk in ids}
    runs = witness._runs(texts)
    assert sorted(pk for run in runs for pk in witness.ids_of(run)) == sorted(ids)
    assert all(witness.changed(run, digest, texts) == [] for run, digest in runs.items())
    other = data.draw(st.sampled_from(sorted(ids)))
    told = [pk for run, one in runs.items() for pk in witness.changed(run, one, {**texts, other: "changed"})]
    assert told == [other]


def test_a_row_is_the_same_text_from_values_and_from_the_database(wang: Borrower) -> None:
    """What an event says was digested before the row was written; each table is read back here."""
    seen = {table for event in AuditEvent.objects.all() for table in json.loads(event.body).get("rows", {})}
    assert set(CHANGES) <= seen


def test_a_row_that_is_older_than_its_event_is_told(wang: Borrower) -> None:
    """Written through the code, with a time of somebody's choice."""
    late = factories.MORNING + timedelta(days=1)
    with clock.use(clock.ManualClock(late)), unit.of_work(operation="t", actor="t") as work:
        row = apps.get_model("people.Preference")._default_manager.create(
            public_id="P",
            borrower=wang,
            kind="hours_consent",
            recorded_at=late - timedelta(days=200),
            recorded_by="borrower",
        )
        work.record(subject_kind="preference", subject_id="P", borrower_id=wang.public_id, body={})
    [fault] = faults()
    assert fault.startswith(f"people_preference {row.pk} says 2026-05-09")
    assert fault.endswith("it is backdated")


@pytest.mark.parametrize("table", [*CHANGES, "lending_loan"])
def test_the_tables_refuse_a_change_in_the_first_place(wang: Borrower, table: str) -> None:
    """Only a table whose columns change in place takes one (an outbox message on its way)."""
    change = CHANGES.get(table, "credit_limit_minor = 1")
    if table in witness.WORKING:
        return
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {change}")
