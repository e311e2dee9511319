"""Bureau codes are derived: status from days past due, history from past statuses, first delinquency."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

STEPS = ((180, "84"), (150, "83"), (120, "82"), (90, "80"), (60, "78"), (30, "71"), (0, "11"))
"""Metro 2, field 17A: a status for each thirty days past due; less than thirty is current to the bureau."""

PAID, CHARGED_OFF, CHARGED_OFF_PAID = "13", "97", "64"
CLOSED = (PAID, CHARGED_OFF_PAID)
"""Told once; after that the account is reported no more."""
HISTORY = dict(
    zip(
        ("11", "71", "78", "80", "82", "83", "84", "93", PAID, CHARGED_OFF, CHARGED_OFF_PAID),
        "0123456G0LL",
        strict=True,
    )
)
HISTORY_MONTHS = 24
NO_HISTORY = "B"
CURRENT = "11"
NOT_FURNISHED = "D"
DELINQUENT_AFTER = 30
IN_DISPUTE, DISPUTE_OVER = "XB", "XH"
"""Field 20: the consumer disputes the account under the FCRA and it is looked into; that is over."""


def account_status(days_past_due: int) -> str:
    """The status of an open account.

    >>> [account_status(days) for days in (29, 30, 59, 60, 179, 180)]
    ['11', '71', '71', '78', '83', '84']
    """
    return next(status for least, status in STEPS if days_past_due >= least)


def status_of(days_past_due: int, *, is_charged_off: bool, is_settled: bool) -> str:
    """Field 17A of any account.

    >>> [status_of(200, is_charged_off=lost, is_settled=paid) for lost in (False, True) for paid in (False, True)]
    ['84', '13', '97', '64']
    """
    if is_charged_off:
        return CHARGED_OFF_PAID if is_settled else CHARGED_OFF
    return PAID if is_settled else account_status(days_past_due)


def payment_history(past_statuses: Sequence[str], left_out: int = 0) -> str:
    """Field 18 from the statuses of the months before, newest first; months without history are a tail of B.

    `left_out` months between them and the file's month were not told.

    >>> payment_history(["71", "11"])[:3], payment_history(["11"], left_out=2)[:4]
    ('10B', 'DD0B')
    """
    signs = NOT_FURNISHED * left_out + "".join(HISTORY[status] for status in past_statuses)
    return signs[:HISTORY_MONTHS].ljust(HISTORY_MONTHS, NO_HISTORY)


def status_of_months_late(months_late: int) -> str:
    """The status that a month of imported history stood for: k months late is (k-1) times thirty days or more.

    The oldest unpaid amount of an account that is one month late fell due in that same month.
    """
    return account_status(days_of_months_late(months_late))


def days_of_months_late(months_late: int) -> int:
    """The least days past due that so many months late stand for."""
    return max(months_late - 1, 0) * 30


def first_delinquency(oldest_unpaid_due_date: date | None, status: str) -> date | None:
    """Field 25: thirty days after the due date of the oldest unpaid amount, while delinquent; else none."""
    if status in (CURRENT, PAID) or oldest_unpaid_due_date is None:
        return None
    return date.fromordinal(oldest_unpaid_due_date.toordinal() + DELINQUENT_AFTER)


def follows(before_status: str, before_history: str, months_between: int) -> str:
    """Field 18 after an earlier record: its status, then its history; months left out in between say so.

    >>> follows("71", "0" * 24, 1)[:3], follows("71", "0" * 24, 3)[:5]
    ('100', 'DD100')
    """
    left_out = NOT_FURNISHED * max(months_between - 1, 0)
    return (left_out + HISTORY[before_status] + before_history)[:HISTORY_MONTHS]


def payment_rating(status: str, days_past_due_before: int) -> str:
    """Field 17B, of an account that is paid: what it was just before; of any other, blank.

    >>> [payment_rating(PAID, days) for days in (0, 29, 30, 95, 400)], payment_rating("71", 40)
    (['0', '0', '1', '3', '6'], '')
    """
    return HISTORY[account_status(days_past_due_before)] if status == PAID else ""


def is_negative(status: str, history: str, rating: str = "") -> bool:
    """Whether a record says anything to the person's disadvantage, now, just before or in its history.

    >>> is_negative("11", "0" * 24), is_negative("71", "0" * 24), is_negative("11", "0100BBB")
    (False, True, True)
    >>> is_negative("13", "0" * 24, "0"), is_negative("13", "0" * 24, "2")
    (False, True)
    """
    if rating not in ("", HISTORY[CURRENT]):
        return True
    return status not in (CURRENT, PAID) or bool(set(history) - {HISTORY[CURRENT], NO_HISTORY, NOT_FURNISHED})


def compliance_condition(*, in_dispute: bool, was_in_dispute: bool) -> str:
    """Field 20: the code stays at the bureau until another, so the end of a dispute is told once.

    >>> [compliance_condition(in_dispute=now, was_in_dispute=before)
    ...  for now, before in ((True, False), (True, True), (False, True), (False, False))]
    ['XB', 'XB', 'XH', '']
    """
    if in_dispute:
        return IN_DISPUTE
    return DISPUTE_OVER if was_in_dispute else ""
