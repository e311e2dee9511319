"""What a reader's place means for pages: its day and clock, its lines, its provisions, its limitation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from babel import Locale
from django.http import HttpRequest
from django.utils.translation import get_language

from lenity.gateways import clock
from lenity.interfaces.shared import conventions
from lenity.law import lines, reader
from lenity.law.lines import Line
from lenity.law.reader import Provision
from lenity.records.people import queries as people

ISO_CODES = {"UK": "GB"}
"""Places whose two letters are not those of ISO 3166."""


def of(request: HttpRequest) -> str:
    """The signed-in borrower's place; of a stranger the one asked for, else by language."""
    borrower_id: str = getattr(request, "borrower_id", "")
    if borrower_id:
        return str(request.session.get("place") or people.place_of(borrower_id))
    asked = request.GET.get("place", "")
    if asked in reader.places():
        return asked
    return "CN" if (get_language() or "").startswith("zh") else "US"


def today(request: HttpRequest) -> date:
    """The business day of the reader's place."""
    return clock.business_day(of(request))


def names() -> Mapping[str, str]:
    """The open places by name, in the reader's language."""
    known = Locale.parse(conventions.locale_name()).territories
    return {place: str(known.get(ISO_CODES.get(place, place), place)) for place in reader.places()}


@dataclass(frozen=True)
class Lines:
    """Whom to turn to, by what for; what nobody confirmed stands apart."""

    confirmed: list[Line]
    unconfirmed: list[Line]

    def of(self, kind: str) -> list[Line]:
        """The confirmed lines of one kind."""
        return [one for one in self.confirmed if kind in one.kinds]

    @property
    def near(self) -> list[Line]:
        """Free advice and help in distress, each line once."""
        return [one for one in self.confirmed if {"free_help", "distress"} & set(one.kinds)]

    complaint = property(lambda self: self.of("complaint"))
    legal_aid = property(lambda self: self.of("legal_aid"))
    free_help = property(lambda self: self.of("free_help"))
    distress = property(lambda self: self.of("distress"))
    danger = property(lambda self: self.of("danger"))
    impostor = property(lambda self: self.of("impostor"))


def turn_to(place: str) -> Lines:
    """The lines of a place on its business day."""
    on_date = clock.business_day(place)
    return Lines(lines.of(place, on_date), lines.of(place, on_date, confirmed=False))


def provisions(place: str, on_date: date) -> list[tuple[str, list[Provision]]]:
    """What is in force in a place, by the strength of its source; what is known from memory only is left out."""
    shown = (one for one in reader.rulebook(place).provisions if not one.is_gap)
    alive = [one for one in shown if (dated := one.on(on_date)) and dated.unit != lines.UNIT]
    grouped = [(force, [one for one in alive if one.force == force]) for force in reader.FORCES]
    return [(force, found) for force, found in grouped if found]
