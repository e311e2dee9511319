"""Money in suspense: what may become of an entry, how old it is, and what became of those that left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Sum

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.approvals.change import Kind
from lenity.records.intake import queries
from lenity.records.intake.models import BankEntry
from lenity.records.lending.models import Loan

MOVES = {"assign": Kind.SUSPENSE_ASSIGN, "return": Kind.SUSPENSE_RETURN, "clear": Kind.SUSPENSE_CLEAR}
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


def content(entry_id: str, move: str, loan: Loan | None, today: date) -> Content:
    """What two people agree on: the whole movement, to one loan, back to its sender, or cleared."""
    if move not in MOVES:
        raise InputRefused([Problem("suspense.move", f"It is one of: {', '.join(MOVES)}.")])
    entry = still_waiting(entry_id)
    if move != "clear" and entry.amount_minor <= 0:
        says = "Money that went out is neither a payment nor sent back."
        raise InputRefused([Problem("suspense.out", says, "Clear it against what it belongs to.")])
    told: Content = {
        "entry": entry.public_id,
        "amount_minor": entry.amount_minor,
        "currency": entry.currency,
        "booked_on": entry.booked_on.isoformat(),
    }
    if move == "assign":
        told["loan"] = _fitting(entry, loan, today)
    return told


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
