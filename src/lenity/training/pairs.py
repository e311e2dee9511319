"""Which pairs of features get a table of two: one at a time, each the one that explains most of what is left.

Ranking all pairs once takes the same thing many times over: features that tell the same (counts of lateness)
make pairs that tell the same. Here what a chosen pair explains is taken away before the next is looked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np

BINS = 32
"""Bins of a feature, of about as many rows each."""
MOST_ROWS = 100_000
SMOOTHING = 20.0
"""Rows of nothing that a cell begins with: cells of few rows explain little."""
LEAST = 1e-6
"""A pair that explains a smaller share of what is left explains nothing."""
Array = np.ndarray[Any, Any]
Pair = tuple[int, int]


def chosen(x: Array, left: Array, allowed: Sequence[int], most: int) -> list[Pair]:
    """At most `most` pairs of the allowed columns, by what they explain of `left` beyond each column alone."""
    step = max(1, -(-len(left) // MOST_ROWS))
    places = {at: _places(x[::step, at]) for at in allowed}
    left = left[::step].astype(float)
    found: list[Pair] = []
    open_pairs = {pair: _Cells(places[pair[0]], places[pair[1]]) for pair in combinations(sorted(allowed), 2)}
    taken: list[_Cells] = []
    while open_pairs and len(found) < most:
        gains = {pair: cells.gain(left) for pair, cells in open_pairs.items()}
        best = max(gains, key=lambda pair: (gains[pair], pair))
        if gains[best] <= LEAST * float(left @ left):
            break
        found.append(best)
        taken.append(open_pairs.pop(best))
        # Twice round: what an earlier pair explains changes with a later one.
        for cells in [*taken, *taken]:
            left -= cells.explained(left)
    return found


def _places(values: Array) -> Array:
    """The bin of each value; 0 for a missing one."""
    there = values[~np.isnan(values)]
    edges = np.unique(np.quantile(there, np.linspace(0, 1, BINS + 1)[1:-1])) if len(there) else np.zeros(0)
    found = np.searchsorted(edges, values, side="right") + 1
    return np.where(np.isnan(values), 0, found)


class _Cells:
    """The cells of two columns."""

    def __init__(self, one: Array, other: Array) -> None:
        self.one, self.other = one, other
        self.shape = int(one.max()) + 1, int(other.max()) + 1
        rows = np.bincount(self._at(), minlength=self.shape[0] * self.shape[1])
        self.rows = rows.reshape(self.shape).astype(float)

    def _at(self) -> Array:
        found: Array = self.one * self.shape[1] + self.other
        return found

    def gain(self, left: Array) -> float:
        """The squares that the cells explain and rows and columns do not."""
        _, _, rest, cells = self._fitted(left)
        return float((rest * cells).sum())

    def explained(self, left: Array) -> Array:
        """What the cells say of each row, with what rows and columns say."""
        across, down, _, cells = self._fitted(left)
        found: Array = (across[:, None] + down[None, :] + cells).ravel()[self._at()]
        return found

    def _fitted(self, left: Array) -> tuple[Array, Array, Array, Array]:
        total = np.bincount(self._at(), weights=left, minlength=self.rows.size).reshape(self.shape)
        by_row, by_column = (np.maximum(self.rows.sum(axis), 1) for axis in (1, 0))
        across, down = np.zeros(self.shape[0]), np.zeros(self.shape[1])
        for _ in range(4):
            across = (total.sum(1) - self.rows @ down) / by_row
            down = (total.sum(0) - self.rows.T @ across) / by_column
        rest = total - self.rows * (across[:, None] + down[None, :])
        return across, down, rest, rest / (self.rows + SMOOTHING)
