"""What the checks and the limit know of an applicant on the day of the decision; stored with it, so it replays.

Nothing here names a person. Where age may not be used (US-RB-6b2) only the capacity to contract is kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from lenity.base import canonical
from lenity.law.reader import Rulebook

MAJORITY: Mapping[str, str] = {"CN": "CN-CC-17-20", "US": "US-MAJORITY"}
"""Where the age of majority of a place stands."""
AGE_PROTECTED: Mapping[str, str] = {"US": "US-RB-6b2"}
"""Places where age itself is no ground for a decision."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The credit asked for; without instalments it revolves."""

    amount_minor: int
    instalments: int
    annual_rate_ppm: int


@dataclass(frozen=True, slots=True)
class Facts:
    """None is unknown. Amounts are minor units a month; `vouched` are checks that the source made itself."""

    on_date: date
    place: str
    currency: str
    vouched: tuple[str, ...] = ()
    identity: str = "missing"  # valid | missing | what is wrong with the number
    birth_date_agrees: bool | None = None
    of_age: bool | None = None
    age_years: int | None = None
    open_applications: int | None = None
    days_since_decline: int | None = None
    other_names: int | None = None
    phone_people: int | None = None
    likely_known: int | None = None
    mobile_known: bool | None = None
    income_minor: int | None = None
    debts_minor: int | None = None
    debts_verified: bool | None = None
    living_minor: int = 0
    asked: Asked | None = None
    instalment_minor: int | None = None

    def text(self) -> str:
        """As canonical JSON."""
        plain = asdict(self)
        plain["on_date"] = self.on_date.isoformat()
        return canonical.text(plain)


def read(text: str) -> Facts:
    """Facts as they were stored.

    >>> one = Facts(date(2026, 11, 25), "CN", "CNY", asked=Asked(100, 12, 180_000))
    >>> read(one.text()) == one
    True
    """
    plain: dict[str, Any] = json.loads(text)
    plain["on_date"] = date.fromisoformat(plain["on_date"])
    plain["vouched"] = tuple(plain["vouched"])
    plain["asked"] = Asked(**plain["asked"]) if plain["asked"] else None
    return Facts(**plain)


def years_old(born: date, on_date: date) -> int:
    """Whole years; born on 29 February, a year is full on 1 March (in a common year).

    >>> years_old(date(2008, 2, 29), date(2026, 2, 28)), years_old(date(2008, 2, 29), date(2026, 3, 1))
    (17, 18)
    """
    return on_date.year - born.year - ((on_date.month, on_date.day) < (born.month, born.day))


def of_age(born: date | None, on_date: date, rulebook: Rulebook) -> bool | None:
    """CN-CC-17-20: whether the applicant can contract by age; None where birth date or law is unknown."""
    provision = MAJORITY.get(rulebook.place)
    if born is None or provision is None:
        return None
    return years_old(born, on_date) >= int(rulebook.value(provision, on_date)["years"])


def age_years(born: date | None, on_date: date, place: str) -> int | None:
    """US-RB-6b2: the age, only where it may be used."""
    return None if born is None or place in AGE_PROTECTED else years_old(born, on_date)
