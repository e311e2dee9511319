"""Each number of the law on both sides, each provision with someone who keeps to it or the reason why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from lenity.domain.debt_collection import gate
from lenity.domain.debt_collection.contact import Standing
from lenity.law import law_map, reader
from tests.law.edges import EDGES, OTHERS, Edge, at, facts

ROOT = Path(__file__).resolve().parents[2]
ALL = law_map.everything()
SEEN = law_map.traces(ROOT)


def alone(edge: Edge) -> reader.Rulebook:
    """The rulebook with this provision only, and the calendar it reads."""
    book = reader.rulebook(edge.place)
    kept = tuple(one for one in book.provisions if one.id == edge.provision or not one.kind)
    return replace(book, provisions=kept, digest=f"{edge.provision} alone")


@pytest.mark.parametrize("edge", EDGES, ids=[f"{one.provision}: {one.what}" for one in EDGES])
def test_the_last_is_allowed_and_the_first_beyond_is_not(edge: Edge) -> None:
    book = alone(edge)
    allowed, forbidden = gate.decide(edge.allowed, book), gate.decide(edge.forbidden, book)
    assert allowed.verdict == "allowed", allowed.leading
    assert forbidden.verdict != "allowed"
    assert [one.provision_id for one in forbidden.findings] == [edge.provision]


def test_every_provision_of_the_gate_has_its_edge() -> None:
    enforced = {one.id for one in ALL.values() if one.kind}
    assert enforced == {edge.provision for edge in EDGES} | OTHERS


def test_the_consent_of_the_borrower_opens_the_hours_and_nothing_else_does() -> None:
    asked = facts("CN", "22:00", standings=[Standing("hours_consent", at("CN", "09:00"))])
    for provision in ("CN-GBT-TIME", "CN-CBA-TIME"):
        edge = next(one for one in EDGES if one.provision == provision)
        assert gate.decide(asked, alone(edge)).verdict == "allowed"
        assert gate.decide(facts("CN", "22:00"), alone(edge)).verdict == "deferred"


@pytest.mark.parametrize("provision", ALL.values(), ids=ALL.keys())
def test_somebody_keeps_to_it_or_the_reason_is_said(provision: reader.Provision) -> None:
    kept = law_map.enforcers(provision, SEEN)
    assert bool(kept) != bool(provision.not_enforced), kept
    assert set(provision.within) <= set(ALL)
    assert not any(ALL[other].not_enforced for other in provision.within)
    if provision.kind and provision.id not in OTHERS:
        assert SEEN.tests.get(provision.id)


@pytest.mark.parametrize("place", ["EU", "IN", "SG", "TW", "ZZ"])
def test_where_the_law_is_only_listed_the_gate_is_closed(place: str) -> None:
    asked = facts("UK")
    elsewhere = replace(asked, person=replace(asked.person, jurisdiction=place))
    assert gate.decide(elsewhere, reader.rulebook(place)).verdict == "refused"
    assert place not in reader.places()


def test_the_united_kingdom_is_open_by_its_folder_alone() -> None:
    book = reader.rulebook("UK")
    asked = facts("UK", "10:00")
    decided = gate.decide(asked, book)
    assert decided.verdict == "allowed"
    assert {"UK-CONC-7.3.4", "HOUSE-HOURS-UNSET"} <= {one.provision_id for one in decided.findings}
    code = [file for file in (ROOT / "src" / "lenity").rglob("*.py") if "UK-" in file.read_text("utf-8")]
    assert code == [], "a place is a folder"


@pytest.mark.parametrize(
    ("provision", "before", "first", "last", "after"),
    [
        ("CN-NIFA-2024", date(2024, 5, 14), date(2024, 5, 15), date(2025, 2, 27), date(2025, 2, 28)),
        ("CN-ZA-42", date(2012, 12, 31), date(2013, 1, 1), date(2025, 12, 31), date(2026, 1, 1)),
        ("CN-ZX-REPAIR-2025", date(2025, 12, 21), date(2025, 12, 22), date(2026, 3, 31), date(2026, 4, 1)),
    ],
)
def test_law_holds_from_its_first_day_to_its_last(
    provision: str, before: date, first: date, last: date, after: date
) -> None:
    one = ALL[provision]
    assert [one.on(day) is not None for day in (before, first, last, after)] == [False, True, True, False]
