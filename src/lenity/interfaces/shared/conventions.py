"""The reader's conventions: the locale of her language, and the wall clock that pages show her."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import date
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_currency
from django.utils.translation import get_language

from lenity.base.money import Money
from lenity.domain.servicing.statement import Style

HOME_ZONE = "Asia/Shanghai"
HOME_CLOCKS = frozenset({HOME_ZONE, "Asia/Hong_Kong"})
"""Zones that show one clock, and need no name beside a time."""
ZONE: ContextVar[str] = ContextVar("zone", default=HOME_ZONE)
"""The wall clock that pages show: the lender's, and for a signed-in borrower her own."""


def locale_name() -> str:
    """Babel's name of the language in force."""
    return locale_of(get_language() or "")


def locale_of(language: str) -> str:
    """Babel's name of a language."""
    return "zh_Hans_CN" if language.startswith("zh") else "en_US"


@lru_cache(maxsize=4096)
def amount_in(minor: int, currency: str, locale: str) -> str:
    """An amount as a reader of this locale writes it."""
    return str(format_currency(Money(minor, currency).decimal_text(), currency, locale=locale))


@lru_cache(maxsize=4096)
def day_in(value: date, locale: str, length: str = "long") -> str:
    """A day as a reader of this locale writes it."""
    return str(format_date(value, format=length, locale=locale))


def statement_style(language: str, length: str = "long") -> Style:
    """How a statement writes amounts and days for a person."""
    locale = locale_of(language)
    return Style(
        lambda minor, currency, _decimals: amount_in(minor, currency, locale),
        lambda value: day_in(value, locale, length),
    )
