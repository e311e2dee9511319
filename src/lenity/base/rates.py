"""Rates are whole parts per million a year."""

from __future__ import annotations

from fractions import Fraction

PPM = 1_000_000


def fraction(rate_ppm: int) -> Fraction:
    """A rate in parts per million as an exact fraction.

    >>> fraction(240_000)
    Fraction(6, 25)
    """
    if type(rate_ppm) is not int:
        raise TypeError("a rate is a whole number of parts per million")
    return Fraction(rate_ppm, PPM)


def percent_text(rate_ppm: int) -> str:
    """A rate in per cent with at most four decimals.

    >>> percent_text(240_000), percent_text(53_750)
    ('24', '5.375')
    """
    whole, rest = divmod(abs(rate_ppm), 10_000)
    decimals = f"{rest:04d}".rstrip("0")
    sign = "-" if rate_ppm < 0 else ""
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"
