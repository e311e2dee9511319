"""Why a contact was allowed or stopped, as a borrower reads it; the certificate itself stays as it was stored.

A time stands on her own clock and needs no name of a zone beside it; one of another clock is named as people
name it. An article is told where the source is law: a house rule has none that she could look up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from babel.core import UnknownLocaleError
from babel.dates import get_timezone_name
from django.utils.translation import gettext

from lenity.domain.debt_collection import certificate
from lenity.interfaces.shared.conventions import HOME_CLOCKS, ZONE, locale_name

NAMED = re.compile(r" ?\b[A-Z][A-Za-z]+(?:/[A-Za-z_+-]+)+")
"""A zone of the time zone database, as a certificate names it beside a time."""
NUMBER = re.compile(r"\d+(?:[.-]\d+)*(?:, \d+(?:[.-]\d+)*)*$")


@dataclass(frozen=True)
class Reason:
    """One reason: what was the case, what the rule says, and where that stands."""

    fact: str
    rule: str
    source: str


def of(plain: Mapping[str, Any]) -> list[Reason]:
    """The reasons of a stored certificate in the reader's language."""
    half = "zh" if locale_name().startswith("zh") else "en"
    return [
        Reason(
            on_her_clock(one["facts_used"].get(half, "")),
            one["says"][half],
            cited(one["instrument"], one["article"], one["force"]),
        )
        for one in certificate.reasons(plain)
    ]


def on_her_clock(text: str) -> str:
    """A text in which zones bear the names that people give them, or none where the clock is the reader's."""
    return NAMED.sub(lambda found: _zone(found.group().strip()), text)


def _zone(name: str) -> str:
    if name == ZONE.get() or {name, ZONE.get()} <= HOME_CLOCKS:
        return ""
    try:
        told = get_timezone_name(name, width="long", zone_variant="generic", locale=locale_name())
    except (LookupError, UnknownLocaleError):
        return f" {name}"
    return told if locale_name().startswith("zh") else f" {told}"


def cited(instrument: Mapping[str, str], article: str, force: str) -> str:
    """An instrument by its name and article in the reader's language."""
    half = "zh" if locale_name().startswith("zh") else "en"
    name = instrument[half]
    if force == "house" or article == "-":
        return name
    if NUMBER.match(article):
        article = gettext("art. %(number)s") % {"number": article}
    return f"{name}{'' if half == 'zh' else ', '}{article}"
