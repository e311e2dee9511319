"""What a loan costs a year: the US actuarial APR and the rate of return of its payments (IRR).

APR: US-RZ-J, Regulation Z, 12 CFR part 1026, appendix J. sum A_k / ((1 + e_k i)(1 + i)^q_k) =
sum P_j / ((1 + f_j i)(1 + i)^t_j), where q and t count whole unit-periods from the first advance and e and f
are the fractions left; APR = i times the unit-periods in a year.

IRR: the same equation with (1 + i)^(t + f). China's disclosure rule asks for it; whether a period's rate is
multiplied or compounded to a year was not read in the rule itself (law: CN-PBC-2021-3, a gap), so both are
given and multiplication, which compares with a nominal contract rate, is the default.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from enum import Enum
from fractions import Fraction

from lenity.base import dates
from lenity.base.outcomes import InputRefused, Problem

PRECISION = Context(prec=40)
HIGHEST = Decimal(1_000_000)


class Method(Enum):
    """How odd days are counted and how a period's rate becomes a year's."""

    US_ACTUARIAL = "us_actuarial"
    IRR = "irr"


class Kind(Enum):
    """Kinds of unit-period of appendix J (b)(1) to (b)(4)."""

    DAY = "day"
    WEEK = "week"
    SEMIMONTH = "semimonth"
    MONTH = "month"
    YEAR = "year"
    TERM = "term"


@dataclass(frozen=True, slots=True)
class UnitPeriod:
    """A unit-period: `every` days, weeks, months or years, a half month, or the whole term in days or months."""

    kind: Kind
    every: int = 1

    @property
    def per_year(self) -> Fraction:
        """Unit-periods in a year: appendix J (b)(5)."""
        year = {
            Kind.DAY: 365,
            Kind.TERM: 365,
            Kind.WEEK: 52,
            Kind.SEMIMONTH: 24,
            Kind.MONTH: 12,
            Kind.YEAR: 1,
        }
        return Fraction(year[self.kind], self.every)

    def between(self, start: date, end: date) -> tuple[int, Fraction]:
        """Whole unit-periods and the fraction left between two days: appendix J (b)(5)(i) to (v).

        Months are measured back from the later day; the days left in front are thirtieths of a month.
        """
        if self.kind in (Kind.DAY, Kind.TERM):
            return _divided((end - start).days, self.every)
        if self.kind is Kind.WEEK:
            return _divided((end - start).days, 7 * self.every)
        months, days = months_back(start, end)
        if self.kind is Kind.SEMIMONTH:
            return _divided(30 * months + days, 15)
        if self.kind is Kind.MONTH:
            return _divided(30 * months + days, 30 * self.every)
        years, left = divmod(months, 12 * self.every)
        if days == 0:
            return years, Fraction(left, 12 * self.every)
        reached = dates.add_months(end, -12 * self.every * years)
        return years, Fraction((reached - start).days, 365 * self.every)

    def after(self, first: date, number: int) -> date:
        """The day `number` unit-periods after `first`."""
        if self.kind in (Kind.DAY, Kind.TERM):
            return first + timedelta(days=self.every * number)
        if self.kind is Kind.WEEK:
            return first + timedelta(days=7 * self.every * number)
        if self.kind is Kind.SEMIMONTH:
            return _half_months_after(first, number)
        months = self.every * (12 if self.kind is Kind.YEAR else 1)
        return dates.add_months(first, months * number)


@dataclass(frozen=True, slots=True)
class Flow:
    """Money on a day, in minor units (or any one unit: only ratios matter)."""

    day: date
    amount: int


@dataclass(frozen=True, slots=True)
class AnnualCost:
    """Rates in per cent: nominal (period rate times periods) and effective (compounded)."""

    nominal_percent: Decimal
    effective_percent: Decimal

    def text(self, places: int = 2) -> str:
        """The nominal rate, rounded half up."""
        return rounded(self.nominal_percent, places)


def rounded(percent: Decimal, places: int) -> str:
    """A percentage with a fixed number of decimals, half up."""
    return str(percent.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


def annual_cost(
    advances: Sequence[Flow],
    payments: Sequence[Flow],
    unit: UnitPeriod,
    method: Method = Method.US_ACTUARIAL,
    per_year: Fraction | None = None,
) -> AnnualCost:
    """The annual cost at which payments are worth the advances.

    Raises `InputRefused` where no rate solves the equation: nothing advanced, nothing paid, or a payment
    before the first advance.
    """
    _check(advances, payments)
    start = min(flow.day for flow in advances)
    with localcontext(PRECISION):
        out = [(Decimal(one.amount), *_placed(unit, start, one.day)) for one in advances]
        back = [(Decimal(one.amount), *_placed(unit, start, one.day)) for one in payments]
        simple = method is Method.US_ACTUARIAL
        rate = _solve(out, back, simple)
        periods = per_year or unit.per_year
        year = Decimal(periods.numerator) / Decimal(periods.denominator)
        return AnnualCost(rate * year * 100, ((1 + rate) ** year - 1) * 100)


Placed = tuple[Decimal, int, Decimal]


def _placed(unit: UnitPeriod, start: date, day: date) -> tuple[int, Decimal]:
    whole, part = unit.between(start, day)
    return whole, Decimal(part.numerator) / Decimal(part.denominator)


def _value(flows: Iterable[Placed], rate: Decimal, simple: bool) -> Decimal:
    one = 1 + rate
    total = Decimal(0)
    for amount, whole, part in flows:
        if simple:
            total += amount / ((1 + part * rate) * one**whole)
        else:
            total += amount / (one ** (whole + part) if part else one**whole)
    return total


def _solve(out: Sequence[Placed], back: Sequence[Placed], simple: bool) -> Decimal:
    """The period rate, by bisection: advances less payments grows with the rate."""

    def gap(rate: Decimal) -> Decimal:
        return _value(out, rate, simple) - _value(back, rate, simple)

    low, high = Decimal("-0.99"), Decimal(1)
    if gap(Decimal(0)) > 0:
        high = Decimal(0)
    else:
        low = Decimal(0)
        while gap(high) < 0:
            high *= 4
            if high > HIGHEST:
                raise InputRefused([Problem("apr.rate", "No rate below 100,000,000 % a period solves this.")])
    if gap(low) > 0:
        raise InputRefused(
            [Problem("apr.rate", "The payments are worth almost nothing of what was advanced.")]
        )
    for _ in range(100):
        middle = (low + high) / 2
        if gap(middle) < 0:
            low = middle
        else:
            high = middle
        if high - low < Decimal("1e-22"):
            break
    return (low + high) / 2


def _check(advances: Sequence[Flow], payments: Sequence[Flow]) -> None:
    problems = []
    if not advances or sum(flow.amount for flow in advances) <= 0:
        problems.append(Problem("apr.amount_financed", "Nothing is advanced.", "Give an amount above zero."))
    if not payments or sum(flow.amount for flow in payments) <= 0:
        problems.append(Problem("apr.payments", "Nothing is paid.", "Give at least one payment above zero."))
    if any(flow.amount < 0 for flow in (*advances, *payments)):
        problems.append(Problem("apr.payments", "An amount is negative."))
    if not problems and min(flow.day for flow in payments) < min(flow.day for flow in advances):
        problems.append(Problem("apr.payments", "A payment is before the first advance.", "Check the dates."))
    if problems:
        raise InputRefused(problems)


def months_back(start: date, end: date) -> tuple[int, int]:
    """Whole months measured back from `end`, and the days left from `start`.

    >>> from datetime import date
    >>> months_back(date(1978, 1, 10), date(1978, 3, 15))
    (2, 5)
    """
    months = (end.year - start.year) * 12 + end.month - start.month
    while dates.add_months(end, -months) < start:
        months -= 1
    return months, (dates.add_months(end, -months) - start).days


def _divided(days: int, length: int) -> tuple[int, Fraction]:
    whole, left = divmod(days, length)
    return whole, Fraction(left, length)


def _half_months_after(first: date, number: int) -> date:
    """Twice a month, 15 days apart: the 1st and 16th, the 10th and 25th."""
    months, odd = divmod(number, 2)
    if not odd:
        return dates.add_months(first, months)
    if first.day <= 15:
        base = dates.add_months(first, months)
        return dates.add_months(base.replace(day=1), 0, anchor_day=first.day + 15)
    return dates.add_months(first, months + 1, anchor_day=first.day - 15)
