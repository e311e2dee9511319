"""The debt as a validation notice itemises it (US-RF-34): what it was on a day, what came and went since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lenity.domain.servicing import account, relief
from lenity.domain.servicing.account import Account, Fact, Kind


@dataclass(frozen=True, slots=True)
class Itemised:
    """Amounts in minor units; `then + interest + fees - paid = now`, whatever happened.

    `paid_minor` is what was paid or let go; interest is what the rest of the account says.
    """

    on_date: date
    then_minor: int
    interest_minor: int
    fees_minor: int
    paid_minor: int
    now_minor: int


def itemisation_date(facts: Sequence[Fact], disbursed_on: date, today: date) -> date:
    """The day of the last payment before today; without one the day the money was paid out."""
    counted = account.open_facts(facts)
    paid = [
        one.on_date
        for one in facts
        if one.kind is Kind.PAYMENT and one.number in counted and one.on_date < today
    ]
    return max(paid, default=disbursed_on)


def itemised(then: Account, now: Account, facts: Sequence[Fact]) -> Itemised:
    """What a debt was at the end of one day and is now, by what settled it then and settles it now."""
    counted = account.open_facts(facts)
    since = [one for one in facts if one.number in counted and then.on_date < one.on_date <= now.on_date]
    fees = _sum(since, Kind.CHARGE)
    paid = _sum(since, Kind.PAYMENT) - _sum(since, Kind.REFUND) + _sum(since, Kind.WAIVER)
    before, after = relief.payoff_minor(then), relief.payoff_minor(now)
    interest = after - before - fees + paid
    if interest < 0:
        paid, interest = paid - interest, 0
    return Itemised(then.on_date, before, interest, fees, paid, after)


def _sum(facts: Sequence[Fact], kind: Kind) -> int:
    return sum(one.amount_minor for one in facts if one.kind is kind)
