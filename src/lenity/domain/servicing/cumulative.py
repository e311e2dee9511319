"""The cumulative engine: one rate for every regular period, declining or flat, level instalments or principal.

The conventions are those in wide use by lenders who move their book: the level instalment is sized with a
regular period (30-day months over the days of the year), whatever the days of the single periods are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from lenity.domain.servicing import periods
from lenity.domain.servicing.periods import Ratio
from lenity.domain.servicing.rounding import amount, to_multiple
from lenity.domain.servicing.terms import Amortization, Interest, InterestPeriod, Terms, Unit

SHIFT = 160
ONE = 1 << SHIFT


def split(terms: Terms, principal_minor: int, ends: Sequence[date]) -> list[tuple[int, int]]:
    """Principal and interest of each period, minor units."""
    if terms.interest is Interest.FLAT:
        return flat(terms, principal_minor, ends)
    rate = terms.annual_rate
    factors = [
        (rate.numerator * top, rate.denominator * bottom)
        for top, bottom in periods.year_parts(terms, ends, progressive=False)
    ]
    if terms.amortization is Amortization.EQUAL_PRINCIPAL:
        return equal_principal(terms, principal_minor, factors)
    return _declining(terms, principal_minor, factors, level_instalment(terms, principal_minor))


def level_instalment(terms: Terms, principal_minor: int) -> int:
    """The level instalment of an annuity at the rate of a regular period over the instalments with principal."""
    top, bottom = periods.regular_part(terms)
    rate = terms.annual_rate
    count = terms.instalments - terms.principal_grace
    factor = ONE + (rate.numerator * top << SHIFT) // (rate.denominator * bottom)
    growth, annuity = ONE, 0
    for _ in range(count):
        annuity = ONE + (annuity * factor >> SHIFT) if annuity else ONE
        growth = growth * factor >> SHIFT
    level = amount(terms, principal_minor * growth, annuity)
    if terms.instalment_multiple_minor > 1:
        level = to_multiple(level, 1, terms.instalment_multiple_minor)
    return level


def _declining(
    terms: Terms, principal_minor: int, factors: Sequence[Ratio], level: int
) -> list[tuple[int, int]]:
    balance, carried = principal_minor, 0
    last = len(factors) - 1
    rows: list[tuple[int, int]] = []
    for index, (top, bottom) in enumerate(factors):
        own = amount(terms, balance * top, bottom)
        interest, carried = _after_grace(terms, index, own, carried)
        if index == last:
            principal = balance
        elif index < terms.principal_grace:
            principal = 0
        else:
            principal = min(max(level - interest, 0), balance)
        balance -= principal
        rows.append((principal, interest))
    return rows


def equal_principal(terms: Terms, principal_minor: int, factors: Sequence[Ratio]) -> list[tuple[int, int]]:
    """Level principal; the last instalment takes what is left."""
    balance, carried = principal_minor, 0
    step = amount(terms, principal_minor, terms.instalments - terms.principal_grace)
    last = len(factors) - 1
    rows: list[tuple[int, int]] = []
    for index, (top, bottom) in enumerate(factors):
        interest, carried = _after_grace(terms, index, amount(terms, balance * top, bottom), carried)
        principal = 0 if index < terms.principal_grace else min(step, balance)
        if index == last:
            principal = balance
        balance -= principal
        rows.append((principal, interest))
    return rows


def flat(
    terms: Terms, principal_minor: int, ends: Sequence[date], *, progressive: bool = False
) -> list[tuple[int, int]]:
    """Interest on the full disbursed amount for the whole term, in level shares; a down payment changes nothing."""
    total = flat_interest(terms, ends, progressive)
    count, paying = terms.instalments, terms.instalments - terms.interest_grace
    each = amount(terms, total, paying)
    if terms.amortization is Amortization.EQUAL_PRINCIPAL:
        each = amount(terms, total, count)
    multiple = terms.instalment_multiple_minor
    balance, left, carried = principal_minor, total, 0
    rows: list[tuple[int, int]] = []
    for index in range(count):
        interest, carried = each, carried
        if terms.amortization is Amortization.EQUAL_PRINCIPAL:
            interest, carried = _after_grace(terms, index, each, carried)
        elif index < terms.interest_grace:
            interest = 0
        interest = left if index == count - 1 else min(interest, left)
        left -= interest
        principal = amount(terms, principal_minor, count - terms.principal_grace)
        if multiple:
            whole = to_multiple(principal_minor, count - terms.principal_grace, multiple)
            principal = whole + to_multiple(interest, 1, multiple) - interest
        principal = 0 if index < terms.principal_grace else min(max(principal, 0), balance)
        if index == count - 1:
            principal = balance
        balance -= principal
        rows.append((principal, interest))
    return rows


def flat_interest(terms: Terms, ends: Sequence[date], progressive: bool) -> int:
    """Flat interest of the whole term, minor units."""
    top, bottom = _term(terms, ends)
    if progressive and terms.interest_period is InterestPeriod.DAILY:
        parts = (Fraction(*part) for part in periods.year_parts(terms, ends, progressive=True))
        whole = sum(parts, Fraction(0))
        top, bottom = whole.numerator, whole.denominator
    rate = terms.annual_rate
    return amount(terms, terms.principal_minor * rate.numerator * top, rate.denominator * bottom)


def _term(terms: Terms, ends: Sequence[date]) -> Ratio:
    """The term of the loan as a part of a year."""
    if terms.interest_period is InterestPeriod.DAILY:
        return (ends[-1] - terms.disbursed_on).days, terms.days_in_year or 365
    per_year = {Unit.MONTHS: 12, Unit.WEEKS: 52, Unit.DAYS: terms.days_in_year or 365}[terms.unit]
    if terms.partial_period_interest and terms.unit is Unit.MONTHS and terms.due_dates:
        top, bottom = periods.months_between(terms.disbursed_on, ends[-1], terms.disbursed_on.day)
        return top, per_year * bottom
    return terms.instalments * terms.every, per_year


def _after_grace(terms: Terms, index: int, own: int, carried: int) -> tuple[int, int]:
    """Interest of a period and what is carried: grace rows carry it to the first row after them."""
    if index < terms.interest_grace:
        return 0, carried + own
    return own + carried, 0
