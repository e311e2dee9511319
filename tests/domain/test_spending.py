"""A strategy spends points by an exact choice, tells several debts in one contact, and never more than is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lenity.base.outcomes import InputRefused
from lenity.domain.debt_collection import spending, strategy
from lenity.domain.debt_collection.contact import Past, Standing

GENTLE = strategy.shipped()
DAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
PRICE = {"sms": 2, "email": 1, "call": 5}
VALUE = {
    "budget": 12,
    "days": 7,
    "zone": "person",
    "points": PRICE,
    "purposes": ["collection", "locate"],
    "lowered_by": ["stress_budget"],
}


def case(loan: str, days: int, owed: int, currency: str = "CNY") -> strategy.Case:
    return strategy.Case("B9", loan, "CN", days, {"sms": "P1", "email": "P2"}, {}, owed, currency)


def offered(*cases: strategy.Case) -> list[spending.Option]:
    return spending.options(GENTLE, cases, DAY, PRICE, ("collection",))


def option(group: str, cost: int, worth: int) -> spending.Option:
    wish = strategy.Planned("B9", ("L1",), "sms", "P1", "collection", "t", "s")
    return spending.Option(wish, group, cost, worth)


def test_several_debts_are_told_in_one_contact_in_the_words_of_the_oldest() -> None:
    made = spending.choose("B9", offered(case("L1", 10, 40_000), case("L2", 70, 60_000)), 12)
    [collection] = [one for one in made.chosen if one.wish.purpose == "collection"]
    assert collection.wish.loan_ids == ("L2", "L1")
    assert collection.wish.template == "cn-second-reminder-sms"
    assert collection.value_minor == 500  # 5,000 millionths of 100,000


def likely(
    ppm: int, *, days: int = 10, owed: int = 40_000, loan: str = "L1", by_lot: bool = True
) -> strategy.Case:
    return replace(case(loan, days, owed), cures=strategy.Cures(ppm, by_lot, "m"))


@pytest.mark.parametrize(
    ("one", "contacts"),
    [
        (likely(849_999), 1),
        (likely(850_000), 0),
        (likely(1_000_000, days=20), 0),
        (likely(1_000_000, days=21), 1),
        (likely(1_000_000, by_lot=False), 1),
    ],
)
def test_who_is_likely_to_pay_without_a_contact_is_left_alone(one: strategy.Case, contacts: int) -> None:
    made = spending.choose("B9", offered(one), 12)
    assert (len(made.chosen), len(made.passed_over)) == (contacts, 2 - contacts)
    assert all(option.alone is (not contacts) for option in made.passed_over)


def test_one_debt_that_is_not_likely_to_be_paid_is_told_of_with_the_others() -> None:
    made = spending.choose("B9", offered(likely(990_000), likely(100_000, loan="L2")), 12)
    assert [option.wish.loan_ids for option in made.chosen] == [("L1", "L2")]
    assert made.chosen[0].value_minor == (400 + 36_000) * 20_000 // 1_000_000


def test_a_notice_that_the_law_asks_for_is_sent_to_who_is_left_alone() -> None:
    rule = strategy.Alone(1, 3650)
    treatment = replace(GENTLE, alone=rule)
    made = spending.options(treatment, [likely(999_999, days=40)], DAY, PRICE, ("collection",))
    assert {(option.wish.purpose, option.alone) for option in made} == {
        ("collection", True),
        ("negative_report_notice", False),
    }


@pytest.mark.parametrize("ppm", [0, 1_000_001])
def test_a_strategy_that_leaves_nobody_or_everybody_alone_by_mistake_is_refused(ppm: int) -> None:
    text = (
        resources.files("lenity.domain.debt_collection").joinpath("strategies/gentle.toml").read_text("utf-8")
    )
    with pytest.raises(InputRefused, match="between 1 and"):
        strategy.read(text.replace("cures_at_least_ppm = 850_000", f"cures_at_least_ppm = {ppm}"))


def test_debts_of_two_currencies_are_not_added_up() -> None:
    made = offered(case("L1", 10, 40_000), case("L2", 10, 60_000, "USD"))
    assert {one.wish.loan_ids for one in made} == {("L1",), ("L2",)}


@pytest.mark.parametrize(("points", "channel"), [(0, []), (1, ["email"]), (2, ["sms"]), (12, ["sms"])])
def test_the_dearer_channel_only_where_the_points_are_there(points: int, channel: list[str]) -> None:
    made = spending.choose("B9", offered(case("L1", 10, 40_000)), points)
    assert [one.wish.channel for one in made.chosen] == channel
    assert made.points_spent <= points


def test_what_the_law_asks_for_costs_no_points() -> None:
    made = spending.choose("B9", offered(case("L1", 40, 40_000)), 0)
    assert [(one.wish.purpose, one.cost) for one in made.chosen] == [("negative_report_notice", 0)]


@given(
    st.lists(st.builds(option, st.sampled_from("ABCD"), st.integers(0, 8), st.integers(1, 50)), max_size=9),
    st.integers(0, 12),
)
def test_the_choice_is_the_best_of_all(options: list[spending.Option], points: int) -> None:
    groups: dict[str, list[spending.Option | None]] = {}
    for one in options:
        groups.setdefault(one.group, [None]).append(one)
    every = [[one for one in picks if one] for picks in product(*groups.values())]
    fits = [picks for picks in every if sum(one.cost for one in picks) <= points]
    best = max(sum(one.value_minor for one in picks) for picks in fits)
    made = spending.choose("B9", options, points)
    assert sum(one.value_minor for one in made.chosen) == best
    assert made.points_spent <= points
    assert len({one.group for one in made.chosen}) == len(made.chosen)


def test_points_left_by_what_was_spent_and_lowered() -> None:
    history = [
        Past("C1", NOON, "sms", "collection", "P1"),
        Past("C2", NOON - timedelta(days=6), "email", "collection", "P1"),
        Past("C3", NOON - timedelta(days=7), "call", "collection", "P1"),
        Past("C4", NOON, "call", "sign_in", "P1"),
        Past("C5", NOON, "call", "collection", "P1", initiated_by="borrower"),
    ]
    first = spending.window(VALUE, ["Asia/Shanghai"], NOON)
    assert first == datetime(2026, 11, 17, 16, tzinfo=UTC)
    assert spending.points_left(VALUE, history, [], first, ["Asia/Shanghai"]) == 9
    lowered = [Standing("stress_budget", NOON, detail=(("points", "4"),))]
    assert spending.points_left(VALUE, history, lowered, first, ["Asia/Shanghai"]) == 1
    raised = [Standing("stress_budget", NOON, detail=(("points", "99"),))]
    assert spending.points_left(VALUE, history, raised, first, ["Asia/Shanghai"]) == 9


@pytest.mark.parametrize(
    ("zones", "at", "begins"),
    [
        (
            ["Asia/Shanghai"],
            datetime(2026, 11, 24, 15, 59, tzinfo=UTC),
            datetime(2026, 11, 17, 16, tzinfo=UTC),
        ),
        (["Asia/Shanghai"], datetime(2026, 11, 24, 16, tzinfo=UTC), datetime(2026, 11, 18, 16, tzinfo=UTC)),
        ([], datetime(2026, 11, 24, 16, tzinfo=UTC), datetime(2026, 11, 18, tzinfo=UTC)),
        (["America/New_York", "Asia/Shanghai"], NOON, datetime(2026, 11, 17, 5, tzinfo=UTC)),
    ],
)
def test_the_week_begins_at_local_midnight(zones: list[str], at: datetime, begins: datetime) -> None:
    assert spending.window(VALUE, zones, at) == begins
