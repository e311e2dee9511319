"""What somebody may offer to a borrower by herself (HOUSE-AUTHORITY), and what goes to a supervisor."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from fractions import Fraction
from typing import Any

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.servicing.account import Account, Fact
from lenity.domain.servicing.account import Kind as FactKind
from lenity.domain.servicing.allocation import Component
from lenity.domain.servicing.plan import MOST_PERIODS, Kind, Request


class Deal(Enum):
    """The kinds of offer that a person can make up: plans, and fees let go."""

    RE_AMORTISE = "re_amortise"
    RATE_CUT = "rate_cut"
    INTEREST_PAUSE = "interest_pause"
    EXTENSION = "extension"
    WAIVE_FEE = "waive_fee"
    WAIVE_LATE_FEE = "waive_late_fee"


PERIODS: Mapping[Deal, str] = {
    Deal.RE_AMORTISE: "most_periods",
    Deal.INTEREST_PAUSE: "most_interest_pause",
    Deal.EXTENSION: "most_extension",
}
WAIVED: Mapping[Deal, Component] = {
    Deal.WAIVE_FEE: Component.FEE,
    Deal.WAIVE_LATE_FEE: Component.LATE_FEE,
}


REPEATED = (Kind.INTEREST_PAUSE, Kind.EXTENSION)
"""Reliefs that add up when they are given again and again."""


@dataclass(frozen=True, slots=True)
class Ask:
    """An offer: instalments for most plans, a yearly rate for a cut, an amount for fees."""

    deal: Deal
    periods: int = 0
    annual_rate: Fraction | None = None
    amount_minor: int = 0

    @property
    def request(self) -> Request:
        """The plan that it asks for; fees let go are no plan."""
        return Request(Kind(self.deal.value), self.periods, self.annual_rate)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a loan was given before: fees of one component let go, and the kinds of plan signed in the last year."""

    let_go_minor: int = 0
    kinds: frozenset[str] = frozenset()


NOTHING = Earlier()
YEAR_DAYS = 365


def earlier(
    component: Component | None, facts: Sequence[Fact], plans: Iterable[tuple[date, str]], on_date: date
) -> Earlier:
    """What counts against an offer: half of the fees is half once, not half of every rest."""
    undone = {one.reverses for one in facts}
    waivers = [one for one in facts if one.kind is FactKind.WAIVER and one.reverses is None]
    let_go = sum(
        one.amount_minor for one in waivers if one.component is component and one.number not in undone
    )
    since = on_date - timedelta(days=YEAR_DAYS)
    return Earlier(let_go, frozenset(kind for day, kind in plans if day > since))


def problems(ask: Ask, state: Account, own_rate: Fraction | None) -> list[Problem]:
    """Why an offer is none, whoever makes it."""
    found = []
    if ask.deal in PERIODS and not 1 <= ask.periods <= MOST_PERIODS:
        found.append(Problem("offer.periods", f"Instalments are 1 to {MOST_PERIODS}."))
    if ask.deal is Deal.RATE_CUT and own_rate is None:
        found.append(Problem("offer.rate", "The rate of an imported loan is not known."))
    elif ask.deal is Deal.RATE_CUT and not 0 <= _rate(ask) < (own_rate or 0):
        found.append(Problem("offer.rate", "The new rate is 0 or more and below the loan's own."))
    if ask.deal in WAIVED and not 0 < ask.amount_minor <= open_minor(ask, state):
        says = f"Fees let go are above zero and at most the {open_minor(ask, state)} minor units open."
        found.append(Problem("offer.amount", says))
    return found


def exceeded(
    ask: Ask,
    limits: Mapping[str, int],
    state: Account,
    own_rate: Fraction | None,
    before: Earlier = NOTHING,
) -> bool:
    """Whether an offer goes beyond the limits of a role; the share of fees counts what was let go before."""
    if ask.deal not in WAIVED:
        return plan_exceeds(ask.request, limits, own_rate, before)
    all_fees = open_minor(ask, state) + before.let_go_minor
    return (ask.amount_minor + before.let_go_minor) * 100 > all_fees * limits["fee_share_percent"]


def plan_exceeds(
    asked: Request, limits: Mapping[str, int], own_rate: Fraction | None, before: Earlier = NOTHING
) -> bool:
    """Whether a plan, whoever has thought of it, is more than a role may agree to by itself.

    A pause or an extension again within a year is more for a role that may not repeat it. Arrears spread over
    the payments that are left cost nobody anything; principal let go is nobody's to give.
    """
    if asked.kind is Kind.RE_AGE:
        return False
    if asked.kind is Kind.RATE_CUT:
        rate = Fraction(-1) if asked.annual_rate is None else asked.annual_rate
        return rate < (own_rate or 0) * Fraction(limits["rate_share_percent"], 100)
    if asked.kind in REPEATED and asked.kind.value in before.kinds and not limits["again"]:
        return True
    named = {deal.value: name for deal, name in PERIODS.items()}.get(asked.kind.value)
    return named is None or asked.periods > limits[named]


def open_minor(ask: Ask, state: Account) -> int:
    """What is open of the fees that an offer lets go."""
    return sum(item.open(WAIVED[ask.deal]) for item in state.items)


def plain(ask: Ask) -> dict[str, Any]:
    """An offer as it is kept."""
    rate = ask.annual_rate
    return {
        "deal": ask.deal.value,
        "periods": ask.periods,
        "annual_rate": None if rate is None else [rate.numerator, rate.denominator],
        "amount_minor": ask.amount_minor,
    }


def read(raw: Mapping[str, Any]) -> Ask:
    """The inverse of `plain`."""
    rate = raw["annual_rate"]
    return Ask(
        Deal(raw["deal"]), raw["periods"], None if rate is None else Fraction(*rate), raw["amount_minor"]
    )


PER_CENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,8})?")
"""A rate as people write it: no fraction, no power of ten that would never be read to its end."""


def of_words(deal: str, number: str, amount_minor: int = 0) -> Ask:
    """An offer as a form or a program writes it: instalments, a rate in per cent, or an amount beside it."""
    try:
        kind = Deal(deal)
        if kind in WAIVED:
            return Ask(kind, amount_minor=amount_minor)
        if kind is Deal.RATE_CUT:
            if not PER_CENT.fullmatch(number):
                raise ValueError(number)
            return Ask(kind, annual_rate=Fraction(number) / 100)
        if not (number.isascii() and number.isdigit() and len(number) <= 3):
            raise ValueError(number)
        return Ask(kind, int(number))
    except (ValueError, ZeroDivisionError) as error:
        code = "offer.rate" if deal == Deal.RATE_CUT.value else "offer.periods"
        raise InputRefused([Problem(code, f"{number[:20]!r} is no such number.")]) from error


def _rate(ask: Ask) -> Fraction:
    return Fraction(-1) if ask.annual_rate is None else ask.annual_rate
