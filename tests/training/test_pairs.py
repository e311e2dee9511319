"""Pairs of features are chosen one at a time, by what is left to explain."""

from __future__ import annotations

import numpy as np

from lenity.training import pairs

DRAW = np.random.default_rng(3)
X = DRAW.integers(0, 20, (4000, 4)).astype(float)
TWIN = np.column_stack([X, X[:, 0] * 3 + 1])
"""The last column tells what the first tells."""


def _together(one: int, other: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.where((TWIN[:, one] > 9) ^ (TWIN[:, other] > 9), 1.0, -1.0)


def test_a_pair_that_tells_the_same_is_not_chosen_twice() -> None:
    left = 2 * _together(0, 1) + _together(2, 3) + DRAW.normal(0, 0.1, len(TWIN))
    first, second = pairs.chosen(TWIN, left, range(5), 2)
    assert set(first) <= {0, 1, 4}
    assert 1 in first
    assert second == (2, 3)


def test_what_a_column_says_alone_is_no_reason_for_a_pair() -> None:
    left = 0.1 * TWIN[:, 0] + _together(1, 2)
    assert pairs.chosen(TWIN, left, [0, 1, 2, 3], 1) == [(1, 2)]


def test_only_allowed_columns_and_no_more_pairs_than_there_are() -> None:
    left = _together(0, 1)
    assert pairs.chosen(TWIN, left, [2, 3], 10) == [(2, 3)]
    assert pairs.chosen(TWIN, left, [2], 10) == []
    assert pairs.chosen(TWIN, np.zeros(len(TWIN)), range(4), 10) == []


def test_a_missing_value_is_a_cell_of_its_own() -> None:
    x = X.copy()
    x[:, 0] = np.where(DRAW.random(len(x)) < 0.5, np.nan, 1.0)
    left = np.where(np.isnan(x[:, 0]) ^ (x[:, 1] > 9), 1.0, -1.0)
    assert pairs.chosen(x, left, range(4), 1) == [(0, 1)]
    empty = np.column_stack([np.full(len(x), np.nan), x[:, 1]])
    assert pairs.chosen(empty, left, range(2), 1) == []
