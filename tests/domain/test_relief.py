"""New plans: what each kind does, as a table, and what holds for any account."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lenity.base.outcomes import InputRefused
from lenity.domain.servicing import account, relief, schedule
from lenity.domain.servicing import plan as plan_rules
from lenity.domain.servicing.account import Fact, Opening
from lenity.domain.servicing.allocation import Component, Rule
from lenity.domain.servicing.relief import Kind, Preview, Request
from lenity.domain.servicing.terms import Terms

START = date(2026, 1, 15)
TERMS = Terms("CNY", 1_200_000, Fraction(18, 100), START, 12)
OPENING = Opening(tuple(schedule.of(TERMS)), START)
ONE = OPENING.instalments[0].total_minor
SIZES = {
    Kind.EXTENSION: Request(Kind.EXTENSION, periods=2),
    Kind.RE_AGE: Request(Kind.RE_AGE),
    Kind.RE_AMORTISE: Request(Kind.RE_AMORTISE, periods=24),
    Kind.INTEREST_PAUSE: Request(Kind.INTEREST_PAUSE, periods=3),
    Kind.RATE_CUT: Request(Kind.RATE_CUT, annual_rate=Fraction(6, 100)),
    Kind.PRINCIPAL_REDUCTION: Request(Kind.PRINCIPAL_REDUCTION, amount_minor=200_000),
    Kind.SHORTER_TERM: Request(Kind.SHORTER_TERM, amount_minor=500_000),
    Kind.SMALLER_INSTALMENT: Request(Kind.SMALLER_INSTALMENT, amount_minor=500_000),
    Kind.PAYOFF: Request(Kind.PAYOFF),
}


def state_on(day: str, *paid: int) -> account.Account:
    facts = [Fact(n, account.Kind.PAYMENT, START, minor) for n, minor in enumerate(paid, start=1)]
    return account.replay(OPENING, facts, Rule(), date.fromisoformat(day))


def plan(kind: Kind, day: str = "2026-04-20", *paid: int) -> Preview:
    return relief.preview(state_on(day, *paid), TERMS, SIZES[kind])


def test_an_extension_moves_all_dates_and_costs_simple_interest() -> None:
    made = plan(Kind.EXTENSION, "2026-01-20")
    assert [row.due_date.month for row in made.new[:2]] == [4, 5]
    days = (date(2026, 4, 15) - date(2026, 2, 15)).days
    assert made.borrower_pays_more_minor == round(Fraction(1_200_000 * days * 18, 100 * 360))


def test_re_aging_makes_the_loan_current_and_forgives_nothing() -> None:
    made = plan(Kind.RE_AGE)
    assert min(row.due_date for row in made.new) == date(2026, 5, 15)
    assert (made.borrower_pays_more_minor, len(made.new)) == (0, 9)


def test_a_longer_plan_asks_less_a_month() -> None:
    made = plan(Kind.RE_AMORTISE)
    assert len(made.new) == 24
    assert max(row.total_minor for row in made.new) < ONE
    assert made.forgone_interest_minor < 0


def test_a_pause_asks_no_interest_for_so_many_instalments() -> None:
    made = plan(Kind.INTEREST_PAUSE, "2026-01-20")
    assert [row.interest_minor for row in made.new[:3]] == [0, 0, 0]
    assert made.new[3:] == tuple(
        new._replace(balance_minor=old.balance_minor)
        for new, old in zip(made.new[3:], made.old[3:], strict=True)
    )


def test_a_reduction_tells_what_is_forgiven() -> None:
    made = plan(Kind.PRINCIPAL_REDUCTION)
    assert made.forgiven_principal_minor == 200_000
    assert sum(row.principal_minor for row in made.new) == 1_000_000


def test_shorter_term_keeps_the_instalment_and_smaller_keeps_the_dates() -> None:
    shorter = plan(Kind.SHORTER_TERM, "2026-01-20")
    smaller = plan(Kind.SMALLER_INSTALMENT, "2026-01-20")
    assert shorter.new[0].total_minor == smaller.new[0].total_minor == 500_000
    assert len(shorter.new) < len(smaller.new) == 13
    assert max(row.total_minor for row in shorter.new[1:]) <= ONE
    assert max(row.total_minor for row in smaller.new[1:]) < ONE
    assert shorter.borrower_pays_more_minor < smaller.borrower_pays_more_minor < 0


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        (Request(Kind.EXTENSION), "relief.periods"),
        (Request(Kind.RE_AMORTISE, periods=61), "relief.periods"),
        (Request(Kind.RATE_CUT), "relief.annual_rate"),
        (Request(Kind.RATE_CUT, annual_rate=Fraction(19, 100)), "relief.annual_rate"),
        (Request(Kind.PRINCIPAL_REDUCTION, amount_minor=1_200_001), "relief.amount"),
        (Request(Kind.SHORTER_TERM, amount_minor=ONE), "relief.amount"),
    ],
)
def test_an_impossible_request_is_refused_and_named(asked: Request, names: str) -> None:
    with pytest.raises(InputRefused) as refused:
        relief.preview(state_on("2026-02-20"), TERMS, asked)
    assert names in {problem.code for problem in refused.value.problems}


def test_a_settled_loan_needs_no_plan() -> None:
    whole = sum(row.total_minor for row in OPENING.instalments)
    with pytest.raises(InputRefused, match="Nothing is owed"):
        relief.preview(state_on("2026-02-20", whole), TERMS, SIZES[Kind.RE_AGE])


@settings(max_examples=1500, deadline=None)
@given(st.integers(1, 500), st.integers(0, 1_300_000), st.sampled_from(list(Kind)))
def test_any_plan_adds_up_and_replays(days: int, paid: int, kind: Kind) -> None:
    on = START + timedelta(days=days)
    rule = Rule(late_rate=Fraction(24, 100))
    facts = [Fact(2, account.Kind.PAYMENT, START, paid)] if paid else []
    state = account.replay(OPENING, facts, rule, on)
    try:
        made = relief.preview(state, TERMS, SIZES[kind])
    except InputRefused:
        return
    principal = sum(item.open(Component.PRINCIPAL) for item in state.items)
    assert sum(row.principal_minor for row in made.new) == principal - made.forgiven_principal_minor
    assert all(part >= 0 for row in made.new for part in row[2:])
    assert made.new[-1].balance_minor == 0
    assert list(made.new) == sorted(made.new, key=lambda row: row.due_date)
    kinds = account.Kind
    step = kinds.PREPAYMENT_PLAN if kind in relief.PREPAYMENTS else kinds.RESCHEDULE
    change = made.forgiven_principal_minor + made.returned_interest_minor
    agreed = Fact(3, step, on, change, plan=made.new)
    after = account.replay(OPENING, [*facts, agreed], rule, on)
    asked = plan_rules.total(made.new) - made.returned_interest_minor
    assert plan_rules.total(relief.open_rows(after)) - after.credit_minor == asked - state.credit_minor
    assert sum(after.book.values()) == 0
    undone = Fact(5, step, on, 0, reverses=3)
    assert account.replay(OPENING, [*facts, agreed, undone], rule, on) == state


@settings(max_examples=500, deadline=None)
@given(st.integers(0, 360), st.integers(1, 900_000), st.integers(0, 360))
def test_a_payment_that_falls_away_after_a_plan_is_owed_again(days: int, paid: int, later: int) -> None:
    on = START + timedelta(days=days)
    payment = Fact(2, account.Kind.PAYMENT, START, paid)
    state = account.replay(OPENING, [payment], Rule(), on)
    try:
        made = relief.preview(state, TERMS, SIZES[Kind.RE_AMORTISE])
    except InputRefused:
        return
    agreed = Fact(3, account.Kind.RESCHEDULE, on, 0, plan=made.new)
    after = account.replay(OPENING, [agreed], Rule(), on + timedelta(days=later))
    assert sum(item.open(Component.PRINCIPAL) for item in after.items) == 1_200_000


@settings(max_examples=800, deadline=None)
@given(st.integers(1, 364), st.lists(st.tuples(st.integers(0, 364), st.integers(1, 500_000)), max_size=4))
def test_a_payoff_asks_interest_for_the_days_used_whatever_was_paid_ahead(
    days: int, paid: list[tuple[int, int]]
) -> None:
    on = START + timedelta(days=days)
    payments = [
        Fact(number, account.Kind.PAYMENT, START + timedelta(days=early), minor)
        for number, (early, minor) in enumerate(paid, 1)
        if early < days
    ]
    state = account.replay(OPENING, payments, Rule(), on)
    if not state.owed_minor:
        return
    received = sum(one.amount_minor for one in payments)
    due = [row for row in OPENING.instalments if row.due_date <= on]
    running = next(row for row in OPENING.instalments if row.due_date > on)
    since = due[-1].due_date if due else START
    used = Fraction(running.interest_minor * (on - since).days, (running.due_date - since).days)
    asked = 1_200_000 + sum(row.interest_minor for row in due) + round(used) - received
    assert relief.payoff_minor(state) == max(asked, 0)


def test_the_longest_plan_is_made_and_one_longer_is_not() -> None:
    state = state_on("2026-02-20")
    assert len(relief.preview(state, TERMS, Request(Kind.RE_AMORTISE, periods=60)).new) == 60
    with pytest.raises(InputRefused):
        relief.preview(state, TERMS, Request(Kind.RE_AMORTISE, periods=61))


@settings(max_examples=600, deadline=None)
@given(
    st.integers(0, 364),
    st.lists(st.integers(1, 400_000), max_size=3),
    st.lists(st.integers(1, 400_000), max_size=3),
)
def test_a_payoff_is_the_same_before_and_after_the_days_own_payments(
    days: int, early: list[int], today: list[int]
) -> None:
    on = START + timedelta(days=days)
    before = [Fact(n, account.Kind.PAYMENT, START, minor) for n, minor in enumerate(early, 1) if days]
    of_today = [Fact(n, account.Kind.PAYMENT, on, minor) for n, minor in enumerate(today, 10)]
    rule = Rule(late_rate=Fraction(24, 100))
    start = account.replay(OPENING, before, rule, on)
    now = account.replay(OPENING, [*before, *of_today], rule, on)
    if now.owed_minor:
        left = relief.payoff_minor(start) - sum(today)
        assert relief.payoff_minor(now) == max(left, 0)
