"""A loan as another system left it, and the open items that follow from its repayment status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from lenity.base import dates, money
from lenity.base.money import Rounding
from lenity.base.rates import PPM


@dataclass(frozen=True, slots=True)
class Month:
    """One month of history: how many months late at its end, what was billed, what was paid in it."""

    month_end: date
    months_late: int
    billed_minor: int
    paid_minor: int


@dataclass(frozen=True, slots=True)
class MinimumPayment:
    """How much of a bill falls due: a share, at least a floor. An assumption where a set states none."""

    share_ppm: int
    floor_minor: int


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An amount due on a day; `cum_before_minor` is what is due before it."""

    number: int
    due_date: date
    amount_minor: int
    cum_before_minor: int


def open_items(
    months: Sequence[Month], balance_minor: int, billing_day: int, rule: MinimumPayment
) -> list[OpenItem]:
    """The amounts that are due on a revolving account, oldest first, from its history (newest month first).

    k months late at the end of month M means that the oldest unpaid amount fell due on the billing day of
    month M-(k-1): one item for each unpaid month, the minimum of that month's bill; then the minimum of the
    newest bill on the billing day of month M+1. Their sum never passes the balance; nothing is due on an
    account that owes nothing.
    """
    if balance_minor <= 0 or not months:
        return []
    newest = months[0]
    bills = [month.billed_minor for month in months]
    items: list[OpenItem] = []
    due_before = 0
    for back in range(newest.months_late, -1, -1):
        bill = bills[min(back, len(bills) - 1)]
        amount = min(_minimum(max(bill, 0), rule), balance_minor - due_before)
        if amount <= 0:
            continue
        due = dates.add_months(newest.month_end.replace(day=1), 1 - back)
        due_date = dates.add_months(due, 0, anchor_day=billing_day)
        items.append(OpenItem(len(items) + 1, due_date, amount, due_before))
        due_before += amount
    return items


def _minimum(bill_minor: int, rule: MinimumPayment) -> int:
    share = money.round_fraction(bill_minor * Fraction(rule.share_ppm, PPM), Rounding.UP)
    return min(max(share, rule.floor_minor), bill_minor) if bill_minor > 0 else rule.floor_minor
