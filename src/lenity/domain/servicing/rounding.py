"""Whole-number arithmetic of the schedule engines: one division, one rounding, no fractions built.

`money.round_fraction` is the rule; `share` is the same rule on numerator and denominator, which the hot path
has at hand (a test holds them equal).
"""

from __future__ import annotations

from lenity.base.money import Rounding
from lenity.domain.servicing.terms import Terms


def half_even(top: int, bottom: int) -> int:
    """`top / bottom` to the nearest whole number, ties to even; `bottom` > 0.

    >>> half_even(5, 2), half_even(7, 2), half_even(-5, 2)
    (2, 4, -2)
    """
    whole, rest = divmod(top, bottom)
    twice = 2 * rest
    if twice > bottom or (twice == bottom and whole & 1):
        return whole + 1
    return whole


def share(top: int, bottom: int, rule: Rounding) -> int:
    """`top / bottom` as a whole number by `rule`; `top` >= 0, `bottom` > 0."""
    if rule is Rounding.HALF_EVEN:
        return half_even(top, bottom)
    whole, rest = divmod(top, bottom)
    if rule is Rounding.DOWN:
        return whole
    if rule is Rounding.UP:
        return whole + (rest > 0)
    return whole + (2 * rest >= bottom)


def amount(terms: Terms, top: int, bottom: int) -> int:
    """`top / bottom` minor units as an amount of the currency, which may come in multiples only.

    Multiples take ties up, as the engines that lenders move from do.
    """
    multiple = terms.currency_multiple_minor
    if multiple > 1:
        return to_multiple(top, bottom, multiple)
    return share(top, bottom, terms.rounding)


def to_multiple(top: int, bottom: int, multiple: int) -> int:
    """`top / bottom` to the nearest multiple, ties up; 0 or 1 leaves whole minor units as they are.

    >>> to_multiple(30, 1, 20), to_multiple(29, 1, 20)
    (40, 20)
    """
    return (2 * top + bottom * multiple) // (2 * bottom * multiple) * multiple
