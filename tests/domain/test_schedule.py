"""Schedules: worked rows, an independent reading in plain fractions, and what holds for all terms."""

from __future__ import annotations

import itertools
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lenity.base.money import Rounding, round_fraction
from lenity.base.outcomes import InputRefused
from lenity.domain.servicing import periods, rounding, schedule, terms, texts

BASE = {
    "currency": "CNY",
    "principal": "10000.00",
    "annual_rate_percent": "12",
    "disbursed_on": "2026-01-31",
    "instalments": 6,
}


def rows(**changes: object) -> list[schedule.Instalment]:
    return schedule.of(terms.read({**BASE, **changes}))


def test_month_end_is_clipped_from_the_seed_day() -> None:
    assert [str(row.due_date) for row in rows()][:3] == ["2026-02-28", "2026-03-31", "2026-04-30"]


def test_month_end_may_roll_to_the_first() -> None:
    made = rows(month_end="first_of_next_month")
    assert [str(row.due_date) for row in made][:3] == ["2026-03-01", "2026-03-31", "2026-05-01"]


@pytest.mark.parametrize(
    ("changes", "first_total", "last_total", "interest"),
    [
        # 10,000 at 1 % a month over 6: annuity 1725.48; the last takes the cents.
        ({}, 172548, 172551, 35291),
        # Interest only, principal at the end.
        ({"principal_grace": 5}, 10000, 1010000, 60000),
        # 10,000 / 6 = 1666.67 principal; interest 1 % of what is left.
        ({"amortization": "equal_principal"}, 176667, 168332, 35000),
        # Flat: 6 % of 10,000 in six shares.
        ({"interest": "flat", "interest_period": "same_as_repayment"}, 176667, 176665, 60000),
        # A quarter at once, the rest level.
        ({"down_payment_percent": "25"}, 250000, 129413, 26468),
        ({"annual_rate_percent": "0"}, 166667, 166665, 0),
    ],
)
def test_worked_rows(changes: dict[str, object], first_total: int, last_total: int, interest: int) -> None:
    made = rows(**changes)
    assert (made[0].total_minor, made[-1].total_minor) == (first_total, last_total)
    assert sum(row.interest_minor for row in made) == interest


def test_actual_over_actual_splits_at_new_year() -> None:
    part = periods.actual_over_actual(date(2023, 12, 12), date(2024, 1, 12))
    assert Fraction(*part) == Fraction(19, 365) + Fraction(12, 366)
    long = periods.actual_over_actual(date(2023, 6, 30), date(2025, 6, 30))
    assert Fraction(*long) == Fraction(184, 365) + 1 + Fraction(181, 365)


@pytest.mark.parametrize(("year", "days"), [("360", 360), ("364", 364), ("365", 365), ("366", 366)])
def test_the_days_of_the_year_are_the_stated_ones(year: str, days: int) -> None:
    made = rows(days_in_year=year, days_in_month="actual", disbursed_on="2026-03-01")
    assert made[0].interest_minor == round_fraction(
        Fraction(1_000_000 * 12 * 31, 100 * days), Rounding.HALF_EVEN
    )


def test_interest_grace_is_paid_after_it() -> None:
    made = rows(engine="cumulative", interest_period="same_as_repayment", interest_grace=2, principal_grace=3)
    assert [row.interest_minor for row in made][:4] == [0, 0, 30000, 10000]


def test_zero_and_three_decimals() -> None:
    yen = rows(currency="JPY", principal="100000", currency_decimals=0, currency_multiple="100")
    assert all(row.total_minor % 100 == 0 for row in yen)
    dinar = rows(currency="KWD", principal="1000.000", currency_decimals=3)
    assert sum(row.principal_minor for row in dinar) == 1_000_000


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"instalments": 0}, "instalments"),
        ({"principal": "0"}, "principal"),
        ({"principal": "-1"}, "principal"),
        ({"principal": "1.001"}, "principal"),
        ({"principal": 1.5}, "principal"),
        ({"principal": "1e9"}, "principal"),
        ({"annual_rate_percent": "-1"}, "annual_rate_percent"),
        ({"annual_rate_percent": None}, "annual_rate_percent"),
        ({"currency": "XXX"}, "currency"),
        ({"principal_grace": -1}, "principal_grace"),
        ({"principal_grace": 6}, "principal_grace"),
        ({"due_dates": ["2026-03-01"]}, "due_dates"),
        ({"instalments": 2, "due_dates": ["2026-03-01", "2026-03-01"]}, "due_dates"),
        ({"disbursed_on": "2026-02-30"}, "disbursed_on"),
        ({"days_in_year": "361"}, "days_in_year"),
        ({"down_payment_percent": "100"}, "down_payment_percent"),
        ({"colour": "red"}, "colour"),
        ({"charges": [{"kind": "fine", "amount": "1", "due": "disbursement"}]}, "charges"),
    ],
)
def test_impossible_terms_name_the_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(InputRefused) as refused:
        rows(**changes)
    assert f"terms.{field}" in [problem.code for problem in refused.value.problems]


ANY_TERMS = st.fixed_dictionaries(
    {
        "currency": st.just("CNY"),
        "principal": st.integers(1, 10**9).map(lambda minor: texts.decimal_text(minor, 2)),
        "annual_rate_percent": st.integers(0, 360_000).map(lambda rate: texts.decimal_text(rate, 4)),
        "disbursed_on": st.dates(date(2019, 1, 1), date(2031, 1, 1)).map(str),
        "instalments": st.integers(1, 48),
        "every": st.integers(1, 3),
        "unit": st.sampled_from(["days", "weeks", "months"]),
        "interest": st.sampled_from(["declining_balance", "flat"]),
        "amortization": st.sampled_from(["equal_instalments", "equal_principal"]),
        "engine": st.sampled_from(["progressive", "cumulative"]),
        "interest_period": st.sampled_from(["daily", "same_as_repayment"]),
        "days_in_year": st.sampled_from(terms.DAYS_IN_YEAR),
        "days_in_month": st.sampled_from(["actual", "30"]),
        "partial_period_interest": st.booleans(),
        "down_payment_percent": st.sampled_from([None, "10", "25"]),
        "instalment_multiple": st.sampled_from([None, "1", "20"]),
        "month_end": st.sampled_from(["clip", "first_of_next_month"]),
    }
)


@settings(max_examples=1500, deadline=None)
@given(ANY_TERMS, st.integers(0, 3), st.integers(0, 3))
def test_a_schedule_is_the_contract(raw: dict[str, object], free: int, carried: int) -> None:
    count = int(str(raw["instalments"]))
    raw |= {"principal_grace": min(free, count - 1), "interest_grace": min(carried, count - 1)}
    agreed = terms.read(raw)
    made = schedule.of(agreed)
    assert sum(row.principal_minor for row in made) == agreed.principal_minor
    assert made[-1].balance_minor == 0
    balance = agreed.principal_minor
    for before, row in zip([None, *made], made, strict=False):
        assert min(row.principal_minor, row.interest_minor, row.balance_minor) >= 0
        balance -= row.principal_minor
        assert row.balance_minor == balance
        assert before is None or before.due_date <= row.due_date
    assert terms.read(terms.to_plain(agreed)) == agreed


@settings(max_examples=400, deadline=None)
@given(
    st.integers(10_000, 10**8),
    st.integers(0, 3600),
    st.integers(1, 60),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
)
def test_equal_to_a_plain_reading_in_fractions(minor: int, rate: int, count: int, start: date) -> None:
    """The progressive engine, written again with exact fractions and without any care for speed."""
    agreed = terms.Terms("CNY", minor, Fraction(rate, 10_000), start, count, days_in_year=0, days_in_month=0)
    made = schedule.of(agreed)
    ends = [start, *(periods.due_date(agreed, number) for number in range(1, count + 1))]
    parts = [
        Fraction(*periods.actual_over_actual(a, b)) * Fraction(rate, 10_000)
        for a, b in itertools.pairwise(ends)
    ]
    growth, annuity = Fraction(1), Fraction(0)
    for part in parts:
        growth, annuity = growth * (1 + part), 1 + annuity * (1 + part)
    level = round_fraction(minor * growth / annuity, Rounding.HALF_EVEN)

    def plain(size: int) -> list[tuple[int, int]]:
        left, result = minor, []
        for index, part in enumerate(parts):
            interest = round_fraction(left * part, Rounding.HALF_EVEN)
            principal = left if index == count - 1 else min(max(size - interest, 0), left)
            left -= principal
            result.append((principal, interest))
        return result

    expected = plain(level)
    if count > 1:
        uneven = sum(expected[-1]) - sum(expected[-2])
        if abs(uneven) > count // 2:
            step = round_fraction(Fraction(abs(uneven), count), Rounding.HALF_EVEN)
            moved = level + (step if uneven > 0 else -step)
            tried = plain(moved)
            if moved > 0 and abs(sum(tried[-1]) - sum(tried[-2])) < abs(uneven):
                expected = tried
    assert [(row.principal_minor, row.interest_minor) for row in made] == expected


@given(st.integers(0, 10**12), st.integers(1, 10**6), st.sampled_from(list(Rounding)))
def test_the_fast_rounding_is_the_one_rounding(top: int, bottom: int, rule: Rounding) -> None:
    assert rounding.share(top, bottom, rule) == round_fraction(Fraction(top, bottom), rule)
