"""Reading what a borrower typed: each problem is named by its field, and what she typed is kept."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse

from lenity.base import money
from lenity.base.money import MAX_MINOR, MoneyError
from lenity.interfaces.shared import page

LONGEST_AMOUNT = 24


def amount(text: str, currency: str) -> int | None:
    """An amount as people write it (with the currency's sign, grouping commas, full-width digits); else None."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST_AMOUNT]).strip().lstrip("¥$€")
    try:
        minor = money.typed(plain.replace(" ", ""), currency).minor
    except MoneyError:
        return None
    return minor if 0 <= minor <= MAX_MINOR else None


def day(text: str) -> date | None:
    """A day as a date field sends it; else None."""
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def whole(text: str, least: int, most: int) -> int | None:
    """A whole number within bounds; else None."""
    plain = unicodedata.normalize("NFKC", text[:6]).strip()
    if not (plain.isascii() and plain.isdigit()):
        return None
    return int(plain) if least <= int(plain) <= most else None


def words(text: str, most: int = 2000) -> str:
    """Words in a person's own language: line ends made equal, control signs taken out, bounded."""
    kept = (sign for sign in text.replace("\r\n", "\n") if sign == "\n" or ord(sign) >= 32)
    return "".join(kept).strip()[:most]


def show(
    request: HttpRequest, template: str, context: dict[str, Any], problems: Mapping[str, str] | None = None
) -> HttpResponse:
    """A page with its problems: the summary on top and the same words by each field."""
    found = dict(problems or {})
    return page.show(request, template, {**context, "problems": found}, status=422 if found else 200)
