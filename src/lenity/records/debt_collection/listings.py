"""Lists for programs: a page at a time by a cursor, sorted and filtered by names on a list only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet

from lenity.base.money import Money
from lenity.records.debt_collection.models import Contact, Hold
from lenity.records.lending.models import CreditDecision, Loan, Payment
from lenity.records.people.models import Borrower, ContactPoint

One = TypeVar("One")
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Page(Generic[One]):
    """Some rows, and where the next ones begin; 0 at the end."""

    rows: tuple[One, ...]
    after: int


@dataclass(frozen=True)
class LoanRow:
    """A loan; what stands by it is of the last close."""

    id: str
    borrower: str
    account_ending: str
    product: str
    currency: str
    opened_on: date
    balance: str | None
    overdue: str | None
    days_past_due: int | None
    stage: str | None
    as_of: date | None


@dataclass(frozen=True)
class PaymentRow:
    """Money received, or its reversal."""

    id: str
    loan: str
    amount: str
    currency: str
    value_date: date
    reverses: str | None
    reversed_by: str | None


@dataclass(frozen=True)
class ContactRow:
    """A contact with its verdict. No number, no address, no text."""

    id: str
    at: datetime
    channel: str
    purpose: str
    verdict: str
    provision: str
    earliest: datetime | None
    loans: tuple[str, ...]


@dataclass(frozen=True)
class HoldRow:
    """A state that stops collection contacts."""

    id: str
    borrower: str
    kind: str
    about: str | None
    loan: str | None
    opened_at: datetime
    ends_on: date | None
    answer_by: date | None
    ended_at: datetime | None
    ended_reason: str | None


@dataclass(frozen=True)
class DecisionRow:
    """A decision on an application."""

    application: str
    outcome: str
    score: int
    limit: str
    currency: str
    binding_cap: str
    decided_at: datetime


@dataclass(frozen=True)
class PointRow:
    """A number or an address, masked."""

    id: str
    kind: str
    role: str
    mask: str
    retired: bool


@dataclass(frozen=True)
class BorrowerRow:
    """What a program may know of a borrower: no name, no number in clear."""

    id: str
    jurisdiction: str
    language: str
    points: tuple[PointRow, ...]
    loans: tuple[str, ...]


def borrower(public_id: str) -> BorrowerRow | None:
    """A borrower, masked."""
    row = Borrower.objects.filter(public_id=public_id).first()
    if row is None:
        return None
    points = ContactPoint.objects.filter(borrower=row).order_by("id")
    loans = Loan.objects.filter(borrower=row).order_by("id").values_list("public_id", flat=True)
    return BorrowerRow(
        row.public_id,
        row.jurisdiction,
        row.language,
        tuple(
            PointRow(one.public_id, one.kind, one.role, one.mask, one.retired_at is not None)
            for one in points
        ),
        tuple(loans),
    )


def loans(*, after: int, most: int, borrower_id: str = "", stage: str = "") -> Page[LoanRow]:
    """Loans in the order in which they came."""
    rows = Loan.objects.select_related("borrower", "position")
    if borrower_id:
        rows = rows.filter(borrower__public_id=borrower_id)
    if stage:
        rows = rows.filter(position__stage=stage)
    return _page(rows, _loan, after=after, most=most)


def payments(*, loan_id: str, after: int, most: int) -> Page[PaymentRow]:
    """Payments of a loan and their reversals."""
    rows = Payment.objects.select_related("loan", "reverses", "reversed_by").filter(loan__public_id=loan_id)
    return _page(rows, _payment, after=after, most=most)


def contacts(*, borrower_id: str, after: int, most: int, verdict: str = "") -> Page[ContactRow]:
    """A borrower's contacts, put-off and refused ones too."""
    rows = Contact.objects.select_related("decision").filter(borrower__public_id=borrower_id)
    if verdict:
        rows = rows.filter(verdict=verdict)
    return _page(rows, _contact, after=after, most=most)


def holds(
    *, after: int, most: int, borrower_id: str = "", is_open: bool | None = None, concerns: bool = False
) -> Page[HoldRow]:
    """States that stop contacts; `concerns` leaves those that a borrower raised."""
    rows = Hold.objects.select_related("borrower", "loan", "end")
    if borrower_id:
        rows = rows.filter(borrower__public_id=borrower_id)
    if is_open is not None:
        rows = rows.filter(end__isnull=is_open)
    if concerns:
        rows = rows.filter(detail__has_key="about")
    return _page(rows, _hold, after=after, most=most)


def decisions(*, after: int, most: int, outcome: str = "") -> Page[DecisionRow]:
    """Decisions in the order in which they were made."""
    rows = CreditDecision.objects.select_related("application")
    if outcome:
        rows = rows.filter(outcome=outcome)
    return _page(rows, _decision, after=after, most=most)


def hold_by_id(public_id: str) -> HoldRow | None:
    """A hold."""
    row = Hold.objects.select_related("borrower", "loan", "end").filter(public_id=public_id).first()
    return _hold(row) if row else None


def _page(rows: QuerySet[Row], told: Callable[[Any], One], *, after: int, most: int) -> Page[One]:
    found = list(rows.filter(pk__gt=after).order_by("pk")[: most + 1])
    rest = found[most - 1].pk if len(found) > most else 0
    return Page(tuple(told(row) for row in found[:most]), rest)


def _loan(row: Loan) -> LoanRow:
    position = getattr(row, "position", None)
    return LoanRow(
        row.public_id,
        row.borrower.public_id,
        row.account_number[-4:],
        row.product,
        row.currency,
        row.opened_on,
        _text(position.balance_minor, row.currency) if position else None,
        _text(position.overdue_minor, row.currency) if position else None,
        position.days_past_due if position else None,
        position.stage if position else None,
        position.on_date if position else None,
    )


def _payment(row: Payment) -> PaymentRow:
    reversed_by = getattr(row, "reversed_by", None)
    return PaymentRow(
        row.public_id,
        row.loan.public_id,
        _text(row.amount_minor, row.loan.currency),
        row.loan.currency,
        row.value_date,
        row.reverses.public_id if row.reverses else None,
        reversed_by.public_id if reversed_by else None,
    )


def _contact(row: Contact) -> ContactRow:
    return ContactRow(
        row.public_id,
        row.requested_at,
        row.channel,
        row.purpose,
        row.verdict,
        row.decision.leading_provision,
        row.earliest_at,
        tuple(row.debts),
    )


def _hold(row: Hold) -> HoldRow:
    end, by = getattr(row, "end", None), row.detail.get("answer_by")
    return HoldRow(
        row.public_id,
        row.borrower.public_id,
        row.kind,
        row.detail.get("about"),
        row.loan.public_id if row.loan else None,
        row.opened_at,
        row.ends_on,
        date.fromisoformat(by) if by else None,
        end.ended_at if end else None,
        end.reason if end else None,
    )


def _decision(row: CreditDecision) -> DecisionRow:
    return DecisionRow(
        row.application.reference,
        row.outcome,
        row.score,
        _text(row.limit_minor, row.application.currency),
        row.application.currency,
        row.binding_cap,
        row.decided_at,
    )


def _text(minor: int, currency: str) -> str:
    return Money(minor, currency).decimal_text()
