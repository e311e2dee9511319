"""Money: exact, bounded, never a float."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lenity.base import money
from lenity.base.money import Money, MoneyError, Rounding

AMOUNTS = st.integers(-money.MAX_MINOR // 4, money.MAX_MINOR // 4)


@pytest.mark.parametrize("wrong", [1.0, "1", None, True, Fraction(1)])
def test_money_takes_whole_numbers_only(wrong: object) -> None:
    with pytest.raises(MoneyError):
        Money(wrong, "CNY")  # type: ignore[arg-type]


def test_bounds_last_allowed_and_first_forbidden() -> None:
    assert Money(money.MAX_MINOR, "CNY").minor == 10**15
    with pytest.raises(MoneyError):
        Money(money.MAX_MINOR + 1, "CNY")


def test_currencies_do_not_mix() -> None:
    with pytest.raises(MoneyError):
        Money(1, "CNY") + Money(1, "USD")
    with pytest.raises(MoneyError):
        Money(1, "XXX")


@given(AMOUNTS, AMOUNTS)
def test_sum_and_difference_are_exact(a: int, b: int) -> None:
    assert (Money(a, "CNY") + Money(b, "CNY") - Money(b, "CNY")).minor == a


@given(AMOUNTS, st.sampled_from(["CNY", "JPY", "KWD"]))
def test_text_reads_back(minor: int, currency: str) -> None:
    amount = Money(minor, currency)
    assert money.parse(amount.decimal_text(), currency) == amount


@pytest.mark.parametrize(
    ("text", "minor"),
    [("1,234.5", 123450), ("1,234,567", 123456700), ("-1,000.00", -100000), ("12.50", 1250)],
)
def test_typed_amounts_may_group_their_thousands(text: str, minor: int) -> None:
    assert money.typed(text, "CNY").minor == minor


@pytest.mark.parametrize(
    "text", ["12,50", "1,2", "1,23,456", ",100", "100,", "1234,567", "1.234,56", "1,0000"]
)
def test_a_comma_that_groups_nothing_is_never_guessed_at(text: str) -> None:
    with pytest.raises(MoneyError):
        money.typed(text, "CNY")


@given(st.fractions(), st.sampled_from(Rounding))
def test_rounding_is_within_one_and_symmetric(value: Fraction, rule: Rounding) -> None:
    rounded = money.round_fraction(value, rule)
    assert abs(rounded - value) < 1
    assert money.round_fraction(-value, rule) == -rounded


@pytest.mark.parametrize("text", ["", ".5", "1e3", "1,234", "１２", "1.234", "--1", "1.2.3", "NaN", "9" * 40])
def test_texts_that_are_not_amounts(text: str) -> None:
    with pytest.raises(MoneyError):
        money.parse(text, "CNY")
