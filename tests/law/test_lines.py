"""Whom a person can turn to is data of each place, with its source; what nobody confirmed stands apart."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lenity.domain.debt_collection import messages
from lenity.law import lines, reader

DAY = date(2026, 11, 25)
OPEN = reader.places()
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("place", OPEN)
def test_every_open_place_names_a_confirmed_body_in_both_languages(place: str) -> None:
    assert lines.numbers(place, DAY)
    assert lines.numbers(place, DAY) in lines.in_words(place, DAY, "zh-hans")
    assert lines.in_words(place, DAY, "zh-hans") != lines.in_words(place, DAY, "en")
    for value in (lines.numbers(place, DAY), lines.in_words(place, DAY, "en")):
        assert len(value) <= messages.LONGEST_VALUE
    assert lines.of(place, DAY, "distress"), "somebody to call when it is more than money"


LINES = {
    "CN": {"CN-COMPLAIN", "CN-COMPLAIN-12315", "CN-DISTRESS-LINE", "CN-LEGAL-AID-LINE", "CN-POLICE-LINES"},
    "HK": {"HK-COMPLAIN", "HK-LINES"},
    "UK": {"UK-COMPLAIN", "UK-LINES"},
    "US": {"US-COMPLAIN", "US-DISTRESS-LINE", "US-LEGAL-AID-LINE", "US-POLICE-LINES"},
}


@pytest.mark.parametrize("place", LINES)
def test_a_borrower_is_shown_every_line_of_her_place(place: str) -> None:
    shown = [*lines.of(place, DAY), *lines.of(place, DAY, confirmed=False)]
    assert {one.provision.id for one in shown} == LINES[place]


@pytest.mark.parametrize("place", OPEN)
def test_each_line_says_what_it_is_for_and_where_it_is_known_from(place: str) -> None:
    for one in [*lines.of(place, DAY), *lines.of(place, DAY, confirmed=False)]:
        assert set(one.body) == set(one.use) == {"zh", "en"}
        assert one.kinds
        assert set(one.kinds) <= set(lines.KINDS)
        assert one.provision.source


def test_what_is_known_from_memory_is_never_among_the_official_ones() -> None:
    assert "12315" in [one.number for one in lines.of("CN", DAY, confirmed=False)]
    for place in OPEN:
        assert all(one.provision.confidence != "M" for one in lines.of(place, DAY))
        assert not any(one.named for one in lines.of(place, DAY, confirmed=False))


def test_a_line_is_not_there_before_its_first_day() -> None:
    assert [one.number for one in lines.of("CN", date(2025, 5, 1), "distress")] == ["12356"]
    assert lines.of("CN", date(2025, 4, 30), "distress") == []


def test_no_number_of_a_body_stands_in_code_templates_or_messages() -> None:
    numbers = {one.number for place in OPEN for one in lines.of(place, DAY)}
    named = {number for number in numbers if len(number) >= 5}
    found = [
        (file.name, number)
        for folder in ("domain", "interfaces", "operations")
        for file in (ROOT / "src" / "lenity" / folder).rglob("*")
        if file.suffix in (".py", ".toml", ".html")
        for number in named
        if number in file.read_text("utf-8")
    ]
    assert found == []
