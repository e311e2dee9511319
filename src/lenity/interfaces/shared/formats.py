"""Amounts, days, instants and rates in the reader's conventions, by Babel's data.

>>> from lenity.base.money import Money
>>> amount(Money(123456, "CNY")), amount(Money(-5, "USD")), amount(Money(1234, "JPY"))
('¥1,234.56', '−US$0.05', 'JP¥1,234')
>>> day(date(2026, 11, 24), "zh-hans"), day(date(2026, 11, 24), "en")
('2026年11月24日', 'November 24, 2026')
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.dates import format_date, format_datetime, format_time, get_timezone
from babel.numbers import format_decimal, get_currency_symbol

from lenity.base import rates
from lenity.base.money import Money, minor_digits

SIGNS_OF = "zh_Hans_CN"
"""Currency signs follow the home market in every language: ¥ is the yuan and a dollar says whose it is."""


def locale(language: str | None) -> Locale:
    """Babel's locale of one of our languages; the home market's when in doubt."""
    return _locale("en_US" if (language or "").startswith("en") else "zh_Hans_CN")


@cache
def _locale(name: str) -> Locale:
    return Locale.parse(name)


def parts(money: Money) -> tuple[str, str, str]:
    """Sign, grouped whole part, and the decimals with their point."""
    digits = minor_digits(money.currency)
    whole_part, _, rest = Money(abs(money.minor), money.currency).decimal_text().partition(".")
    minus = "−" if money.minor < 0 else ""
    sign = minus + get_currency_symbol(money.currency, locale=SIGNS_OF)
    grouped = format_decimal(int(whole_part), locale="en_US")
    return sign, grouped, f".{rest}" if digits else ""


def amount(money: Money) -> str:
    """An amount as people write it."""
    return "".join(parts(money))


def day(value: date, language: str | None) -> str:
    """A day in full."""
    return format_date(value, format="long", locale=locale(language))


def month_day(value: date, language: str | None) -> str:
    """A day without its year, short."""
    return format_date(value, format=_SHORT[_tongue(language)], locale=locale(language))


_SHORT = {"zh": "M月d日", "en": "MMM d"}


def instant(value: datetime, zone: str, language: str | None) -> str:
    """A day and a time on the clocks of `zone` (IANA name)."""
    pattern = {"zh": "y年M月d日 HH:mm", "en": "MMMM d, y, h:mm a"}[_tongue(language)]
    return format_datetime(value, pattern, tzinfo=get_timezone(zone), locale=locale(language))


def clock(value: datetime, zone: str, language: str | None) -> str:
    """A time on the clocks of `zone`."""
    pattern = {"zh": "HH:mm", "en": "h:mm a"}[_tongue(language)]
    return format_time(value, pattern, tzinfo=get_timezone(zone), locale=locale(language))


def percent(rate_ppm: int, language: str | None) -> str:
    """A rate in per cent, exact.

    >>> percent(53_750, "en")
    '5.375%'
    """
    return f"{format_decimal(Decimal(rates.percent_text(rate_ppm)), '#,##0.####', locale=locale(language))}%"


def whole(number: int, language: str | None) -> str:
    """A whole number with grouping."""
    return format_decimal(number, locale=locale(language))


def _tongue(language: str | None) -> str:
    return "en" if (language or "").startswith("en") else "zh"
