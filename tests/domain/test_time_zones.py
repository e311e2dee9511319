"""Corners of time zones, put to the gate as a stranger writes them down (docs/gate.md).

Offsets that are no whole hour, hours that the clocks skip or show twice, a day that never was, states and
people with two zones, the date line, one legal time for all of mainland China.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from lenity.base.outcomes import InputRefused
from lenity.domain.debt_collection import gate
from lenity.domain.debt_collection.certificate import Certificate
from lenity.domain.debt_collection.contact import Facts
from lenity.interfaces.shared import gate_input
from lenity.law import reader

SHOWN = [
    # zone, local time, the same instant in UTC, what is particular
    ("Pacific/Kiritimati", "2026-03-01T08:00", "2026-02-28T18:00", "the first place to see a day"),
    ("Pacific/Apia", "2026-07-01T21:00", "2026-07-01T08:00", "no summer time any more"),
    ("Pacific/Apia", "2011-12-29T21:00", "2011-12-30T07:00", "the evening before the day that never was"),
    ("Pacific/Apia", "2011-12-31T08:00", "2011-12-30T18:00", "the morning after it, over the date line"),
    ("Pacific/Tongatapu", "2026-07-01T21:00", "2026-07-01T08:00", "thirteen hours ahead"),
    ("Pacific/Chatham", "2026-01-10T08:00", "2026-01-09T18:15", "three quarters of an hour, summer"),
    ("Pacific/Chatham", "2026-07-10T08:00", "2026-07-09T19:15", "three quarters of an hour, winter"),
    ("Pacific/Pago_Pago", "2026-07-01T20:00", "2026-07-02T07:00", "the last place to see a day"),
    ("Pacific/Guam", "2026-07-01T08:00", "2026-06-30T22:00", "American and ahead of Beijing"),
    ("Pacific/Honolulu", "2026-07-01T20:59", "2026-07-02T06:59", "no summer time"),
    ("America/Adak", "2026-07-01T21:00", "2026-07-02T06:00", "the western part of Alaska, summer"),
    ("America/Adak", "2026-01-01T21:00", "2026-01-02T07:00", "the western part of Alaska, winter"),
    ("America/Anchorage", "2026-07-01T21:00", "2026-07-02T05:00", "the rest of Alaska"),
    ("America/Phoenix", "2026-07-01T21:00", "2026-07-02T04:00", "Arizona keeps one time all year"),
    ("America/Denver", "2026-07-01T21:00", "2026-07-02T03:00", "the Navajo Nation inside it does not"),
    ("America/Indiana/Knox", "2026-07-01T21:00", "2026-07-02T02:00", "Indiana, the Central part"),
    ("America/Indiana/Indianapolis", "2026-07-01T21:00", "2026-07-02T01:00", "Indiana, the Eastern part"),
    ("America/Kentucky/Louisville", "2026-07-01T21:00", "2026-07-02T01:00", "Kentucky, the Eastern part"),
    ("America/North_Dakota/Beulah", "2026-07-01T21:00", "2026-07-02T02:00", "Central since 2010"),
    ("America/Boise", "2026-07-01T21:00", "2026-07-02T03:00", "Idaho, the southern part"),
    ("America/Los_Angeles", "2026-07-01T21:00", "2026-07-02T04:00", "Idaho's north keeps Pacific time"),
    ("America/Puerto_Rico", "2026-07-01T08:00", "2026-07-01T12:00", "Atlantic, no summer time"),
    ("America/New_York", "2026-03-08T03:00", "2026-03-08T07:00", "after the hour that was skipped"),
    ("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30", "shown twice: the first is meant"),
    ("America/New_York", "2026-11-01T01:30-05:00", "2026-11-01T06:30", "the second, written with its offset"),
    ("America/New_York", "2028-02-29T08:00", "2028-02-29T13:00", "leap day"),
    ("Asia/Kathmandu", "2026-07-01T21:00", "2026-07-01T15:15", "five and three quarters"),
    ("Asia/Kolkata", "2026-07-01T19:00", "2026-07-01T13:30", "five and a half"),
    ("Asia/Shanghai", "2026-07-01T22:00", "2026-07-01T14:00", "no summer time since 1991"),
    ("Asia/Shanghai", "1990-07-01T12:00", "1990-07-01T03:00", "summer time of 1986 to 1991"),
    ("Asia/Urumqi", "2026-07-01T22:00", "2026-07-01T16:00", "local custom, two hours behind the legal time"),
    ("Asia/Hong_Kong", "2026-07-01T20:00", "2026-07-01T12:00", "as Beijing"),
    ("Africa/Casablanca", "2026-02-25T12:00", "2026-02-25T12:00", "the clocks go back for Ramadan"),
    ("Africa/Casablanca", "2026-07-01T12:00", "2026-07-01T11:00", "and forward again"),
    ("Antarctica/Troll", "2026-07-01T12:00", "2026-07-01T10:00", "two hours of summer time"),
    ("Europe/Dublin", "2026-01-15T12:00", "2026-01-15T12:00", "winter is the exception in the database"),
    ("Australia/Lord_Howe", "2026-07-01T12:00", "2026-07-01T01:30", "half an hour of summer time"),
]  # fmt: skip
SKIPPED = [
    ("America/New_York", "2026-03-08T02:30"),
    ("America/New_York", "2026-03-08T02:00"),
    ("Australia/Lord_Howe", "2026-10-04T02:15"),
    ("Antarctica/Troll", "2026-03-29T02:00"),
    ("Africa/Cairo", "2026-04-24T00:30"),
    ("Pacific/Apia", "2011-12-30T12:00"),
]
LAW = {"house": False, "law_of": "2022-01-03"}


def question(zones: list[str], at: str, place: str = "US", **more: Any) -> dict[str, Any]:
    rules = LAW if place == "US" else {"house": False}
    person = {"jurisdiction": place, "zones": zones, "profile": "collector" if place == "US" else "creditor"}
    proposal = {"at": at, "channel": "call", **more.pop("proposal", {})}
    return {"rules": rules, "person": person, "proposal": proposal, **more}


def read(asked: dict[str, Any]) -> Facts:
    return gate_input.read(asked)[0]


def ask(asked: dict[str, Any]) -> Certificate:
    facts, rules = gate_input.read(asked)
    book = reader.rulebook(facts.person.jurisdiction)
    return gate.decide(facts, reader.narrowed(book, house=rules.house, law_of=rules.law_of))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "local", "instant", "why"), SHOWN, ids=[f"{one[0]} {one[1]}" for one in SHOWN]
)
def test_a_local_time_is_the_instant_that_the_place_means(
    zone: str, local: str, instant: str, why: str
) -> None:
    assert read(question([zone], local)).proposal.at == utc(instant), why


@pytest.mark.parametrize("zone", sorted({one[0] for one in SHOWN}))
def test_eight_to_nine_on_the_wall_of_every_place(zone: str) -> None:
    """The last forbidden and the first allowed instant of a day, and the other way round in the evening."""
    for day in ("2026-01-14", "2026-07-14"):
        opens = datetime.fromisoformat(f"{day}T08:00").replace(tzinfo=ZoneInfo(zone))
        early, late = (ask(question([zone], f"{day}T{clock}")) for clock in ("07:59:59.999999", "21:00"))
        assert (early.verdict, early.earliest) == ("deferred", opens)
        assert late.earliest == opens + timedelta(days=1)
        assert [
            ask(question([zone], f"{day}T{clock}")).verdict for clock in ("08:00", "20:59:59.999999")
        ] == [
            "allowed",
            "allowed",
        ]
        assert ask(question([zone], f"{day}T00:00")).earliest == opens


@pytest.mark.parametrize(("zone", "local"), SKIPPED)
def test_a_time_that_no_clock_shows_is_refused_in_words(zone: str, local: str) -> None:
    with pytest.raises(InputRefused, match="never show") as refused:
        read(question([zone], local))
    assert zone in str(refused.value)
    read(question([zone], local[:10] if zone != "Pacific/Apia" else "2011-12-29"))


@pytest.mark.parametrize(
    ("zone", "until", "asked", "opens", "why"),
    [
        ("America/New_York", "02:30", "2026-03-08T06:45", "2026-03-08T07:00", "half past two is skipped"),
        ("Australia/Lord_Howe", "02:15", "2026-10-03T15:20", "2026-10-03T15:30", "a quarter past two is skipped"),
        ("Africa/Cairo", "00:30", "2026-04-23T21:59", "2026-04-23T22:00", "the day begins at one"),
        ("America/New_York", "01:30", "2026-11-01T05:10", "2026-11-01T05:30", "the first half past one"),
        ("America/New_York", "01:30", "2026-11-01T06:10", "2026-11-01T06:30", "one o'clock again: the second"),
        ("Pacific/Apia", "08:00", "2011-12-30T08:30", "2011-12-30T18:00", "a day that never was is not waited for"),
    ],
)  # fmt: skip
def test_hours_of_a_person_end_when_her_clock_says_so(
    zone: str, until: str, asked: str, opens: str, why: str
) -> None:
    wish = {"kind": "quiet_hours", "since": "2010-01-01", "closed_from": "20:00", "closed_until": until}
    facts, _ = gate_input.read(question([zone], f"{asked}+00:00", standings=[wish]))
    book = reader.rulebook("US")
    own = tuple(one for one in book.provisions if one.id == "US-RF-6b1-OWN")
    alone = reader.narrowed(reader.Rulebook("US", own, f"own hours {zone}"), law_of=date(2022, 1, 3))
    assert gate.decide(facts, alone).earliest == utc(opens), why


@pytest.mark.parametrize(
    ("zones", "first", "last"),
    [
        (["America/New_York", "America/Los_Angeles"], "15:00", "00:59"),
        (["America/New_York", "Pacific/Honolulu"], "18:00", "00:59"),
        (["America/Phoenix", "America/Denver"], "15:00", "02:59"),
        (["America/Anchorage", "America/Adak"], "17:00", "04:59"),
        (["America/Indiana/Knox", "America/Indiana/Indianapolis"], "13:00", "00:59"),
        (["America/New_York", "America/Denver", "Pacific/Honolulu"], "18:00", "00:59"),
    ],
)
def test_with_several_places_the_hours_of_all_are_kept(zones: list[str], first: str, last: str) -> None:
    """A summer day, in UTC: a number kept after moving, a state with two zones, an address elsewhere."""

    def verdict(clock: str, minutes: int) -> str:
        day = "2026-07-01" if clock > "05:00" else "2026-07-02"
        at = utc(f"{day}T{clock}") + timedelta(minutes=minutes)
        point = {"id": "P", "zones": zones[:1]}
        return ask(question(zones[1:], at.isoformat(), proposal={"point": point})).verdict

    assert [verdict(first, -1), verdict(first, 0)] == ["deferred", "allowed"]
    assert [verdict(last, 0), verdict(last, 1)] == ["allowed", "deferred"]


def test_places_on_both_sides_of_the_date_line_share_three_hours() -> None:
    """Guam opens at 22:00 UTC and Puerto Rico closes at 1:00: three hours in which both may be called."""
    zones = ["Pacific/Guam", "America/Puerto_Rico"]
    hours = {hour: ask(question(zones, f"2026-01-14T{hour:02}:30:00+00:00")).verdict for hour in range(24)}
    assert [hour for hour, verdict in hours.items() if verdict == "allowed"] == [0, 22, 23]
    assert ask(question(zones, "2026-01-14T12:00:00+00:00")).earliest == utc("2026-01-14T22:00")


def test_places_that_share_no_hour_are_never_called() -> None:
    zones = ["Asia/Shanghai", "America/Los_Angeles", "Europe/London"]
    asked = ask(question(zones, "2026-01-14T12:00:00+00:00"))
    assert (asked.verdict, asked.earliest) == ("deferred", None)


@pytest.mark.parametrize(
    ("clock", "verdict"),
    [("07:59", "deferred"), ("08:00", "allowed"), ("21:59", "allowed"), ("22:00", "deferred")],
)
@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Asia/Urumqi"])
def test_mainland_china_has_one_legal_time_in_xinjiang_too(zone: str, clock: str, verdict: str) -> None:
    assert ask(question([zone], f"2026-07-01T{clock}:00+08:00", "CN")).verdict == verdict


@pytest.mark.parametrize(
    ("clock", "verdict"),
    [("08:59", "deferred"), ("09:00", "allowed"), ("19:59", "allowed"), ("20:00", "deferred")],
)
def test_hong_kong_by_the_hours_of_the_house(clock: str, verdict: str) -> None:
    asked = question(["Asia/Hong_Kong"], f"2026-07-02T{clock}", "HK")
    assert ask({**asked, "rules": {"house": True}}).verdict == verdict


@pytest.mark.parametrize(("day", "verdict"), [("2028-03-05", "deferred"), ("2028-03-06", "allowed")])
def test_seven_days_across_a_leap_day(day: str, verdict: str) -> None:
    talk = {"at": "2028-02-28", "channel": "call", "outcome": "conversation", "debts": ["D"]}
    asked = question(["America/New_York"], day, history=[talk])
    assert ask(asked).verdict == verdict


@pytest.mark.parametrize(("clock", "verdict"), [("23:59", "deferred"), ("00:00", "allowed")])
def test_a_window_of_days_moves_on_at_midnight_whatever_the_clocks_do(clock: str, verdict: str) -> None:
    """Seven calls late on 1 March; a day of twenty-three hours is still a day."""
    calls = {"at": "2026-03-01T22:00", "times": 7, "channel": "call", "outcome": "no_answer", "debts": ["D"]}
    lifted = {"kind": "hours_consent", "since": "2026-01-01"}
    day = "2026-03-07" if clock == "23:59" else "2026-03-08"
    told = ask(question(["America/New_York"], f"{day}T{clock}", history=[calls], standings=[lifted]))
    assert told.verdict == verdict
    assert told.earliest == (utc("2026-03-08T05:00") if verdict == "deferred" else None)
