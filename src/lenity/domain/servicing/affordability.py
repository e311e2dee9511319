"""What a household can pay: its month in whole minor units, and the floor that no plan may break.

The floor is the house rule HOUSE-FLOOR: a household keeps its stated essential costs or the configured
amounts, whichever is more. Weeks become months exactly (52 weeks in 12 months); income is rounded down and
costs up, once, after they were added.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any

from lenity.base.money import MAX_MINOR
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.servicing.plan import LAST_PAY_DAY
from lenity.domain.servicing.schedule import Instalment

A_MONTH: Mapping[str, Fraction] = {
    "week": Fraction(52, 12),
    "two_weeks": Fraction(26, 12),
    "month": Fraction(1),
    "year": Fraction(1, 12),
}
"""How often an amount comes in a month."""
MOST_PEOPLE = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One answer: an amount and how often it comes."""

    code: str
    minor: int
    every: str


@dataclass(frozen=True, slots=True)
class Budget:
    """A household's month as the borrower stated it."""

    currency: str
    adults: int
    children: int
    pay_day: int
    lines: tuple[Line, ...]

    def __post_init__(self) -> None:
        problems = []
        if not (1 <= self.adults <= MOST_PEOPLE and 0 <= self.children <= MOST_PEOPLE):
            problems.append(
                Problem("budget.household", f"Give 1 to {MOST_PEOPLE} adults and no more children.")
            )
        if not 0 <= self.pay_day <= LAST_PAY_DAY:
            problems.append(Problem("budget.pay_day", f"The payday is a day from 1 to {LAST_PAY_DAY}."))
        for line in self.lines:
            if line.code not in codes() or line.every not in A_MONTH:
                problems.append(Problem("budget.line", f"{line.code[:20]!r} is no line of a budget."))
            if type(line.minor) is not int or not 0 <= line.minor <= MAX_MINOR:
                problems.append(Problem("budget.amount", f"{line.code[:20]}: the amount is 0 or more."))
        if len({line.code for line in self.lines}) != len(self.lines):
            problems.append(Problem("budget.line", "A line is given once."))
        if problems:
            raise InputRefused(problems)


@dataclass(frozen=True, slots=True)
class Summary:
    """A month in whole minor units; `kept_minor` is what the household keeps, `room_minor` what is left."""

    currency: str
    income_minor: int
    essential_minor: int
    debts_minor: int
    floor_minor: int

    @property
    def kept_minor(self) -> int:
        """Stated essential costs, or the floor where it is higher."""
        return max(self.essential_minor, self.floor_minor)

    @property
    def room_minor(self) -> int:
        """What a plan may take in a month."""
        return max(self.income_minor - self.kept_minor - self.debts_minor, 0)


def summary(budget: Budget, floor: Mapping[str, Any]) -> Summary:
    """The month of a budget beside the floor (the value of HOUSE-FLOOR)."""
    return Summary(
        budget.currency,
        _down(_monthly(budget, "income")),
        _up(_monthly(budget, "essential")),
        _up(_monthly(budget, "debts")),
        floor_minor(budget, floor),
    )


def floor_minor(budget: Budget, floor: Mapping[str, Any]) -> int:
    """What this household keeps at least. An unknown currency is refused: the floor would not be known."""
    amounts = floor["currencies"].get(budget.currency)
    if amounts is None:
        says = f"No cost floor is configured for {budget.currency}."
        raise InputRefused([Problem("budget.currency", says, "Add it to HOUSE-FLOOR.")])
    return int(budget.adults * amounts["adult"] + budget.children * amounts["child"])


def asks_reason(budget: Budget, page: str, floor: Mapping[str, Any]) -> bool:
    """Whether a page's costs are so far above the floor that we ask why. The answer never refuses anything."""
    stated = sum(
        (line.minor * A_MONTH[line.every] for line in budget.lines if line.code in lines_of(page)),
        Fraction(0),
    )
    return (
        kind_of(page) == "essential" and stated * 100 > floor_minor(budget, floor) * floor["trigger_percent"]
    )


def heaviest_month_minor(rows: Sequence[Instalment]) -> int:
    """The most that rows ask in one calendar month."""
    months: dict[tuple[int, int], int] = defaultdict(int)
    for row in rows:
        months[row.due_date.year, row.due_date.month] += row.total_minor
    return max(months.values(), default=0)


def refuse_below_floor(rows: Sequence[Instalment], month: Summary, others_minor: int = 0) -> None:
    """Refuse a plan that would leave the household less than it keeps. `others_minor`: other loans with us."""
    asked = heaviest_month_minor(rows) + others_minor
    if asked > month.room_minor:
        says = f"The plan asks {asked} minor units in a month; the household can spare {month.room_minor}."
        raise InputRefused([Problem("plan.floor", says, "Ask less, over a longer time, or nothing for now.")])


def lines_of(page: str) -> tuple[str, ...]:
    """The lines of a page."""
    return tuple(next(one["lines"] for one in pages() if one["code"] == page))


def kind_of(page: str) -> str:
    """How a page counts."""
    return str(next(one["kind"] for one in pages() if one["code"] == page))


def codes() -> frozenset[str]:
    """Every line."""
    return frozenset(code for page in pages() for code in page["lines"])


@cache
def pages() -> tuple[dict[str, Any], ...]:
    """The pages as data."""
    text = resources.files("lenity.domain.servicing").joinpath("budget.toml").read_text("utf-8")
    return tuple(tomllib.loads(text)["pages"])


def to_plain(budget: Budget) -> dict[str, Any]:
    """Plain values for canonical JSON."""
    return {
        "currency": budget.currency,
        "adults": budget.adults,
        "children": budget.children,
        "pay_day": budget.pay_day,
        "lines": [[line.code, line.minor, line.every] for line in budget.lines],
    }


def from_plain(plain: Mapping[str, Any]) -> Budget:
    """The inverse of `to_plain`."""
    lines = tuple(Line(*line) for line in plain["lines"])
    return Budget(plain["currency"], plain["adults"], plain["children"], plain["pay_day"], lines)


def _monthly(budget: Budget, kind: str) -> Fraction:
    wanted = {code for page in pages() if page["kind"] == kind for code in page["lines"]}
    return _total(line.minor * A_MONTH[line.every] for line in budget.lines if line.code in wanted)


def _total(parts: Iterable[Fraction]) -> Fraction:
    return sum(parts, Fraction(0))


def _down(value: Fraction) -> int:
    return value.numerator // value.denominator


def _up(value: Fraction) -> int:
    return -_down(-value)
