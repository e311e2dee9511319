"""The code of a live call holds for its minute and the ones beside it, in its direction, for its call."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lenity.domain.debt_collection import caller_code

KEY = b"k" * 32
AT = datetime(2026, 11, 24, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "holds"), [(-61, False), (-60, True), (0, True), (119, True), (120, False)]
)
def test_a_minute_early_and_late_and_no_more(seconds: int, holds: bool) -> None:
    made = caller_code.code(KEY, "C1", caller_code.CALLER_READS, caller_code.step_of(AT))
    when = AT + timedelta(seconds=seconds)
    assert (caller_code.which(KEY, ["C2", "C1"], made, when) == "C1") is holds


def test_one_direction_does_not_stand_in_for_the_other() -> None:
    made = caller_code.code(KEY, "C1", caller_code.BORROWER_ASKS, caller_code.step_of(AT))
    assert caller_code.which(KEY, ["C1"], made, AT) == ""


@given(st.binary(min_size=16, max_size=64), st.text(max_size=20), st.integers(0, 2**40))
def test_always_six_digits(key: bytes, contact: str, step: int) -> None:
    made = caller_code.code(key, contact, caller_code.CALLER_READS, step)
    assert len(made) == 6
    assert made.isascii()
    assert made.isdigit()


def test_a_code_of_no_call_is_never_found() -> None:
    made = caller_code.code(KEY, "", caller_code.CALLER_READS, caller_code.step_of(AT))
    assert caller_code.which(KEY, [], made, AT) == ""
