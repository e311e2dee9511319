"""Amounts and rates as decimal text, for programs."""

from __future__ import annotations

from fractions import Fraction


def decimal_text(minor: int, decimals: int) -> str:
    """Minor units as a decimal text.

    >>> decimal_text(-5, 2), decimal_text(120, 0)
    ('-0.05', '120')
    """
    sign, text = ("-" if minor < 0 else ""), str(abs(minor)).rjust(decimals + 1, "0")
    return f"{sign}{text[:-decimals]}.{text[-decimals:]}" if decimals else f"{sign}{text}"


def exact_text(value: Fraction) -> str:
    """A fraction that is a finite decimal, as text without trailing zeros.

    >>> exact_text(Fraction(1899, 100)), exact_text(Fraction(24))
    ('18.99', '24')
    """
    digits = 0
    while (value * 10**digits).denominator != 1:
        digits += 1
        if digits > 30:
            raise ValueError(f"{value} has no finite decimal form")
    return decimal_text(int(value * 10**digits), digits)
