"""Bureau codes are derived: status from days past due, history from past statuses, first delinquency."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

STEPS = ((180, "84"), (150, "83"), (120, "82"), (90, "80"), (60, "78"), (30, "71"), (0, "11"))
"""Metro 2, field 17A: a status for each thirty days past due; less than thirty is current to the bureau."""

HISTORY = {"11": "0", "71": "1", "78": "2", "80": "3", "82": "4", "83": "5", "84": "6", "97": "L", "93": "G"}
HISTORY_MONTHS = 24
NO_HISTORY = "B"
CURRENT = "11"
DELINQUENT_AFTER = 30


def account_status(days_past_due: int) -> str:
    """The status of an open account.

    >>> [account_status(days) for days in (29, 30, 59, 60, 179, 180)]
    ['11', '71', '71', '78', '83', '84']
    """
    return next(status for least, status in STEPS if days_past_due >= least)


def payment_history(past_statuses: Sequence[str]) -> str:
    """Field 18 from the statuses of the months before, newest first; months without history are a tail of B."""
    signs = "".join(HISTORY[status] for status in past_statuses[:HISTORY_MONTHS])
    return signs.ljust(HISTORY_MONTHS, NO_HISTORY)


def status_of_months_late(months_late: int) -> str:
    """The status that a month of imported history stood for: k months late is (k-1) times thirty days or more.

    The oldest unpaid amount of an account that is one month late fell due in that same month.
    """
    return account_status(max(months_late - 1, 0) * 30)


def first_delinquency(oldest_unpaid_due_date: date | None, status: str) -> date | None:
    """Field 25: thirty days after the due date of the oldest unpaid amount, while delinquent; else none."""
    if status == CURRENT or oldest_unpaid_due_date is None:
        return None
    return date.fromordinal(oldest_unpaid_due_date.toordinal() + DELINQUENT_AFTER)
