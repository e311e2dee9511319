"""The most a loan may cost a year, by the law of its place, the lender's licence and the day of the contract.

Which ceiling binds which licence: CN-SPC-MJJD-SCOPE.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from lenity.base import rates
from lenity.domain.servicing import annual_cost, offer, schedule
from lenity.domain.servicing.annual_cost import Method
from lenity.domain.servicing.schedule import Instalment
from lenity.domain.servicing.terms import Terms
from lenity.law.reader import Rulebook


class Licence(Enum):
    """What the lender is allowed to be; the ceiling follows from it."""

    MICROLOAN = "microloan"
    BANK = "bank"
    CONSUMER_FINANCE = "consumer_finance"
    PRIVATE = "private"


HOUSE = {"CN": "CN-XD-2025-COST"}
"""By place, the ceiling the house asks of every lender, whether or not it binds its licence."""
PROVISIONS = {
    ("CN", Licence.MICROLOAN): "CN-XD-2025-COST",
    ("CN", Licence.BANK): "CN-ZD-2025",
    ("CN", Licence.CONSUMER_FINANCE): "CN-ZD-2025",
    ("CN", Licence.PRIVATE): "CN-SPC-MJJD",
}


@dataclass(frozen=True, slots=True)
class Cap:
    """A ceiling on the annual cost, parts per million a year, with its provision."""

    provision: str
    cap_ppm: int


@dataclass(frozen=True, slots=True)
class AboveCap:
    """What costs more than it may. `cost_percent` is a year's, all in."""

    cap: Cap
    cost_percent: Decimal

    def __str__(self) -> str:
        ceiling = rates.percent_text(self.cap.cap_ppm)
        return (
            f"The loan would cost {annual_cost.rounded(self.cost_percent, 2)} % a year all in; "
            f"{self.cap.provision} allows {ceiling} %."
        )


def cap(rulebook: Rulebook, place: str, licence: Licence, on_date: date) -> Cap | None:
    """The lowest ceiling for a contract of a day, if the catalogue has one for the place."""
    wanted = {HOUSE.get(place), PROVISIONS.get((place, licence))} - {None}
    found = [one for name in sorted(map(str, wanted)) if (one := _cap(rulebook, name, on_date))]
    return min(found, key=lambda one: one.cap_ppm, default=None)


def _cap(rulebook: Rulebook, provision: str, on_date: date) -> Cap | None:
    try:
        value = rulebook.value(provision, on_date)
        if "lpr_multiple" in value:
            rate = rulebook.value(value["rates"], on_date)["rate_ppm"]
            return Cap(provision, int(value["lpr_multiple"]) * int(rate))
    except LookupError:
        return None
    return Cap(provision, int(value["cap_ppm"]))


def above(terms: Terms, ceiling: Cap | None, rows: Sequence[Instalment] | None = None) -> AboveCap | None:
    """Whether the annual cost of terms, fees included, is above the ceiling.

    `rows` is what is asked in all, where it is no longer the schedule of the terms.
    """
    if ceiling is None:
        return None
    asked = schedule.of(terms) if rows is None else rows
    cost = offer.cost(terms, asked, Method.IRR).nominal_percent
    # Amounts are whole cents: a loan at exactly the ceiling may pass it by what rounding adds.
    allowed = Decimal(ceiling.cap_ppm) / 10_000 + Decimal("0.005")
    return AboveCap(ceiling, cost) if cost >= allowed else None
