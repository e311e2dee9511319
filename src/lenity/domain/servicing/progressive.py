"""The progressive engine: interest on the balance, period by period, at the exact rate of each period.

The level instalment is P * prod(1 + r_k) / F with F_1 = 1 and F_k = 1 + F_(k-1) (1 + r_k), rounded once;
interest is rounded once per instalment; the last instalment takes what is left. One evening pass tries to
bring the last instalment nearer to the others and is kept only if it does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from lenity.domain.servicing import cumulative, periods
from lenity.domain.servicing.periods import Ratio
from lenity.domain.servicing.rounding import amount, half_even, to_multiple
from lenity.domain.servicing.terms import Amortization, Interest, Terms

SHIFT = 160
ONE = 1 << SHIFT


def split(terms: Terms, principal_minor: int, ends: Sequence[date]) -> list[tuple[int, int]]:
    """Principal and interest of each period, minor units."""
    if terms.interest is Interest.FLAT:
        return cumulative.flat(terms, principal_minor, ends, progressive=True)
    factors = [_times_rate(terms, part) for part in periods.year_parts(terms, ends, progressive=True)]
    if terms.amortization is Amortization.EQUAL_PRINCIPAL:
        return cumulative.equal_principal(terms, principal_minor, factors)
    level = level_instalment(terms, principal_minor, factors[terms.principal_grace :])
    rows = _rows(terms, principal_minor, factors, level)
    return _evened(terms, principal_minor, factors, level, rows)


def level_instalment(terms: Terms, principal_minor: int, factors: Sequence[Ratio]) -> int:
    """The level instalment over `factors`, rounded to the instalment multiple where one is set."""
    growth, annuity = ONE, 0
    for top, bottom in factors:
        factor = ONE + (top << SHIFT) // bottom
        growth = growth * factor >> SHIFT
        annuity = ONE + (annuity * factor >> SHIFT)
    return rounded_level(terms, principal_minor * growth, annuity)


def rounded_level(terms: Terms, top: int, bottom: int) -> int:
    """A level instalment as the terms round it."""
    level = amount(terms, top, bottom)
    if terms.instalment_multiple_minor > 1:
        level = to_multiple(level, 1, terms.instalment_multiple_minor)
    return level


def _times_rate(terms: Terms, part: Ratio) -> Ratio:
    rate = terms.annual_rate
    return rate.numerator * part[0], rate.denominator * part[1]


def _rows(terms: Terms, principal_minor: int, factors: Sequence[Ratio], level: int) -> list[tuple[int, int]]:
    balance, carried = principal_minor, 0
    last = len(factors) - 1
    plain = terms.currency_multiple_minor <= 1 and terms.rounding.value == "half_even"
    rows: list[tuple[int, int]] = []
    for index, (top, bottom) in enumerate(factors):
        owed = balance * top
        interest = half_even(owed, bottom) if plain else amount(terms, owed, bottom)
        if index < terms.interest_grace:
            carried, interest = carried + interest, 0
        elif carried:
            carried, interest = 0, interest + carried
        if index == last:
            principal = balance
        elif index < terms.principal_grace:
            principal = 0
        else:
            principal = min(max(level - interest, 0), balance)
        balance -= principal
        rows.append((principal, interest))
    return rows


def _evened(
    terms: Terms,
    principal_minor: int,
    factors: Sequence[Ratio],
    level: int,
    rows: list[tuple[int, int]],
) -> list[tuple[int, int]]:
    """One try with an instalment moved by a share of the difference; kept only if strictly more even."""
    count = len(factors) - terms.principal_grace
    if count < 2:
        return rows
    difference = _last_difference(rows)
    # |d| in hundredths of a currency unit is compared with half the number of instalments.
    if abs(difference) * 100 <= count // 2 * 10**terms.decimals or not count // 2:
        return rows
    step = half_even(abs(difference), count) * (1 if difference > 0 else -1)
    moved = level + step
    if terms.currency_multiple_minor > 1 or terms.instalment_multiple_minor > 1:
        moved = rounded_level(terms, moved, 1)
    if moved == level or moved <= 0:
        return rows
    tried = _rows(terms, principal_minor, factors, moved)
    return tried if abs(_last_difference(tried)) < abs(difference) else rows


def _last_difference(rows: list[tuple[int, int]]) -> int:
    return sum(rows[-1]) - sum(rows[-2])
