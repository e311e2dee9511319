"""What management reads, to the number: vintages, roll rates, recoveries, complaint rates, plans kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lenity.domain.delinquency import stages
from lenity.gateways import clock
from lenity.operations.close_day import close_day
from lenity.records.debt_collection import management_queries as queries
from lenity.records.debt_collection.models import Contact, Hold, HoldEnd
from lenity.records.delinquency.models import MonthEnd
from lenity.records.lending.models import Loan, LoanMonth
from lenity.records.people.models import Borrower, StaffMember
from tests import factories, world
from tests.records.test_ledger_attacks import _without_guards

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def now() -> Iterator[clock.ManualClock]:
    moving = clock.ManualClock(factories.MORNING)
    with clock.use(moving):
        yield moving


def loans(number: int, *, opened_on: date = date(2026, 2, 10)) -> list[Loan]:
    """Loans of one borrower, whose pages do not matter here."""
    owner = factories.borrower()
    made = [factories.late_loan(owner) for _ in range(number)]
    with _without_guards():
        Loan.objects.filter(pk__in=[one.pk for one in made]).update(opened_on=opened_on)
    return made


def stood(loan: Loan, month_end: date, late: int) -> None:
    LoanMonth.objects.create(loan=loan, month_end=month_end, months_late=late, billed_minor=0, paid_minor=0)


def contact(loan: Loan, at: datetime, **told: Any) -> Contact:
    """A row as the gate writes it, without asking it: these pages only count."""
    number = Contact.objects.count()
    fields = {"verdict": "allowed", "purpose": "collection", "channel": "sms", "requested_by": "strategy"}
    return Contact.objects.create(
        public_id=f"C{number}", code=f"K{number}", borrower=loan.borrower, loan=loan, requested_at=at,
        **fields | told,
    )  # fmt: skip


def paid(loan: Loan, at: datetime, minor: int) -> None:
    number = loan.payments.count()
    loan.payments.create(
        public_id=f"P{loan.pk}-{number}", amount_minor=minor, value_date=at.date(), received_at=at, source="t",
        source_id=f"{loan.pk}-{number}", ledger_transaction_id=1,
    )  # fmt: skip


def complaint(owner: Borrower, at: datetime) -> None:
    Hold.objects.create(
        public_id=f"H{Hold.objects.count()}", borrower=owner, kind="complaint", opened_at=at, opened_by="borrower"
    )  # fmt: skip


def test_a_vintage_counts_thirty_days_late_by_months_on_book_and_tells_no_small_share() -> None:
    for at, loan in enumerate(loans(10)):
        stood(loan, date(2026, 2, 28), 0)
        stood(loan, date(2026, 4, 30), 2 if at < 3 else 1)
    for loan in loans(9, opened_on=date(2026, 4, 1)):
        stood(loan, date(2026, 4, 30), 2)
    first, second = queries.vintages()
    assert (first.name, first.cells) == ("2026 Q1", (queries.Cell(0, 10, 0), queries.Cell(2, 10, 3)))
    assert [one.ppm for one in first.cells] == [0, 300_000]
    assert (second.name, second.cells[0].ppm) == ("2026 Q2", None)


def test_the_close_of_a_months_last_day_goes_on_where_the_book_ends() -> None:
    (loan,) = loans(1)
    stood(loan, date(2026, 9, 30), 1)
    close_day(business_date=date(2026, 10, 30), actor="test")
    assert not MonthEnd.objects.exists(), "no month ends on the thirtieth of October"
    for _ in range(2):
        close_day(business_date=date(2026, 10, 31), actor="test")
    row = MonthEnd.objects.get()
    assert row.months_late == stages.months_late(0)
    found = queries.rolls()
    assert (found.before, found.after) == (date(2026, 9, 30), date(2026, 10, 31))
    assert found.rows[1].counts == (1, 0, 0, 0, 0)
    assert queries.rolls(date(2026, 9, 30)).after == found.after, "September has no month before it"


def test_money_is_counted_to_the_last_contact_in_the_fourteen_days_before_it() -> None:
    (loan,) = loans(1)
    day = datetime(2026, 11, 2, 4, tzinfo=UTC)
    for hour in range(9):
        contact(loan, day + timedelta(minutes=hour))
    contact(loan, day + timedelta(hours=1), channel="call")
    contact(loan, day + timedelta(hours=2), verdict="refused", channel="visit")
    paid(loan, day + timedelta(hours=1) + queries.AFTER, 120_00)
    paid(loan, day + timedelta(hours=1, seconds=1) + queries.AFTER, 7_00)
    found = queries.recoveries(clock.now(), 12)
    (month,) = found.by_month
    assert (month.name, month.contacts, month.points, month.payments, month.paid_minor) == (
        "2026-11", 10, 9 * 2 + 5, 1, 120_00,
    )  # fmt: skip
    assert (month.per_contact_minor, month.per_point_minor) == (12_00, 12_000 // 23)
    call, sms = found.by_channel
    assert (call.name, call.paid_minor, sms.paid_minor) == ("call", 120_00, 0)
    assert call.per_contact_minor is None, "one call is too few to tell"


def test_complaints_by_month_channel_and_agency(now: clock.ManualClock) -> None:
    (loan,) = loans(1)
    hers = factories.staff("collector")
    StaffMember.objects.filter(public_id=hers).update(agency="north")
    day = datetime(2026, 11, 2, 4, tzinfo=UTC)
    for minute in range(19):
        contact(loan, day + timedelta(minutes=minute), requested_by="agency:south")
    contact(loan, day + timedelta(hours=1), channel="call", requested_by=hers)
    complaint(loan.borrower, day + timedelta(hours=2))
    complaint(factories.borrower(), day)
    found = queries.complaints(clock.now(), 12)
    assert found.by_month == [queries.ComplaintRate("2026-11", 2, 20)]
    assert found.by_month[0].permille == 100
    assert found.by_channel == [queries.ComplaintRate("call", 1, 1), queries.ComplaintRate("sms", 0, 19)]
    assert found.by_agency == [queries.ComplaintRate("north", 1, 1), queries.ComplaintRate("south", 0, 19)]
    assert found.without == 1


def test_plans_are_kept_broken_or_running() -> None:
    owner, at = factories.borrower(), datetime(2026, 10, 3, 4, tzinfo=UTC)
    today = clock.business_day("CN")
    asked = [("broken", None), ("", today - timedelta(days=1)), ("", today), ("superseded", None), ("", None)]
    for number, (reason, ends_on) in enumerate(asked):
        hold = Hold.objects.create(
            public_id=f"L{number}", borrower=owner, kind="plan", opened_at=at, opened_by="x", ends_on=ends_on
        )
        if reason:
            HoldEnd.objects.create(hold=hold, ended_at=at, reason=reason)
    assert queries.plans_kept("plan", today, clock.now(), 12) == [queries.Kept("2026-10", 1, 1, 2, 1)]
    assert queries.plans_kept("promise", today, clock.now(), 12) == []


PAGES = ("vintages", "rolls", "recoveries", "complaints", "plans")


def test_pages_and_files_show_the_same_numbers_in_as_many_questions_for_more_rows() -> None:
    client = world.as_staff("manager", name="han")

    def fill(number: int) -> None:
        for loan in loans(number):
            stood(loan, date(2026, 9, 30), 1)
            stood(loan, date(2026, 10, 31), 2)
            contact(loan, datetime(2026, 11, 2, 4, tzinfo=UTC))
            paid(loan, datetime(2026, 11, 3, 4, tzinfo=UTC), 100)
            complaint(loan.borrower, datetime(2026, 11, 4, 4, tzinfo=UTC))

    def asked(name: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(f"/management/{name}/")
        assert answer.status_code == 200
        assert len(answer.content) < 100_000
        return len(seen)

    for name in PAGES:
        assert client.get(f"/management/{name}/").status_code == 200, "an empty book"
    fill(5)
    few = [asked(name) for name in PAGES]
    fill(15)
    assert [asked(name) for name in PAGES] == few
    page = client.get("/management/vintages/").content.decode()
    assert "<svg" in page
    assert client.get("/management/rolls/?month=nonsense").status_code == 200
    rows = {name: client.get(f"/management/{name}.csv").content.decode().splitlines() for name in PAGES}
    assert "2026 Q1,8,20,20,1000000" in rows["vintages"][-1]
    assert "month,2026-11,20,20,1000" in rows["complaints"][1]
    assert client.get("/management/secrets.csv").status_code == 404
