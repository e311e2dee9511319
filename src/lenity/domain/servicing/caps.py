"""The most a loan may cost a year, by the law of its place on its day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lenity.base import rates
from lenity.domain.servicing import annual_cost, offer, schedule
from lenity.domain.servicing.annual_cost import Method
from lenity.domain.servicing.terms import Terms
from lenity.law.reader import Rulebook

PROVISIONS = {"CN": "CN-XD-2025-COST"}
"""All-in ceiling by place. In China it binds microloan companies; the house asks it of every loan there."""


@dataclass(frozen=True, slots=True)
class Cap:
    """A ceiling on the annual cost, parts per million a year, with its provision."""

    provision: str
    cap_ppm: int


@dataclass(frozen=True, slots=True)
class AboveCap:
    """Terms that cost more than they may."""

    cap: Cap
    cost_percent: Decimal

    def __str__(self) -> str:
        ceiling = rates.percent_text(self.cap.cap_ppm)
        return (
            f"The loan would cost {annual_cost.rounded(self.cost_percent, 2)} % a year all in; "
            f"{self.cap.provision} allows {ceiling} %."
        )


def cap(rulebook: Rulebook, place: str, on_date: date) -> Cap | None:
    """The ceiling that applies on a day, if the catalogue has one for the place."""
    provision = PROVISIONS.get(place)
    if provision is None:
        return None
    try:
        value = rulebook.value(provision, on_date)
    except LookupError:
        return None
    return Cap(provision, int(value["cap_ppm"]))


def above(terms: Terms, ceiling: Cap | None) -> AboveCap | None:
    """Whether the annual cost of terms, fees included, is above the ceiling."""
    if ceiling is None:
        return None
    cost = offer.cost(terms, schedule.of(terms), Method.IRR).nominal_percent
    # Amounts are whole cents: a loan at exactly the ceiling may pass it by what rounding adds.
    allowed = Decimal(ceiling.cap_ppm) / 10_000 + Decimal("0.005")
    return AboveCap(ceiling, cost) if cost >= allowed else None
