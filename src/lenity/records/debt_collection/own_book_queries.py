"""Our own book month by month, as models of cures read it and learn from it.

A month that came with an imported book is as the former system stated it; later ones are where the close found
the loan, with what was paid in the month. Nothing here says whom anybody contacted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from typing import NamedTuple

from django.db.models import Case, F, Sum, When
from django.db.models.functions import TruncMonth

from lenity.domain.debt_collection import cure
from lenity.records.delinquency.models import MonthEnd
from lenity.records.lending.models import Loan, LoanMonth, Payment

Known = dict[int, dict[int, cure.Month]]
"""Months by loan and by number of the month."""


class BookMonth(NamedTuple):
    """One loan in one month, without a name."""

    client: str
    loan: str
    month: str
    months_late: int
    billed: int
    paid: int
    limit: int


def number_of(day: date) -> int:
    """Months counted through."""
    return day.year * 12 + day.month


def known(after: date, until: date, loan_ids: Collection[int] | None = None) -> Known:
    """The months that ended after one day and not after another, of all loans or of some."""
    found: Known = defaultdict(dict)
    ends = MonthEnd.objects.filter(month_end__gt=after, month_end__lte=until)
    stated = LoanMonth.objects.filter(month_end__gt=after, month_end__lte=until)
    if loan_ids is not None:
        ends, stated = ends.filter(loan_id__in=loan_ids), stated.filter(loan_id__in=loan_ids)
    paid = _paid(after.replace(day=1), until, loan_ids)
    for loan, day, late, balance in ends.values_list(
        "loan_id", "month_end", "months_late", "balance_minor"
    ).iterator():
        at = number_of(day)
        found[loan][at] = cure.Month(late, balance, max(paid.get((loan, at), 0), 0))
    # What a book stated of a month goes before a close of it.
    names = ("loan_id", "month_end", "months_late", "billed_minor", "paid_minor")
    for loan, day, late, billed, settled in stated.values_list(*names).iterator():
        found[loan][number_of(day)] = cure.Month(late, billed, settled)
    return found


def book() -> Iterator[BookMonth]:
    """Every month of every loan that is known, by loan and month."""
    months = known(date.min, date.max)
    loans = Loan.objects.filter(pk__in=months).order_by("pk")
    names = ("pk", "public_id", "borrower__public_id", "credit_limit_minor")
    for loan, loan_id, client, limit in loans.values_list(*names).iterator():
        for at, month in sorted(months[loan].items()):
            said = f"{(at - 1) // 12}-{(at - 1) % 12 + 1:02d}"
            yield BookMonth(
                client, loan_id, said, month.months_late, month.billed_minor, month.paid_minor, limit
            )


def _paid(first: date, until: date, loan_ids: Collection[int] | None) -> dict[tuple[int, int], int]:
    """What was paid by loan and month, less what was taken back in it."""
    rows = Payment.objects.filter(value_date__gte=first, value_date__lte=until)
    if loan_ids is not None:
        rows = rows.filter(loan_id__in=loan_ids)
    amount = Case(When(reverses__isnull=True, then=F("amount_minor")), default=-F("amount_minor"))
    grouped = rows.annotate(month=TruncMonth("value_date")).values_list("loan_id", "month")
    return {
        (loan, number_of(month)): total
        for loan, month, total in grouped.annotate(total=Sum(amount)).order_by()
    }
