"""The gate and an oracle that shares no code with it agree on random histories.

`make oracle` asks a million; see `oracle_run`.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain import histories, oracle_run

CASES = int(os.environ.get("LENITY_CASES", "500"))
"""Fewer for each mutant of `make mutation`."""


@pytest.mark.parametrize("drawn", histories.DRAWN)
@settings(max_examples=CASES, deadline=None)
@given(chance=st.randoms(use_true_random=False))
def test_the_gate_agrees_with_the_oracle(drawn: str, chance: histories.Random) -> None:
    """Played by Hypothesis, which looks for the smallest history that they differ on."""
    draw, place = histories.DRAWN[drawn]
    oracle_run.ask(draw(chance, place))


@pytest.mark.parametrize("drawn", histories.DRAWN)
def test_many_more_that_are_the_same_on_every_run(drawn: str) -> None:
    told = oracle_run.run(drawn, seed=20260311, cases=4 * CASES)
    assert told.total() == 4 * CASES
    expected = {"allowed", "deferred"} | (set() if drawn == "mainland China, at its edges" else {"refused"})
    assert set(told) == expected, "a verdict was never seen"
