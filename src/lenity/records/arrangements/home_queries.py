"""A borrower's first page: what she owes, what happens next and when, and why she was contacted last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from lenity.records.debt_collection import concern_queries, queries
from lenity.records.debt_collection.models import Contact, Hold
from lenity.records.debt_collection.queries import HomeView, LoanView
from lenity.records.lending import cost_queries
from lenity.records.people import point_queries


@dataclass(frozen=True)
class Step:
    """Something that comes next: its kind, its day, and the amount or the account where it has one."""

    kind: str
    day: date | None
    account_ending: str = ""
    amount_minor: int = 0
    currency: str = ""
    link: str = ""


@dataclass(frozen=True)
class LastContact:
    """The newest contact that reached her, to be explained with one press."""

    public_id: str
    at: datetime
    channel: str


@dataclass(frozen=True)
class FirstPage:
    """The whole page."""

    home: HomeView
    steps: tuple[Step, ...]
    last: LastContact | None
    costs: tuple[str, ...] = ()
    """Statements of what a loan would cost that wait to be read."""
    changes: tuple[point_queries.Change, ...] = ()
    """Changes of her number or address that wait for their time."""

    @property
    def loans(self) -> list[LoanView]:
        """Her accounts, the one that is longest overdue first; then what is owed before what is settled."""
        return sorted(
            self.home.loans,
            key=lambda one: (-one.days_past_due, one.balance_minor <= 0, one.next_due_date or date.max),
        )


def page(borrower_id: str, now: datetime, business_day: Callable[[str], date]) -> FirstPage:
    """The first page of one borrower; `business_day` tells the lender's day in a place."""
    home = queries.home(borrower_id, now, business_day)
    today = business_day(home.jurisdiction)
    holds = list(
        Hold.objects.filter(borrower__public_id=borrower_id, end__isnull=True).select_related("loan")
    )
    running = [one for one in holds if not one.ends_on or one.ends_on >= today]
    steps = [*_answers(borrower_id, today, running), *_promises(running), *_money(home, running)]
    steps.sort(key=lambda one: (one.day or date.max, one.kind))
    return FirstPage(
        home,
        tuple(steps),
        _last(borrower_id),
        tuple(cost_queries.waiting(borrower_id)),
        tuple(point_queries.waiting(borrower_id)),
    )


def _answers(borrower_id: str, today: date, running: list[Hold]) -> list[Step]:
    """What we answer, and by when; only where something was raised."""
    if not any("about" in one.detail for one in running):
        return []
    found = concern_queries.concerns_of(borrower_id, today)
    return [
        Step(
            "answer_late" if one.days_left < 0 else "answer", one.answer_by, one.account_ending, link=one.hold
        )
        for one in found
        if not one.answer
    ]


def _promises(running: list[Hold]) -> list[Step]:
    return [
        Step(
            "promise",
            one.ends_on,
            one.loan.account_number[-4:],
            int(one.detail["promised_minor"]),
            one.loan.currency,
        )
        for one in running
        if one.kind == "promise" and one.loan and "promised_minor" in one.detail
    ]


def _money(home: HomeView, running: list[Hold]) -> list[Step]:
    """The next payment of each loan; and where something is overdue and nothing stops us, that we may remind."""
    planned = {one.loan.public_id for one in running if one.kind == "plan" and one.loan}
    found = [
        Step(
            "plan_payment" if loan.public_id in planned else "payment",
            loan.next_due_date,
            loan.account_ending,
            loan.next_due_minor,
            loan.currency,
        )
        for loan in home.loans
        if loan.next_due_date
    ]
    if any(loan.overdue_minor for loan in home.loans) and not running:
        found.append(Step("may_remind", None))
    return found


def _last(borrower_id: str) -> LastContact | None:
    rows = Contact.objects.filter(borrower__public_id=borrower_id, verdict="allowed")
    row = rows.exclude(purpose="sign_in").order_by("-requested_at", "-id").first()
    return LastContact(row.public_id, row.requested_at, row.channel) if row else None
