"""A contact costs more in the evening of any place where the person may be, and says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lenity.domain.debt_collection import gate, spending
from lenity.domain.debt_collection.certificate import in_words
from lenity.domain.debt_collection.contact import Standing
from lenity.domain.debt_collection.rules import stress
from lenity.law import reader
from tests.law import edges

VALUE = reader.rulebook("CN").value("HOUSE-STRESS", edges.DAY)
SHANGHAI, NEW_YORK = "Asia/Shanghai", "America/New_York"
EVENING = next(one for one in edges.EDGES if one.what == "by day 10 + 2, from six 10 + 3")


@pytest.mark.parametrize(
    ("channel", "day", "dear"),
    [("call", 5, 8), ("sms", 2, 3), ("email", 1, 2), ("im", 2, 3), ("letter", 2, 2), ("visit", 8, 12)],
)
def test_half_as_much_again_rounded_up_and_a_letter_has_no_hour(channel: str, day: int, dear: int) -> None:
    noon, eight = edges.at("CN", "12:00"), edges.at("CN", "20:00")
    assert stress.cost(VALUE, channel, noon, [SHANGHAI]) == day
    assert stress.cost(VALUE, channel, eight, [SHANGHAI]) == dear
    assert stress.evening_prices(VALUE).get(channel, day) == dear
    assert stress.cost(VALUE, "fax", noon, [SHANGHAI]) is None


@pytest.mark.parametrize(
    ("clock", "dear"), [("07:59", True), ("08:00", False), ("17:59", False), ("18:00", True), ("23:59", True)]
)
def test_the_last_minute_of_the_day_and_the_first_of_the_evening(clock: str, dear: bool) -> None:
    assert stress.is_evening(VALUE, "call", edges.at("CN", clock), [SHANGHAI]) is dear


def test_evening_in_one_of_her_places_is_evening() -> None:
    noon = edges.at("CN", "12:00")  # 23:00 in New York
    assert stress.cost(VALUE, "sms", noon, [SHANGHAI, NEW_YORK]) == 3


def test_the_gate_says_why_and_opens_in_the_morning() -> None:
    made = gate.decide(EVENING.forbidden, reader.rulebook("CN"))
    leading = next(one for one in made.findings if one.provision_id == "HOUSE-STRESS")
    assert (made.verdict, leading.facts_used["cost"], leading.facts_used["used"]) == ("deferred", "3", "10")
    assert made.earliest == edges.at("CN", "08:00", -1)
    told = " ".join(in_words(made.to_plain(), "en")), " ".join(in_words(made.to_plain(), "zh-hans"))
    assert "it costs 3 points, by day 2" in told[0]
    assert "计 3 点，白天为 2 点" in told[1]


def test_an_own_budget_that_is_enough_by_day_only_puts_the_contact_off() -> None:
    lowered = [Standing("stress_budget", edges.at("CN", "08:00", 2), detail=(("points", "2"),))]
    asked = edges.facts("CN", "19:00", "sms", standings=lowered)
    made = gate.decide(asked, reader.rulebook("CN"))
    assert (made.verdict, made.earliest) == ("deferred", edges.at("CN", "08:00", -1))
    assert (
        gate.decide(edges.facts("CN", "12:00", "sms", standings=lowered), reader.rulebook("CN")).verdict
        == "allowed"
    )


@settings(deadline=None)
@given(st.integers(0, 6 * 24 * 60), st.sampled_from(["call", "sms", "email"]), st.integers(0, 3))
def test_what_the_planner_counts_is_what_the_gate_counts(minutes: int, channel: str, number: int) -> None:
    now = edges.at("CN", "23:00")
    when = now - timedelta(minutes=minutes)
    history = [edges.Past("X", when, channel, "collection", "P", "borrower", ("D",), "no_answer")] * number
    since = spending.window(VALUE, [SHANGHAI], now)
    asked = edges.facts("CN", "23:00", "sms", history=history)
    made = gate.decide(asked, reader.rulebook("CN"))
    used = next(one.facts_used["used"] for one in made.findings if one.provision_id == "HOUSE-STRESS")
    assert int(used) == spending.spent(VALUE, history, since, [SHANGHAI])


@settings(deadline=None)
@given(st.integers(0, 366 * 24 * 60), st.sets(st.sampled_from([SHANGHAI, NEW_YORK]), min_size=1))
def test_the_morning_is_the_end_of_every_evening_that_is_now(minutes: int, zones: set[str]) -> None:
    instant = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    opens = stress.morning(VALUE, instant, sorted(zones))
    evening = [zone for zone in zones if stress.is_evening(VALUE, "", instant, [zone])]
    assert (opens > instant) is bool(evening)
    assert opens - instant <= timedelta(hours=15)
    assert not any(stress.is_evening(VALUE, "", opens, [zone]) for zone in evening if len(evening) == 1)


def test_when_the_evening_begins_and_what_it_costs_is_told() -> None:
    assert stress.evening_from(VALUE) == "18:00"
    assert (stress.evening_from({"points": {"sms": 2}}), stress.evening_prices({"points": {"sms": 2}})) == (
        "",
        {},
    )
    everything = {"points": {"letter": 2}, "evening": {"from": "18:00", "until": "08:00", "percent": 150}}
    assert stress.evening_prices(everything) == {"letter": 3}
