"""Scoring a whole file: the tables of a model looked up column by column, exact to the point.

The answers are those of `domain.scoring.model` on every row; a test compares. Columns are doubles that hold
whole numbers, NaN where missing; rows go through in pieces that stay in the processor's cache.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from lenity.domain.scoring.model import MOST_REASONS, Model, Term
from lenity.portfolio import score_columns, score_lookup

ROWS = 16384
"""Rows of a piece: its columns stay in the cache of one core."""
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class ScoredFile:
    """Scores, estimated defaults in parts per million, and up to four reasons a row (index, -1 for none)."""

    score: Array
    default_ppm: Array
    reasons: Array
    points_lost: Array


class Tables:
    """A model ready for whole columns."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.codes = tuple(model.reasons)
        self.ordered = sorted(self.codes)
        bins = _bins(model)
        self.tables = [_Table(term, self.ordered.index(term.reason), bins) for term in model.terms]
        self.ppm = np.asarray(model.default_ppm, dtype=np.int64)
        self.reference = np.zeros(len(self.codes), dtype=np.int32)
        for table in self.tables:
            self.reference[table.reason] += table.term.reference
        self.told = [
            place for place, code in enumerate(self.ordered) if model.reasons[code].get("told", True)
        ]
        self.index = np.array([self.codes.index(code) for code in self.ordered] + [-1], dtype=np.int16)

    def score(self, frame: pl.DataFrame, *, reasons: bool = True) -> ScoredFile:
        """Score every row; raises `InputRefused` that names the column and the first row that is unfit."""
        columns = score_columns.Columns(list(self.model.nodes.values()), frame)
        rows, most = frame.height, min(MOST_REASONS, len(self.codes)) if reasons else 0
        score = np.empty(rows, dtype=np.int32)
        ranked = np.empty((most, rows), dtype=np.int16)
        taken = np.empty((most, rows), dtype=np.int32)
        for start in range(0, rows, ROWS):
            part = slice(start, min(start + ROWS, rows))
            points = self._points(score_lookup.Places(columns.piece(part)), part.stop - start)
            np.sum(points, axis=0, dtype=np.int32, out=score[part])
            if most:
                self._rank(points, ranked[:, part], taken[:, part])
        score += np.int32(self.model.intercept)
        default = self.ppm[np.clip(score - self.model.default_first, 0, len(self.ppm) - 1)]
        return ScoredFile(score.astype(np.int64), default, ranked.T, taken.T)

    def features(self, frame: pl.DataFrame) -> dict[str, Array]:
        """All features as columns."""
        return score_columns.feature_columns(self.model.nodes, frame)

    def points(self, table: _Table, values: dict[str, Array]) -> Array:
        """The points of one term on feature columns."""
        by_node = {self.model.nodes[name]: column for name, column in values.items()}
        return table.points(score_lookup.Places(by_node))

    def _points(self, places: score_lookup.Places, rows: int) -> Array:
        """Points by reason and row."""
        total = np.zeros((len(self.codes), rows), dtype=np.int32)
        for table in self.tables:
            total[table.reason] += table.points(places)
        return total

    def _rank(self, points: Array, ranked: Array, taken: Array) -> None:
        """The most points lost first, ties by code; only what is told and more than none.

        Points and place go into one whole number, so that larger-of-two sorts both.
        """
        rows = points.shape[1]
        bits = np.int32(len(self.ordered).bit_length())
        last = np.int32((1 << bits) - 1)
        keys = [
            ((self.reference[place] - points[place]) << bits) + (last - np.int32(place))
            for place in self.told
        ]
        for at in range(ranked.shape[0]):
            best = keys.pop(0) if keys else np.zeros(rows, dtype=np.int32)
            for other in keys:
                higher = np.maximum(best, other)
                np.minimum(best, other, out=other)
                best = higher
            lost = best >> bits
            none = lost <= 0
            np.copyto(ranked[at], self.index.take(last - (best & last), mode="clip"))
            np.copyto(ranked[at], -1, where=none)
            np.copyto(taken[at], np.maximum(lost, 0))


def _bins(model: Model) -> dict[str, score_lookup.Bins]:
    """The cuts of each feature, of all tables that use it."""
    cuts: dict[str, set[int]] = {}
    for term in model.terms:
        for name, of_term in zip(term.features, term.cuts, strict=True):
            cuts.setdefault(name, set()).update(of_term)
    return {name: score_lookup.Bins(model.nodes[name], sorted(found)) for name, found in cuts.items()}


class _Table:
    """One term: the cell of each of its features, then the points."""

    def __init__(self, term: Term, reason: int, bins: Mapping[str, score_lookup.Bins]) -> None:
        self.term = term
        self.reason = reason
        cells = np.array(term.points, dtype=np.int64)
        kind = np.int16 if np.abs(cells).max() < 2**15 else np.int32
        steps = [cells.astype(kind)]
        if len(term.cuts) > 1:
            self.cells = steps[0].ravel()
            steps = [np.arange(cells.shape[0]) * cells.shape[1], np.arange(cells.shape[1])]
        self.axes = [
            score_lookup.Axis(bins[name], cuts, step)
            for name, cuts, step in zip(term.features, term.cuts, steps, strict=True)
        ]

    def points(self, places: score_lookup.Places) -> Array:
        """Points of every row."""
        found = [axis.find(places) for axis in self.axes]
        return found[0] if len(found) == 1 else self.cells.take(found[0] + found[1], mode="clip")
