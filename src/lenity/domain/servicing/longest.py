"""How long a new plan may run: by law on credit cards (CN-XYK-70), elsewhere by the house (HOUSE-PLAN)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lenity.base import dates
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.servicing.plan import PREPAYMENTS, Preview
from lenity.law.reader import Rulebook

CARD, HOUSE = "CN-XYK-70", "HOUSE-PLAN"


@dataclass(frozen=True, slots=True)
class Longest:
    """The last day on which a plan agreed on a day may end, and the provision that says so.

    `more_months` may be added to an old plan that itself runs longer; a limit of the law adds nothing.
    """

    provision: str
    months: int
    until: date
    more_months: int = 0

    def allows(self, made: Preview) -> bool:
        """Whether a plan ends in time. Paying ahead makes none longer and is always free."""
        if made.kind in PREPAYMENTS or not made.new:
            return True
        last = self.until
        if self.more_months and made.old and made.old[-1].due_date > last:
            last = dates.add_months(made.old[-1].due_date, self.more_months)
        return made.new[-1].due_date <= last


def of(book: Rulebook, *, is_card: bool, on_date: date) -> Longest:
    """The limit of a place for a plan agreed on a day."""
    named = {one.id for one in book.provisions}
    if is_card and CARD in named:
        months = int(book.value(CARD, on_date)["max_months"])
        return Longest(CARD, months, dates.add_months(on_date, months))
    value = book.value(HOUSE, on_date)
    months = int(value["max_months"])
    return Longest(HOUSE, months, dates.add_months(on_date, months), int(value["more_months"]))


def refuse_longer(made: Preview, longest: Longest) -> Preview:
    """The plan, where it ends in time; `InputRefused` names the limit where it does not."""
    if longest.allows(made):
        return made
    says = f"The plan ends on {made.new[-1].due_date}; at most {longest.months} months ({longest.provision})."
    raise InputRefused([Problem("plan.length", says, "Choose fewer or larger instalments.")])
