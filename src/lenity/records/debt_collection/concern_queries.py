"""Concerns that borrowers raised: open ones with their clock, and how they were answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Sum

from lenity.records.debt_collection.models import Hold
from lenity.records.lending.models import Loan, Payment
from lenity.records.people.models import Borrower


@dataclass(frozen=True)
class ConcernView:
    """A concern; `answer` is empty while it is open, `days_left` below zero when its clock has run out."""

    hold: str
    borrower: str
    about: str
    account_ending: str
    opened_at: datetime
    answer_by: date
    days_left: int
    answer: str
    answered_at: datetime | None


def open_concern(borrower: Borrower, loan: Loan | None, about: str) -> Hold | None:
    """A concern that was raised and has not been answered."""
    return Hold.objects.filter(borrower=borrower, loan=loan, detail__about=about, end__isnull=True).first()


def concern_by_id(public_id: str) -> Hold | None:
    """A concern, answered or not."""
    rows = Hold.objects.select_related("borrower", "end")
    return rows.filter(public_id=public_id, detail__has_key="about").first()


def concerns_of(borrower_id: str, on_date: date) -> list[ConcernView]:
    """A borrower's concerns, newest first."""
    rows = Hold.objects.filter(borrower__public_id=borrower_id, detail__has_key="about")
    return [
        _view(row, on_date) for row in rows.select_related("loan", "borrower", "end").order_by("-opened_at")
    ]


def open_promise(loan: Loan, on_date: date) -> Hold | None:
    """A promise to pay whose day has not passed."""
    rows = Hold.objects.filter(loan=loan, kind="promise", detail__has_key="promised_minor")
    return rows.filter(end__isnull=True, ends_on__gte=on_date).first()


@dataclass(frozen=True)
class PromiseView:
    """A promise as its borrower sees it; `outcome` is empty until it was judged."""

    account_ending: str
    currency: str
    amount_minor: int
    by: date | None
    outcome: str


def promises_of(borrower_id: str) -> list[PromiseView]:
    """A borrower's promises, newest first."""
    rows = Hold.objects.filter(
        borrower__public_id=borrower_id, kind="promise", detail__has_key="promised_minor"
    )
    return [
        PromiseView(
            row.loan.account_number[-4:] if row.loan else "",
            row.loan.currency if row.loan else "",
            int(row.detail["promised_minor"]),
            row.ends_on,
            row.end.reason if hasattr(row, "end") else "",
        )
        for row in rows.select_related("loan", "end").order_by("-id")
    ]


def promises_to_judge(on_date: date) -> list[tuple[Hold, int]]:
    """Open promises with what was paid for their loans from the day of the promise to its last day.

    A payment that was reversed does not count.
    """
    rows = Hold.objects.filter(kind="promise", detail__has_key="promised_minor", end__isnull=True)
    found = []
    for hold in rows.select_related("loan", "borrower").order_by("id"):
        last = min(hold.ends_on or on_date, on_date)
        paid = Payment.objects.filter(
            loan=hold.loan,
            value_date__gte=date.fromisoformat(hold.detail["since"]),
            value_date__lte=last,
            received_at__gte=hold.opened_at,
            reverses__isnull=True,
            reversed_by__isnull=True,
        )
        found.append((hold, int(paid.aggregate(total=Sum("amount_minor"))["total"] or 0)))
    return found


def waiting(on_date: date, *, most: int = 200) -> list[ConcernView]:
    """Concerns that wait for an answer, the most urgent first."""
    rows = Hold.objects.filter(detail__has_key="about", end__isnull=True)
    found = [_view(row, on_date) for row in rows.select_related("loan", "borrower")]
    return sorted(found, key=lambda one: (one.answer_by, one.opened_at))[:most]


def _view(row: Hold, on_date: date) -> ConcernView:
    end = getattr(row, "end", None)
    answer_by = date.fromisoformat(row.detail["answer_by"])
    return ConcernView(
        row.public_id,
        row.borrower.public_id,
        row.detail["about"],
        row.loan.account_number[-4:] if row.loan else "",
        row.opened_at,
        answer_by,
        (answer_by - on_date).days,
        end.reason if end else "",
        end.ended_at if end else None,
    )
