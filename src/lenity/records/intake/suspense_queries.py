"""Money in suspense: what may become of an entry, how old it is, and what became of those that left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Sum

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.approvals.change import Kind
from lenity.records.intake import queries
from lenity.records.intake.models import BankEntry
from lenity.records.lending.models import Loan, Payment

MOVES = {
    "assign": Kind.SUSPENSE_ASSIGN,
    "return": Kind.SUSPENSE_RETURN,
    "clear": Kind.SUSPENSE_CLEAR,
    "reverse": Kind.SUSPENSE_REVERSE,
}
AGES = ((0, 7), (8, 30), (31, None))
"""Bands of age in days, both ends in; the last one is open."""

Content = dict[str, object]


@dataclass(frozen=True)
class Age:
    """Money in suspense of one currency and one band of age."""

    first_day: int
    last_day: int | None
    currency: str
    entries: int
    amount_minor: int


def still_waiting(entry_id: str) -> BankEntry:
    """A movement that is in suspense; refused where it never was or has left."""
    entry = queries.entry_by_id(entry_id)
    if entry is None:
        raise InputRefused([Problem("suspense.unknown", f"There is no bank entry {entry_id[:20]!r}.")])
    if entry.payment_id is not None or hasattr(entry, "outcome"):
        raise InputRefused([Problem("suspense.done", "The money is no longer in suspense.")])
    return entry


def content(
    entry_id: str,
    move: str,
    loan: Loan | None,
    today: date,
    *,
    payment_id: str = "",
    came_on: date | None = None,
) -> Content:
    """What two people agree on: the whole movement, to one loan, back to its sender, cleared, or a reversal.

    A reversal is of one payment: `payment_id`, or the only one of `loan` that fits, of the day `came_on`.
    """
    if move not in MOVES:
        raise InputRefused([Problem("suspense.move", f"It is one of: {', '.join(MOVES)}.")])
    entry = still_waiting(entry_id)
    if move in ("assign", "return") and entry.amount_minor <= 0:
        says = "Money that went out is neither a payment nor sent back."
        raise InputRefused(
            [Problem("suspense.out", says, "Clear it, or make it the reversal of its payment.")]
        )
    if move == "reverse" and entry.amount_minor >= 0:
        says = "Money that came in reverses nothing."
        raise InputRefused([Problem("suspense.in", says, "Give it to a loan, or send it back.")])
    told: Content = {
        "entry": entry.public_id,
        "amount_minor": entry.amount_minor,
        "currency": entry.currency,
        "booked_on": entry.booked_on.isoformat(),
    }
    if move == "assign":
        told["loan"] = _fitting(entry, loan, today)
    if move == "reverse":
        paid = _taken_back(entry, loan, payment_id, came_on)
        told |= {"loan": paid.loan.public_id, "payment": paid.public_id}
    return told


def _taken_back(entry: BankEntry, loan: Loan | None, payment_id: str, came_on: date | None) -> Payment:
    """The one payment that a movement of the bank takes back: the same amount, there before, not reversed."""
    if loan is None and not payment_id:
        raise InputRefused([Problem("change.account", "Give one whole account number.")])
    rows = Payment.objects.select_related("loan").filter(
        amount_minor=-entry.amount_minor,
        loan__currency=entry.currency,
        value_date__lte=entry.value_date,
        reverses=None,
        reversed_by=None,
    )
    if payment_id:
        rows = rows.filter(public_id=payment_id)
    if loan is not None:
        rows = rows.filter(loan=loan)
    if came_on is not None:
        rows = rows.filter(value_date=came_on)
    found = list(rows[:2])
    if not found:
        says = "No payment of this amount stands on the account, or none of that day."
        raise InputRefused([Problem("suspense.payment", says, "Look at the account's payments.")])
    if len(found) > 1:
        says = "Several payments fit."
        raise InputRefused([Problem("suspense.several", says, "Say on which day it had come.")])
    return found[0]


def _fitting(entry: BankEntry, loan: Loan | None, today: date) -> str:
    if loan is None:
        raise InputRefused([Problem("change.account", "Give one whole account number.")])
    if loan.currency != entry.currency or not loan.opened_on <= entry.value_date <= today:
        says = "The loan is in another currency, or the money came before it was paid out."
        raise InputRefused([Problem("suspense.loan", says, "Look for another loan.")])
    return loan.public_id


def by_age(on_date: date) -> list[Age]:
    """What waits by age and currency, the youngest first; bands with nothing are left out."""
    found = []
    for first, last in AGES:
        rows = BankEntry.objects.filter(
            payment=None, outcome=None, booked_on__lte=on_date - timedelta(days=first)
        )
        if first == 0:
            rows = BankEntry.objects.filter(payment=None, outcome=None)
        if last is not None:
            rows = rows.filter(booked_on__gte=on_date - timedelta(days=last))
        sums = rows.values_list("currency").annotate(entries=Count("id"), total=Sum("amount_minor"))
        found += [Age(first, last, *one) for one in sums.order_by("currency")]
    return found
