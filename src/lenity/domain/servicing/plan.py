"""What a new plan is: the kinds, a request for one, and the plan beside the old one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from lenity.domain.servicing.schedule import Instalment

MOST_PERIODS = 60
"""The most instalments of a new plan or an extension; `longest` has the months."""

LAST_PAY_DAY = 28
"""A day that every month has."""


class Kind(Enum):
    """The plans that can be agreed."""

    EXTENSION = "extension"
    RE_AGE = "re_age"
    RE_AMORTISE = "re_amortise"
    INTEREST_PAUSE = "interest_pause"
    RATE_CUT = "rate_cut"
    PRINCIPAL_REDUCTION = "principal_reduction"
    SHORTER_TERM = "shorter_term"
    SMALLER_INSTALMENT = "smaller_instalment"
    PAYOFF = "payoff"


PREPAYMENTS = (Kind.SHORTER_TERM, Kind.SMALLER_INSTALMENT, Kind.PAYOFF)
NEEDS = {
    Kind.EXTENSION: "periods",
    Kind.RE_AMORTISE: "periods",
    Kind.INTEREST_PAUSE: "periods",
    Kind.RATE_CUT: "annual_rate",
    Kind.PRINCIPAL_REDUCTION: "amount_minor",
    Kind.SHORTER_TERM: "amount_minor",
    Kind.SMALLER_INSTALMENT: "amount_minor",
}


@dataclass(frozen=True, slots=True)
class Request:
    """A plan that is asked for; each kind needs one of the three values (`NEEDS`), payoff and re-age none.

    `pay_day` (a day of the month, 0 for the days it has) moves the due dates of a re-amortised plan.
    """

    kind: Kind
    periods: int = 0
    annual_rate: Fraction | None = None
    amount_minor: int = 0
    pay_day: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """The old plan and the new one, and what it costs each side, minor units.

    `forgone_interest_minor` is interest of the old plan that the new one does not ask (below zero: it asks
    more); `borrower_pays_more_minor` is the whole difference for the borrower, below zero where she saves.
    """

    kind: Kind
    old: tuple[Instalment, ...]
    new: tuple[Instalment, ...]
    forgiven_principal_minor: int
    forgone_interest_minor: int
    forgone_fees_minor: int
    returned_interest_minor: int = 0

    @property
    def borrower_pays_more_minor(self) -> int:
        """What the borrower pays more, all in."""
        return total(self.new) - total(self.old) - self.returned_interest_minor

    @property
    def old_total_minor(self) -> int:
        """All that the old plan asks."""
        return total(self.old)

    @property
    def new_total_minor(self) -> int:
        """All that the new plan asks."""
        return total(self.new)

    @property
    def difference_minor(self) -> int:
        """How far the new plan's total is from the old one's, without its sign."""
        return abs(self.borrower_pays_more_minor)


def total(rows: Sequence[Instalment]) -> int:
    """All that rows ask."""
    return sum(row.total_minor for row in rows)
