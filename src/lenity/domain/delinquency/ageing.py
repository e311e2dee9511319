"""How late a loan is on a day, from what fell due and what was paid: one loan.

`portfolio.age` has the same rule on columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Due:
    """An amount due on a day; `cum_before_minor` is what is due before it."""

    due_date: date
    amount_minor: int
    cum_before_minor: int


@dataclass(frozen=True, slots=True)
class Age:
    """Where a loan stands: amounts in minor units."""

    days_past_due: int
    oldest_unpaid_due_date: date | None
    overdue_minor: int
    next_due_date: date | None
    next_due_minor: int


def unpaid(due: Due, paid_minor: int) -> int:
    """What is left of one amount when `paid_minor` has gone to the oldest amounts first."""
    applied = min(max(paid_minor - due.cum_before_minor, 0), due.amount_minor)
    return due.amount_minor - applied


def days_past_due(oldest_unpaid_due_date: date | None, on_date: date) -> int:
    """Days since the oldest unpaid amount fell due; the due date itself is day 0.

    >>> days_past_due(date(2026, 11, 23), date(2026, 11, 24)), days_past_due(None, date(2026, 11, 24))
    (1, 0)
    """
    if oldest_unpaid_due_date is None:
        return 0
    return max((on_date - oldest_unpaid_due_date).days, 0)


def age(dues: Sequence[Due], paid_minor: int, on_date: date) -> Age:
    """Where a loan stands on `on_date`: an amount is overdue from the day after its due date."""
    late = [(due.due_date, unpaid(due, paid_minor)) for due in dues if due.due_date < on_date]
    late = [(day, left) for day, left in late if left > 0]
    ahead = [(due.due_date, unpaid(due, paid_minor)) for due in dues if due.due_date >= on_date]
    ahead = [(day, left) for day, left in ahead if left > 0]
    oldest = min((day for day, _ in late), default=None)
    following = min((day for day, _ in ahead), default=None)
    return Age(
        days_past_due=days_past_due(oldest, on_date),
        oldest_unpaid_due_date=oldest,
        overdue_minor=sum(left for _, left in late),
        next_due_date=following,
        next_due_minor=sum(left for day, left in ahead if day == following),
    )
