"""Money is a whole number of minor units with its currency.

>>> Money(123456, "CNY") + Money(44, "CNY")
Money(minor=123500, currency='CNY')
>>> Money(123456, "CNY").decimal_text()
'1234.56'
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

MAX_MINOR = 10**15
"""Largest amount of one item, in minor units: 10 trillion yuan. Sums of 9,000 such items fit Int64."""

_TWO_DIGITS = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF "
    "CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL "
    "HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP "
    "MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD "
    "SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS "
    "VED VES WST XCD YER ZAR ZMW "
)
_NO_DIGITS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE_DIGITS = "BHD IQD JOD KWD LYD OMR TND"

MINOR_DIGITS: dict[str, int] = {
    code: digits
    for digits, codes in ((2, _TWO_DIGITS), (0, _NO_DIGITS), (3, _THREE_DIGITS))
    for code in codes.split()
}
"""Minor-unit digits by ISO 4217 code."""


GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")
"""A decimal whose commas group thousands, and do nothing else."""


class MoneyError(ValueError):
    """An amount that cannot be money: wrong type, unknown currency, out of bounds, mixed currencies."""


class Rounding(Enum):
    """How a fraction of a minor unit becomes a whole one."""

    HALF_EVEN = "half_even"
    HALF_UP = "half_up"
    DOWN = "down"
    UP = "up"


def round_fraction(value: Fraction | int, rule: Rounding) -> int:
    """Whole number nearest to `value` by `rule`: the only rounding in Lenity.

    `DOWN` is towards zero, `UP` away from zero, `HALF_UP` takes ties away from zero.

    >>> round_fraction(Fraction(5, 2), Rounding.HALF_EVEN), round_fraction(Fraction(5, 2), Rounding.HALF_UP)
    (2, 3)
    >>> round_fraction(Fraction(-5, 2), Rounding.HALF_UP), round_fraction(Fraction(-9, 4), Rounding.UP)
    (-3, -3)
    """
    if isinstance(value, float) or not isinstance(value, (int, Fraction)):
        raise MoneyError(f"round_fraction takes int or Fraction, not {type(value).__name__}")
    sign = -1 if value < 0 else 1
    whole, rest = divmod(abs(Fraction(value)), 1)
    half = Fraction(1, 2)
    if rule is Rounding.UP:
        whole += rest > 0
    elif rule is Rounding.HALF_UP:
        whole += rest >= half
    elif rule is Rounding.HALF_EVEN:
        whole += rest > half or (rest == half and whole % 2 == 1)
    return sign * int(whole)


def minor_digits(currency: str) -> int:
    """Digits after the decimal point for an ISO 4217 code."""
    try:
        return MINOR_DIGITS[currency]
    except (KeyError, TypeError):
        raise MoneyError(f"unknown currency {currency!r}; use an ISO 4217 code such as CNY") from None


def is_currency(code: str) -> bool:
    """Whether `code` is an ISO 4217 code in use.

    >>> is_currency("CNY"), is_currency("cny")
    (True, False)
    """
    return code in MINOR_DIGITS


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount: `minor` whole minor units (fen, cents) of `currency` (ISO 4217)."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise MoneyError(f"money is a whole number of minor units, not {type(self.minor).__name__}")
        minor_digits(self.currency)
        if abs(self.minor) > MAX_MINOR:
            raise MoneyError(f"amount {self.minor} is beyond the bound of {MAX_MINOR} minor units")

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def times(self, factor: Fraction | int, rule: Rounding) -> Money:
        """This amount times an exact factor, rounded by `rule`."""
        if isinstance(factor, float) or not isinstance(factor, (int, Fraction)):
            raise MoneyError(f"a factor is an int or a Fraction, not {type(factor).__name__}")
        return Money(round_fraction(self.minor * Fraction(factor), rule), self.currency)

    def decimal_text(self) -> str:
        """The amount with a decimal point and no grouping, as programs exchange it."""
        digits = minor_digits(self.currency)
        sign = "-" if self.minor < 0 else ""
        text = str(abs(self.minor)).rjust(digits + 1, "0")
        return f"{sign}{text[:-digits]}.{text[-digits:]}" if digits else f"{sign}{text}"

    def _same(self, other: Money) -> int:
        if not isinstance(other, Money):
            raise MoneyError(f"money meets money only, not {type(other).__name__}")
        if other.currency != self.currency:
            raise MoneyError(f"{self.currency} and {other.currency} cannot be mixed")
        return other.minor


def parse(text: str, currency: str) -> Money:
    """Read a plain decimal such as `1234.5`; refuse grouping, exponents and excess digits.

    >>> parse("1234.5", "CNY").minor
    123450
    """
    digits = minor_digits(currency)
    body = text.strip()
    sign = -1 if body.startswith("-") else 1
    whole, _, rest = body.lstrip("+-").partition(".")
    plain = (whole + rest).isascii() and (whole + rest).isdigit() and whole != "" and len(body) <= 32
    if not plain or body.count("-") + body.count("+") > 1:
        raise MoneyError(f"{text[:40]!r} is not an amount; write digits with an optional decimal point")
    if rest.rstrip("0")[digits:]:
        raise MoneyError(f"{text[:40]!r} has more than {digits} decimals for {currency}")
    return Money(sign * int(whole + rest[:digits].ljust(digits, "0")), currency)


def typed(text: str, currency: str) -> Money:
    """Read an amount as people and banks write it: `1,234.50` too. A comma elsewhere is refused, not guessed at.

    >>> typed("1,234.50", "CNY").minor
    123450
    >>> typed("12,50", "CNY")
    Traceback (most recent call last):
    lenity.base.money.MoneyError: '12,50' has a comma that groups no thousands; write a decimal point
    """
    body = text.strip()
    if "," in body and not GROUPED.fullmatch(body):
        raise MoneyError(f"{text[:40]!r} has a comma that groups no thousands; write a decimal point")
    return parse(body.replace(",", ""), currency)
