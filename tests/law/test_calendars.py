"""The calendars day by day, written here a second time, and what happens where they end."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from lenity.domain.debt_collection import gate
from lenity.interfaces.shared import gate_input
from lenity.law import reader

OFF = {
    2025: ["01-01", "01-28..02-04", "04-04..04-06", "05-01..05-05", "05-31..06-02", "10-01..10-08"],
    2026: ["01-01..01-03", "02-15..02-23", "04-04..04-06", "05-01..05-05", "06-19..06-21", "09-25..09-27",
           "10-01..10-07"],
}  # fmt: skip
WORKED = {
    2025: ["01-26", "02-08", "04-27", "09-28", "10-11"],
    2026: ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
}


def spans(year: int, written: list[str]) -> set[date]:
    found = set()
    for span in written:
        first, _, last = span.partition("..")
        day, end = (date.fromisoformat(f"{year}-{part}") for part in (first, last or first))
        while day <= end:
            found.add(day)
            day += timedelta(days=1)
    return found


def calendar() -> dict[str, Any]:
    found: dict[str, Any] = reader.rulebook("CN").value("CN-HOLIDAYS", date(2026, 1, 1))
    return found


def asked_on(day: str) -> tuple[str, str]:
    """A reminder at ten in the morning, with the house rules: verdict and the provision that decides."""
    facts, _ = gate_input.read(
        {
            "person": {"jurisdiction": "CN", "zones": ["Asia/Shanghai"]},
            "proposal": {"at": f"{day}T10:00:00+08:00", "channel": "sms"},
        }
    )
    decided = gate.decide(facts, reader.rulebook("CN"))
    return decided.verdict, decided.leading.provision_id


@pytest.mark.parametrize("year", [2025, 2026])
def test_every_day_of_the_year_is_off_or_not(year: int) -> None:
    known, off, worked = calendar(), spans(year, OFF[year]), spans(year, WORKED[year])
    day = date(year, 1, 1)
    while day.year == year:
        assert (day in known["days"]) == (day in off), day
        assert (day in known["make_up_days"]) == (day in worked), day
        assert not (day in off and day in worked)
        assert day not in worked or day.weekday() >= 5, "a make-up day is a weekend that is worked"
        day += timedelta(days=1)
    assert len([one for one in known["days"] if one.year == year]) == len(off)


@pytest.mark.parametrize("day", sorted(spans(2026, OFF[2026]) | spans(2025, OFF[2025])))
def test_no_reminder_on_a_holiday(day: date) -> None:
    if day >= date(2026, 1, 30):
        assert asked_on(day.isoformat()) == ("deferred", "HOUSE-HOLIDAY")
    else:
        assert asked_on(day.isoformat())[0] == "deferred"


@pytest.mark.parametrize("day", sorted(spans(2026, WORKED[2026]) | spans(2025, WORKED[2025])))
def test_a_make_up_day_is_a_working_day(day: date) -> None:
    assert asked_on(day.isoformat())[0] == "allowed"


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2024-12-31", ("refused", "HOUSE-HOLIDAY")),
        ("2025-01-02", ("allowed", "")),
        ("2026-12-31", ("allowed", "")),
        ("2027-01-01", ("refused", "HOUSE-HOLIDAY")),
    ],
)
def test_before_its_first_day_and_after_its_last_nobody_knows(day: str, told: tuple[str, str]) -> None:
    verdict, provision = asked_on(day)
    assert verdict == told[0]
    assert told[1] in ("", provision)


def test_the_american_legal_holidays_by_the_words_of_the_statute() -> None:
    """First, second, third, fourth or last weekday of a month, or a fixed day; Juneteenth since 2021."""
    known = set(reader.rulebook("US").value("US-HOLIDAYS", date(2026, 1, 1))["days"])
    day = date(2019, 1, 1)
    while day <= date(2028, 12, 31):
        assert (day in known) == _is_legal_holiday(day), day
        day += timedelta(days=1)


def _is_legal_holiday(day: date) -> bool:
    if (day.month, day.day) == (6, 19):
        return day.year >= 2021
    if (day.month, day.day) in ((1, 1), (7, 4), (11, 11), (12, 25)):
        return True
    which = (day.day - 1) // 7 + 1
    if day.weekday() == 0 and day.month == 5:
        return (day + timedelta(days=7)).month == 6
    monday = {1: 3, 2: 3, 9: 1, 10: 2}
    return (day.weekday() == 0 and monday.get(day.month) == which) or (
        day.weekday() == 3 and day.month == 11 and which == 4
    )
