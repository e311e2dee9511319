"""What a reader's place means for pages: its provisions, where to complain there, its limitation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from lenity.law import reader
from lenity.law.reader import Provision
from lenity.records.people import queries as people

PLACES = ("CN", "HK", "US")
CONSUMER_AGENCY = {
    "number": "consumerfinance.gov",
    "body": {"zh": "美国消费者金融保护局（CFPB）", "en": "Consumer Financial Protection Bureau (CFPB)"},
}
FORCES = ("statute", "regulation", "standard", "self_discipline", "house")


def of(request: HttpRequest) -> str:
    """The signed-in borrower's place; of a stranger the one asked for, else by language."""
    borrower_id: str = getattr(request, "borrower_id", "")
    if borrower_id:
        return people.place_of(borrower_id)
    asked = request.GET.get("place", "")
    if asked in PLACES:
        return asked
    return "CN" if (get_language() or "").startswith("zh") else "US"


@dataclass(frozen=True)
class Body:
    """Where to complain: a number or address, its name in both languages, and the code of what it is for."""

    number: str
    body: Mapping[str, str]
    use: str


def bodies(place: str, on_date: date) -> list[Body]:
    """The bodies of a place; of mainland China those of CN-COMPLAIN."""
    if place != "CN":
        return [Body(CONSUMER_AGENCY["number"], CONSUMER_AGENCY["body"], "cfpb")]  # type: ignore[arg-type]
    lines = reader.rulebook("CN").value("CN-COMPLAIN", on_date)["lines"]
    return [Body(str(one["number"]), one["body"], str(one["number"])) for one in lines]


def limitation(place: str, on_date: date) -> tuple[Provision, Any] | None:
    """The provision on limitation with its value, where the rulebook has one."""
    found = [one for one in reader.rulebook(place).provisions if one.id == "CN-CC-188"]
    dated = found[0].on(on_date) if found else None
    return (found[0], dated.value) if dated else None


def provisions(place: str, on_date: date) -> list[tuple[str, list[Provision]]]:
    """What is in force in a place, by the strength of its source; what is known from memory only is left out."""
    alive = [one for one in reader.rulebook(place).provisions if one.on(on_date) and not one.is_gap]
    grouped = [(force, [one for one in alive if one.force == force]) for force in FORCES]
    return [(force, found) for force, found in grouped if found]
