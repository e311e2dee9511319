"""How long each kind of personal data is kept, and by what right (HOUSE-RETAIN, CN-PIPL-19, US-RF-100).

The periods are data; this reads them for a place and a day. What a person's hold, dispute, request or suit
keeps from going is asked of the records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from lenity.base import dates
from lenity.law.reader import Provision, Rulebook

RULE = "HOUSE-RETAIN"


@dataclass(frozen=True)
class Kind:
    """One kind of data: what it is, from when its time runs, how long, and the provisions behind it.

    With neither `days` nor `years` it stays. `after_end` says that its time runs only once everything between
    the lender and the person was settled.
    """

    name: str
    says: Mapping[str, str]
    since: Mapping[str, str]
    days: int
    years: int
    after_end: bool
    basis: tuple[Provision, ...]

    @property
    def goes(self) -> bool:
        """Whether it ever goes."""
        return bool(self.days or self.years)

    def before(self, today: date) -> date:
        """What is from before this day has had its time.

        >>> Kind("x", {}, {}, 0, 3, False, ()).before(date(2028, 2, 29))
        datetime.date(2025, 2, 28)
        """
        if not self.goes:
            return date.min
        return dates.add_months(today, -12 * self.years) if self.years else today - timedelta(days=self.days)


def kinds(book: Rulebook, on_date: date) -> tuple[Kind, ...]:
    """Every kind of data, for the place of a rulebook, by the rule of a day."""
    known = {one.id: one for one in book.provisions}
    told: Mapping[str, Mapping[str, Any]] = book.value(RULE, on_date)
    return tuple(
        Kind(
            name,
            value["says"],
            value["since"],
            int(value.get("days", 0)),
            int(value["years"].get(book.place, value["other_years"])) if "years" in value else 0,
            name == "person" or book.place in value.get("after_end", ()),
            tuple(known[one] for one in value["basis"] if one in known) or (known[RULE],),
        )
        for name, value in told.items()
    )
