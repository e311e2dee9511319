"""Near misses: the last value that is not close and the first that is, for counts, points and edges."""

from __future__ import annotations

from typing import Any

import pytest

from lenity.domain.debt_collection import near

HOUSE = {"share_percent": 80, "smallest_limit": 2, "edge_minutes": 10}
HOURS = {"closed_from": "22:00", "closed_until": "08:00"}
POINTS = {"points": {"sms": 2, "call": 5}, "budget": 20}
RULES: near.Asked = {
    "N": ("at_most_in_days", {}),
    "Q": ("quiet_hours", HOURS),
    "P": ("points_budget", POINTS),
    "S": ("stops", {}),
}


def found(name: str, facts: dict[str, str], channel: str = "sms") -> list[near.Near]:
    told: dict[str, Any] = {"facts_used": facts}
    return near.misses([(name, told)], channel, RULES, HOUSE)


@pytest.mark.parametrize(
    ("used", "at_most", "is_near"),
    [(2, 5, False), (3, 5, True), (4, 5, True), (0, 1, False), (0, 2, False), (1, 2, True), (6, 10, False)],
)
def test_a_count_is_near_from_eighty_per_cent_and_a_limit_of_one_never(
    used: int, at_most: int, *, is_near: bool
) -> None:
    close = found("N", {"used": str(used), "at_most": str(at_most)})
    assert close == ([near.Near("N", "count", used + 1, at_most)] if is_near else [])


@pytest.mark.parametrize(
    ("clock", "minutes"),
    [("08:00", 0), ("08:10", 10), ("08:11", None), ("21:49", None), ("21:50", 10), ("21:59", 1)],
)
def test_an_edge_is_near_within_ten_minutes_on_either_side(clock: str, minutes: int | None) -> None:
    close = found("Q", {"clock": f"{clock} Asia/Shanghai"})
    assert close == ([] if minutes is None else [near.Near("Q", "edge", minutes, 0)])


def test_of_several_clocks_the_nearest_counts() -> None:
    close = found("Q", {"clock": "12:00 America/New_York, 08:04 America/Los_Angeles"})
    assert [one.used for one in close] == [4]


@pytest.mark.parametrize(
    ("used", "channel", "is_near"), [(13, "sms", False), (14, "sms", True), (11, "call", True)]
)
def test_points_are_near_with_what_this_contact_costs(used: int, channel: str, *, is_near: bool) -> None:
    assert bool(found("P", {"used": str(used)}, channel)) == is_near


def test_points_are_near_the_budget_that_the_borrower_lowered() -> None:
    own = {"used": "3", "budget": "5"}
    assert found("P", own, "sms") == [near.Near("P", "points", 5, 5)]
    assert found("P", {"used": "3", "budget": "9"}, "sms") == []


def test_in_the_evening_they_are_near_with_what_they_cost_then() -> None:
    assert found("P", {"used": "13"}, "sms") == []
    assert [one.used for one in found("P", {"used": "13", "cost": "3"}, "sms")] == [16]


def test_a_rule_without_a_limit_and_one_that_is_not_known_are_never_near() -> None:
    assert found("S", {"used": "9"}) == []
    assert found("GONE", {"used": "9", "at_most": "9"}) == []
