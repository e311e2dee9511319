"""A loan's account: allocation orders as tables, and what holds for any history."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lenity.domain.servicing import account, relief, schedule, terms
from lenity.domain.servicing.account import Fact, Kind, Opening
from lenity.domain.servicing.allocation import Across, Advance, Component, Rule

START = date(2026, 1, 15)
TERMS = terms.Terms("CNY", 120_000, Fraction(12, 100), START, 3)
OPENING = Opening(tuple(schedule.of(TERMS)), START)
LATE = Rule(late_rate=Fraction(18, 100))


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def pay(number: int, on: str, minor: int) -> Fact:
    return Fact(number, Kind.PAYMENT, day(on), minor)


def after(*facts: Fact, on: str, rule: Rule = LATE) -> account.Account:
    return account.replay(OPENING, facts, rule, day(on))


def test_interest_before_principal_by_civil_code_561() -> None:
    split = after(pay(1, "02-15", 2000), on="02-15").splits[1]
    assert split == {Component.INTEREST: 1200, Component.PRINCIPAL: 800}


def test_the_due_date_is_day_zero() -> None:
    assert after(on="02-15").days_past_due == 0
    assert after(on="02-16").days_past_due == 1


def test_late_interest_is_principal_times_days_times_rate() -> None:
    late = after(on="02-25")
    principal = OPENING.instalments[0].principal_minor
    assert late.items[0].owed[Component.LATE_INTEREST] == round(principal * 10 * Fraction(18, 100) / 360)
    assert late.items[1].owed[Component.LATE_INTEREST] == 0


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rule(), [0, 500, 0]),
        (Rule(advance=Advance.LAST), [0, 0, 500]),
    ],
)
def test_money_ahead_goes_by_the_rule(rule: Rule, expected: list[int]) -> None:
    first = OPENING.instalments[0].total_minor
    state = after(pay(1, "02-15", first + 500), on="02-15", rule=rule)
    assert [sum(item.paid.values()) for item in state.items][1:] == expected[1:]


def test_vertical_finishes_a_component_first() -> None:
    rule = Rule(across=Across.VERTICAL)
    interest = sum(row.interest_minor for row in OPENING.instalments[:2])
    split = after(pay(1, "03-15", interest), on="03-15", rule=rule).splits[1]
    assert split == {Component.INTEREST: interest}


def test_a_charge_uses_money_that_was_over() -> None:
    total = sum(row.total_minor for row in OPENING.instalments)
    state = after(pay(1, "01-20", total + 700), Fact(2, Kind.CHARGE, day("03-01"), 500), on="03-01")
    assert (state.credit_minor, state.owed_minor) == (200, 0)


def test_refund_more_than_is_over_is_refused() -> None:
    with pytest.raises(account.FactRefused):
        after(Fact(1, Kind.REFUND, day("02-01"), 1), on="02-01")


def test_after_a_charge_off_payments_are_recoveries() -> None:
    state = after(Fact(1, Kind.CHARGE_OFF, day("05-01"), 0), pay(2, "06-01", 3000), on="06-01")
    assert state.book["recovery_income"] == -3000
    assert state.book["loan_principal"] == 0


def test_payoff_asks_interest_for_the_days_used() -> None:
    assert relief.payoff_minor(after(on="01-30")) == 120_000 + round(Fraction(1200 * 15, 31))


MOVES = st.lists(
    st.tuples(
        st.sampled_from([Kind.PAYMENT, Kind.PAYMENT, Kind.PAYMENT, Kind.CHARGE]),
        st.integers(0, 150),
        st.integers(1, 60_000),
    ),
    max_size=8,
)
RULES = st.builds(
    Rule,
    order=st.permutations(list(Component)).map(tuple),
    across=st.sampled_from(list(Across)),
    advance=st.sampled_from(list(Advance)),
    late_rate=st.sampled_from([Fraction(0), Fraction(18, 100), Fraction(24, 100)]),
)


def history(moves: list[tuple[Kind, int, int]]) -> list[Fact]:
    return [
        Fact(number, kind, START + timedelta(days=days), minor)
        for number, (kind, days, minor) in enumerate(moves, start=1)
    ]


@settings(max_examples=1500, deadline=None)
@given(MOVES, RULES, st.integers(0, 200))
def test_money_is_conserved_and_nothing_is_negative(
    moves: list[tuple[Kind, int, int]], rule: Rule, days: int
) -> None:
    facts, on = history(moves), START + timedelta(days=days)
    state = account.replay(OPENING, facts, rule, on)
    received = sum(f.amount_minor for f in facts if f.kind is Kind.PAYMENT and f.on_date <= on)
    allocated = sum(sum(split.values()) for split in state.splits.values())
    assert received == allocated + state.credit_minor
    assert sum(state.book.values()) == 0
    assert state.book.get("cash", 0) == received - OPENING.principal_minor
    assert state.book["loan_principal"] == sum(item.open(Component.PRINCIPAL) for item in state.items)
    assert all(item.open(component) >= 0 for item in state.items for component in Component)
    assert not (state.credit_minor and state.owed_minor)


@settings(max_examples=1000, deadline=None)
@given(MOVES, RULES, st.integers(0, 150), st.integers(1, 90_000))
def test_a_reversed_payment_leaves_no_trace(
    moves: list[tuple[Kind, int, int]], rule: Rule, days: int, minor: int
) -> None:
    facts, on = history(moves), START + timedelta(days=200)
    payment = Fact(50, Kind.PAYMENT, START + timedelta(days=days), minor)
    undone = Fact(51, Kind.PAYMENT, on, minor, reverses=50)
    assert account.replay(OPENING, [*facts, payment, undone], rule, on) == account.replay(
        OPENING, facts, rule, on
    )


@settings(max_examples=600, deadline=None)
@given(MOVES, st.randoms(use_true_random=False), st.integers(0, 200))
def test_the_order_of_arrival_changes_nothing(
    moves: list[tuple[Kind, int, int]], chance: object, days: int
) -> None:
    facts, on = history(moves), START + timedelta(days=days)
    shuffled = list(facts)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert account.replay(OPENING, facts, LATE, on) == account.replay(OPENING, shuffled, LATE, on)
    renumbered = [
        Fact(number, fact.kind, fact.on_date, fact.amount_minor) for number, fact in enumerate(shuffled, 1)
    ]
    again = account.replay(OPENING, renumbered, LATE, on)
    assert again.items == account.replay(OPENING, facts, LATE, on).items


@settings(max_examples=1000, deadline=None)
@given(MOVES, RULES, st.integers(0, 200))
def test_what_is_told_fills_from_the_top(moves: list[tuple[Kind, int, int]], rule: Rule, days: int) -> None:
    on = START + timedelta(days=days)
    state = account.replay(OPENING, history(moves), rule, on)
    left = sum(sum(split.values()) for split in state.splits.values())
    overdue = 0
    for row in account.told(state):
        paid = min(left, row.total_minor)
        left -= paid
        overdue += row.total_minor - paid if row.due_date < on else 0
    assert left == 0
    assert overdue == state.overdue_minor


def test_days_past_due_of_each_instalment_and_of_the_loan() -> None:
    state = after(pay(1, "02-15", 500), on="04-20")
    assert [state.item_days_past_due(item) for item in state.items] == [64, 36, 5]
    assert state.days_past_due == 64
    paid = after(pay(1, "03-01", OPENING.instalments[0].total_minor), on="04-20", rule=Rule())
    assert [paid.item_days_past_due(item) for item in paid.items] == [0, 36, 5]
    assert relief.accrued_minor(after(on="01-30")) == round(Fraction(1200 * 15, 31))
