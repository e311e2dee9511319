"""What a household can pay, and the floor that no plan breaks."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lenity.base.outcomes import InputRefused
from lenity.domain.servicing import affordability, suggestions
from lenity.domain.servicing.account import Opening, replay
from lenity.domain.servicing.affordability import Budget, Line
from lenity.domain.servicing.allocation import Rule
from lenity.domain.servicing.schedule import of as schedule_of
from lenity.domain.servicing.terms import Terms
from lenity.law import reader

DAY = date(2026, 11, 25)
FLOOR = reader.rulebook("CN").value("HOUSE-FLOOR", DAY)
TERMS = Terms("CNY", 1_200_000, Fraction(12, 100), date(2026, 6, 1), 12)


def budget(wages: int, every: str = "month", rent: int = 0, debts: int = 0, **more: int) -> Budget:
    lines = (Line("wages", wages, every), Line("rent", rent, "month"), Line("other_loans", debts, "month"))
    return Budget("CNY", more.get("adults", 1), more.get("children", 0), more.get("pay_day", 15), lines)


@pytest.mark.parametrize(
    ("wages", "every", "income"),
    [
        (100_000, "month", 100_000),
        (300, "week", 1_300),
        (100, "week", 433),
        (100, "two_weeks", 216),
        (100, "year", 8),
        (0, "month", 0),
    ],
)
def test_weeks_and_years_become_months_exactly(wages: int, every: str, income: int) -> None:
    assert affordability.summary(budget(wages, every), FLOOR).income_minor == income


def test_costs_are_rounded_up_once() -> None:
    lines = (Line("food", 100, "week"), Line("rent", 100, "week"), Line("energy", 100, "week"))
    month = affordability.summary(Budget("CNY", 1, 0, 0, lines), FLOOR)
    assert month.essential_minor == 1_300


def test_the_household_keeps_the_floor_or_what_it_states() -> None:
    low = affordability.summary(budget(500_000, rent=10_000), FLOOR)
    high = affordability.summary(budget(500_000, rent=300_000), FLOOR)
    family = affordability.summary(budget(500_000, adults=2, children=1), FLOOR)
    adult, child = FLOOR["currencies"]["CNY"]["adult"], FLOOR["currencies"]["CNY"]["child"]
    assert (low.kept_minor, high.kept_minor, family.kept_minor) == (adult, 300_000, 2 * adult + child)
    assert high.room_minor == 200_000


def test_nothing_is_an_acceptable_answer_and_leaves_no_room() -> None:
    assert affordability.summary(budget(0), FLOOR).room_minor == 0


def test_a_currency_without_a_floor_is_refused() -> None:
    with pytest.raises(InputRefused, match="No cost floor"):
        affordability.summary(Budget("EUR", 1, 0, 0, ()), FLOOR)


@pytest.mark.parametrize(
    "wrong",
    [
        {"adults": 0},
        {"adults": 21},
        {"children": -1},
        {"pay_day": 29},
        {"pay_day": -1},
        {"lines": (Line("yacht", 1, "month"),)},
        {"lines": (Line("rent", -1, "month"),)},
        {"lines": (Line("rent", 10**16, "month"),)},
        {"lines": (Line("rent", 1, "hour"),)},
        {"lines": (Line("rent", 1, "month"), Line("rent", 2, "month"))},
    ],
)
def test_a_budget_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    good: dict[str, object] = {"currency": "CNY", "adults": 1, "children": 0, "pay_day": 0, "lines": ()}
    with pytest.raises(InputRefused):
        Budget(**{**good, **wrong})  # type: ignore[arg-type]


def test_a_trigger_asks_and_never_refuses() -> None:
    floor = FLOOR["currencies"]["CNY"]["adult"] * FLOOR["trigger_percent"] // 100
    assert not affordability.asks_reason(budget(0, rent=floor), "home", FLOOR)
    assert affordability.asks_reason(budget(0, rent=floor + 1), "home", FLOOR)
    assert not affordability.asks_reason(budget(10**9), "income", FLOOR)


def test_the_last_allowed_and_the_first_forbidden_plan() -> None:
    rows = schedule_of(TERMS)
    heaviest = affordability.heaviest_month_minor(rows)
    adult = FLOOR["currencies"]["CNY"]["adult"]
    affordability.refuse_below_floor(rows, affordability.summary(budget(adult + heaviest), FLOOR))
    with pytest.raises(InputRefused, match="can spare"):
        affordability.refuse_below_floor(rows, affordability.summary(budget(adult + heaviest - 1), FLOOR))
    with pytest.raises(InputRefused, match="can spare"):
        affordability.refuse_below_floor(rows, affordability.summary(budget(adult + heaviest), FLOOR), 1)


amounts = st.integers(0, 2_000_000)
budgets = st.builds(
    Budget,
    st.just("CNY"),
    st.integers(1, 5),
    st.integers(0, 5),
    st.integers(0, 28),
    st.lists(
        st.builds(
            Line,
            st.sampled_from(sorted(affordability.codes())),
            amounts,
            st.sampled_from(list(affordability.A_MONTH)),
        ),
        unique_by=lambda line: line.code,
        max_size=8,
    ).map(tuple),
)


@settings(max_examples=40)
@given(stated=budgets, taken=st.integers(0, 3_000_000), days=st.integers(20, 60))
def test_whatever_passes_leaves_what_the_household_keeps(stated: Budget, taken: int, days: int) -> None:
    month = affordability.summary(stated, FLOOR)
    opening = Opening(tuple(schedule_of(TERMS)), TERMS.disbursed_on)
    state = replay(opening, (), Rule(), TERMS.disbursed_on + timedelta(days=days))
    made = suggestions.own(state, TERMS, max(taken, 1), stated.pay_day)
    if made is None:
        return
    assert made.largest_minor <= max(taken, 1)
    rows = made.preview.new
    try:
        affordability.refuse_below_floor(rows, month)
    except InputRefused:
        assert affordability.heaviest_month_minor(rows) > month.room_minor
        return
    exact = sum(
        (
            line.minor
            * affordability.A_MONTH[line.every]
            * (1 if line.code in affordability.lines_of("income") else 0)
            for line in stated.lines
        ),
        Fraction(0),
    )
    assert exact - affordability.heaviest_month_minor(rows) >= affordability.floor_minor(stated, FLOOR)


@given(stated=budgets)
def test_a_budget_survives_being_stored(stated: Budget) -> None:
    assert affordability.from_plain(affordability.to_plain(stated)) == stated


@settings(max_examples=30)
@given(most=st.integers(1, 400_000), pay_day=st.integers(0, 28))
def test_an_own_amount_is_never_exceeded_and_all_is_paid(most: int, pay_day: int) -> None:
    opening = Opening(tuple(schedule_of(TERMS)), TERMS.disbursed_on)
    state = replay(opening, (), Rule(), date(2026, 8, 20))
    made = suggestions.own(state, TERMS, most, pay_day)
    if made is None:
        least = suggestions.own(state, TERMS, 10**9, pay_day)
        assert least is not None
        assert least.largest_minor > most
        return
    assert max(row.total_minor for row in made.preview.new) <= most
    assert sum(row.principal_minor for row in made.preview.new) == TERMS.principal_minor
    if pay_day:
        assert {row.due_date.day for row in made.preview.new} == {pay_day}


@pytest.mark.parametrize(
    "choice",
    ["", "own", "own-", "own-1-", "own--1-3", "own-１-3", "own-5-29", "own-9" + "9" * 20 + "-1", "nothing"],
)
def test_a_choice_that_is_none_is_none(choice: str) -> None:
    opening = Opening(tuple(schedule_of(TERMS)), TERMS.disbursed_on)
    state = replay(opening, (), Rule(), date(2026, 8, 20))
    assert suggestions.chosen(choice, state, TERMS) is None
