"""Scoring a whole file: the tables of a model looked up column by column, exact to the point.

The answers are those of `domain.scoring.model` on every row; a test compares. Columns are pairs of whole
numbers (int64) and a mask of what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from lenity.base.outcomes import InputRefused, Problem
from lenity.base.rates import PPM
from lenity.domain.scoring.features import LARGEST, plain
from lenity.domain.scoring.model import MOST_REASONS, Model, Term

SPAN = 1 << 16
"""A table whose cuts lie within so many whole numbers is looked up directly, without a search."""
Array = np.ndarray[Any, Any]
Column = tuple[Array, Array]


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
        told = [bool(model.reasons[code].get("told", True)) for code in self.codes]
        self.told = np.array(told)
        self.tables = [_Table(term, self.codes.index(term.reason)) for term in model.terms]

    def score(self, frame: pl.DataFrame, *, reasons: bool = True) -> ScoredFile:
        """Score every row; raises `InputRefused` that names the column and the first row that is unfit."""
        values = self.features(frame)
        rows = frame.height
        score = np.full(rows, self.model.intercept, dtype=np.int64)
        lost = np.zeros((len(self.codes), rows), dtype=np.int32)
        for table in self.tables:
            points = table.points(values)
            score += points
            if reasons:
                lost[table.reason] += np.int32(table.reference) - points
        ppm = np.asarray(self.model.default_ppm, dtype=np.int64)
        default = ppm[np.clip(score - self.model.default_first, 0, len(ppm) - 1)]
        ranked, taken = self._reasons(lost) if reasons else (np.empty((0, 0)), np.empty((0, 0)))
        return ScoredFile(score, default, ranked, taken)

    def features(self, frame: pl.DataFrame) -> dict[str, Column]:
        """All features as columns."""
        return feature_columns(self.model.features, frame)

    def _reasons(self, lost: Array) -> tuple[Array, Array]:
        """The most points lost first, ties by code; only what is told and more than none."""
        by_code = np.argsort(np.array(self.codes))
        ordered = np.where(self.told[by_code, None], lost[by_code], np.int32(-1))
        most = min(MOST_REASONS, len(by_code))
        left = ordered.copy()
        rows = np.arange(lost.shape[1])
        ranked = np.full((lost.shape[1], most), -1, dtype=np.int16)
        taken = np.zeros((lost.shape[1], most), dtype=np.int32)
        for place in range(most):
            first = left.argmax(axis=0)
            points = left[first, rows]
            ranked[:, place] = np.where(points > 0, by_code[first], -1)
            taken[:, place] = np.maximum(points, 0)
            left[first, rows] = np.iinfo(np.int32).min
        return ranked, taken


def feature_columns(features: Sequence[Mapping[str, Any]], frame: pl.DataFrame) -> dict[str, Column]:
    """Features of every row by name; raises `InputRefused` that names the column and the first unfit row."""
    raw: dict[tuple[str, int], Column] = {}

    def read(name: str, by: int = 1) -> Column:
        if (name, by) not in raw:
            raw[(name, by)] = column(frame, name, by)
        return raw[(name, by)]

    return {feature["name"]: OPERATIONS[feature["operation"]](feature, read) for feature in features}


class _Table:
    """One term: bin numbers of each feature, then the points."""

    def __init__(self, term: Term, reason: int) -> None:
        self.features = term.features
        self.reason = reason
        self.reference = term.reference
        self.axes = [_Axis(cuts) for cuts in term.cuts]
        self.cells = np.array(term.points, dtype=np.int32)

    def points(self, values: Mapping[str, Column]) -> Array:
        """Points of every row."""
        bins = [axis.bins(values[name]) for axis, name in zip(self.axes, self.features, strict=True)]
        found: Array = self.cells[tuple(bins)]
        return found


class _Axis:
    def __init__(self, cuts: Sequence[int]) -> None:
        self.cuts = np.array(cuts, dtype=np.int64)
        self.low = int(cuts[0]) - 1 if cuts else 0
        self.high = int(cuts[-1]) if cuts else 0
        self.direct: Array | None = None
        if self.high - self.low < SPAN:
            every = np.arange(self.low, self.high + 1)
            self.direct = np.searchsorted(self.cuts, every, side="right") + 1

    def bins(self, column: Column) -> Array:
        """The bin of each value: 0 for missing."""
        values, missing = column
        if self.direct is not None:
            found = self.direct[np.clip(values, self.low, self.high) - self.low]
        else:
            found = np.searchsorted(self.cuts, values, side="right") + 1
        return np.where(missing, 0, found)


def column(frame: pl.DataFrame, name: str, by: int = 1) -> Column:
    """A column times `by` as whole numbers, the rest cut off, and what is missing. Text, integer or decimal."""
    if name not in frame.columns:
        raise InputRefused([Problem("score.column", f"The column {name} is missing.", "", None, name)])
    series = frame.get_column(name)
    if series.dtype == pl.String:
        return _from_text(series, name, by)
    missing = series.is_null().to_numpy()
    if series.dtype.is_integer():
        values = series.fill_null(0).cast(pl.Int64).to_numpy() * by
    elif series.dtype.is_float():
        exact = series.fill_null(0).to_numpy() * by
        missing = missing | np.isnan(exact)
        exact = np.where(missing, 0, exact)
        near = np.rint(exact)
        values = np.trunc(np.where(np.abs(exact - near) * PPM < 1, near, exact)).astype(np.int64)
    else:
        raise InputRefused([_unfit(name, str(series.dtype), None)])
    wide = np.abs(values) > LARGEST
    if wide.any():
        line = int(wide.argmax()) + 1
        raise InputRefused([Problem("score.range", "A value is out of range.", "", line, name)])
    return values, missing


def _from_text(series: pl.Series, name: str, by: int) -> Column:
    text = series.str.strip_chars()
    odd = text.str.contains("[eE]").fill_null(False)
    if odd.any():
        text = text.scatter(odd.arg_true(), [plain(one) for one in text.filter(odd)])
    missing = (text.is_null() | (text == "")).fill_null(True)
    fits = text.str.contains(r"^-?[0-9]{1,15}(\.[0-9]*)?$") | missing
    if not fits.all():
        line = int(fits.fill_null(False).arg_min() or 0)
        raise InputRefused([_unfit(name, str(text[line]), line + 1)])
    parts = text.set(missing, "0").str.split_exact(".", 1).struct.unnest()
    whole = parts["field_0"].cast(pl.Int64).to_numpy()
    if by == 1:
        return whole, missing.to_numpy()
    rest = parts["field_1"].fill_null("").str.slice(0, 9).str.pad_end(9, "0").cast(pl.Int64).to_numpy()
    value = np.abs(whole) * by + rest * by // 10**9
    below = text.str.starts_with("-").fill_null(False).to_numpy()
    return np.where(below, -value, value), missing.to_numpy()


def _unfit(name: str, what: str, line: int | None) -> Problem:
    return Problem("score.type", f"{what[:40]!r} is not a number.", "Give digits.", line, name)


Read = Callable[..., Column]


def _all(feature: Mapping[str, Any], read: Read, key: str = "columns") -> tuple[list[Array], Array]:
    columns = [read(name) for name in feature[key]]
    missing = columns[0][1].copy()
    for _, gone in columns[1:]:
        missing |= gone
    return [values for values, _ in columns], missing


def _reduced(how: Callable[[list[Array]], Array]) -> Callable[[Mapping[str, Any], Read], Column]:
    def operation(feature: Mapping[str, Any], read: Read) -> Column:
        values, missing = _all(feature, read)
        return how(values), missing

    return operation


def _sum(values: list[Array]) -> Array:
    total = values[0].copy()
    for one in values[1:]:
        total += one
    return total


def _count_at_least(feature: Mapping[str, Any], read: Read) -> Column:
    values, missing = _all(feature, read)
    return _sum([(one >= feature["value"]).astype(np.int64) for one in values]), missing


def _ratio_ppm(feature: Mapping[str, Any], read: Read) -> Column:
    above, gone = _all(feature, read)
    below, lost = _all(feature, read, "over")
    top, bottom = _sum(above), _sum(below)
    missing = gone | lost | (bottom <= 0)
    safe = np.where(missing, 1, bottom)
    whole, rest = np.divmod(top, safe)
    # whole * PPM overflows before the limit cuts it off, so it is cut off first.
    whole = np.clip(whole, -LARGEST // PPM - 1, LARGEST // PPM + 1)
    wide = safe > np.iinfo(np.int64).max // PPM
    part = np.where(wide, 0, rest * PPM // safe)
    if wide.any():
        part[wide] = [int(a) * PPM // int(b) for a, b in zip(rest[wide], safe[wide], strict=True)]
    return np.clip(whole * PPM + part, -LARGEST, LARGEST), missing


OPERATIONS: Mapping[str, Callable[[Mapping[str, Any], Read], Column]] = {
    "column": lambda feature, read: read(feature["columns"][0]),
    "scaled": lambda feature, read: read(feature["columns"][0], int(feature["by"])),
    "sum": _reduced(_sum),
    "maximum": _reduced(lambda values: np.maximum.reduce(values)),
    "minimum": _reduced(lambda values: np.minimum.reduce(values)),
    "count_at_least": _count_at_least,
    "difference": _reduced(lambda values: values[0] - values[1]),
    "ratio_ppm": _ratio_ppm,
}
