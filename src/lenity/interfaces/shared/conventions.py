"""The reader's conventions: the locale of her language, and the wall clock that pages show her."""

from __future__ import annotations

from contextvars import ContextVar

from django.utils.translation import get_language

HOME_ZONE = "Asia/Shanghai"
HOME_CLOCKS = frozenset({HOME_ZONE, "Asia/Hong_Kong"})
"""Zones that show one clock, and need no name beside a time."""
ZONE: ContextVar[str] = ContextVar("zone", default=HOME_ZONE)
"""The wall clock that pages show: the lender's, and for a signed-in borrower her own."""


def locale_name() -> str:
    """Babel's name of the language in force."""
    return "zh_Hans_CN" if (get_language() or "").startswith("zh") else "en_US"
