"""Features of whole columns: the eight kinds of expression over doubles that hold whole numbers exactly.

A double holds every whole number up to 2**53, and no expression passes that (`nodes.bound`), except inside a
ratio, where the few rows that would are worked out one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from lenity.base.outcomes import InputRefused, Problem
from lenity.base.rates import PPM
from lenity.domain.scoring import features, nodes

PIECE = 32768
SHOWN = 5
Array = np.ndarray[Any, Any]
Span = tuple[int, int]


class Columns:
    """The raw columns that expressions need, read and checked once for a whole file."""

    def __init__(self, wanted: Sequence[nodes.Node], frame: pl.DataFrame) -> None:
        self.order = list(nodes.walk(wanted))
        self.raw = {
            node: read(frame, node) for node in self.order if isinstance(node, (nodes.Column, nodes.Category))
        }
        # What cannot be missing needs no care: a file without gaps is the common case.
        self.gaps: set[nodes.Node] = set()
        self.spans: dict[nodes.Node, Span] = {}
        for node in self.order:
            if isinstance(node, (nodes.Column, nodes.Category)):
                low, high, gaps = _ends(self.raw[node])
                self.spans[node] = (int(low), int(high))
                self.gaps |= {node} if gaps else set()
            else:
                self.spans[node] = _span(node, self.spans)

    def piece(self, rows: slice) -> dict[nodes.Node, Array]:
        """Every expression on some of the rows."""
        done: dict[nodes.Node, Array] = {}
        gaps: set[nodes.Node] = set(self.gaps)
        with np.errstate(all="ignore"):
            for node in self.order:
                if node in self.raw:
                    done[node] = self.raw[node][rows]
                    continue
                below = nodes.parts_of(node)
                open_parts = [done[part] for part in below if part in gaps]
                if open_parts or isinstance(node, nodes.Ratio):
                    gaps.add(node)
                if isinstance(node, nodes.Ratio):
                    spans = self.spans[node.above], self.spans[node.below]
                    done[node] = _ratio(done[node.above], done[node.below], *spans)
                else:
                    done[node] = _value(node, [done[part] for part in below], open_parts)
        return done


def feature_columns(by_name: Mapping[str, nodes.Node], frame: pl.DataFrame) -> dict[str, Array]:
    """Features of every row by name, NaN where missing; refuses as `read` does."""
    done = Columns(list(by_name.values()), frame).piece(slice(0, frame.height))
    return {name: done[node] for name, node in by_name.items()}


def _value(node: nodes.Node, parts: list[Array], gaps: list[Array]) -> Array:
    match node:
        case nodes.Sum():
            total: Array = parts[0] * node.weights[0] if node.weights[0] != 1 else parts[0].copy()
            for weight, part in zip(node.weights[1:], parts[1:], strict=True):
                total += part if weight == 1 else part * weight
            total += node.plus
            return total
        case nodes.Extreme():
            return _extreme(node, parts)
        case nodes.Product():
            # Beyond what a double holds exactly it is out of range, and the range is where it stops.
            return np.asarray(np.clip(parts[0] * parts[1], -nodes.LARGEST, nodes.LARGEST))
        case nodes.Count():
            hits = _sum_of([part >= node.value for part in parts])
            return hits if node.known else _missing(hits, gaps)
        case nodes.Run():
            return _missing(_run(node, parts), gaps)
    raise AssertionError(node)


def _extreme(node: nodes.Extreme, parts: list[Array]) -> Array:
    larger, smaller = (np.fmax, np.fmin) if node.known else (np.maximum, np.minimum)
    how = larger if node.largest else smaller
    best = parts[0].copy() if len(parts) == 1 else how(parts[0], parts[1])
    for part in parts[2:]:
        how(best, part, out=best)
    return best


def _sum_of(hits: list[Array]) -> Array:
    total = hits[0].view(np.int8).copy()
    for hit in hits[1:]:
        total += hit.view(np.int8)
    return total.astype(np.float64)


def _run(node: nodes.Run, parts: list[Array]) -> Array:
    still, runs = None, []
    for part in parts:
        hit = part >= node.value if node.above else part < node.value
        still = hit if still is None else still & hit
        runs.append(still)
    return _sum_of(runs)


def _missing(values: Array, gaps: list[Array]) -> Array:
    for part in gaps:
        values[np.isnan(part)] = np.nan
    return values


def _ratio(above: Array, below: Array, top_span: Span, below_span: Span) -> Array:
    """Exact: a quotient of doubles that hold whole numbers rounds to no whole number that it does not reach.

    What the columns' spans rule out is not looked for: a quotient out of range, rows too large, none below.
    """
    found = above * PPM
    most = max(-top_span[0], top_span[1]) * PPM
    wide = np.abs(found) >= nodes.EXACT // 2 if most >= nodes.EXACT // 2 else None
    found /= below
    np.floor(found, out=found)
    if most > nodes.LARGEST:
        np.clip(found, -nodes.LARGEST, nodes.LARGEST, out=found)
    if wide is not None and wide.any():
        for at in np.flatnonzero(wide & (below > 0)):
            found[at] = features.ratio_ppm(int(above[at]), int(below[at]))
    if below_span[0] <= 0:
        np.copyto(found, np.nan, where=below <= 0)
    return found


def _ends(column: Array) -> tuple[Any, Any, bool]:
    """The smallest and largest value, 0 where there is none, and whether any is missing."""
    if not len(column):
        return 0, 0, False
    low = column.min()
    if not np.isnan(low):
        return low, column.max(), False
    low, high = np.fmin.reduce(column), np.fmax.reduce(column)
    return (low, high, True) if low <= high else (0, 0, True)


def _span(node: nodes.Node, of: Mapping[nodes.Node, Span]) -> Span:
    """The smallest and largest that a node above others can be in this file."""
    parts = [of[part] for part in nodes.parts_of(node)]
    match node:
        case nodes.Sum():
            ends = [sorted((w * low, w * high)) for w, (low, high) in zip(node.weights, parts, strict=True)]
            return node.plus + sum(low for low, _ in ends), node.plus + sum(high for _, high in ends)
        case nodes.Extreme():
            return min(low for low, _ in parts), max(high for _, high in parts)
        case _:
            most = nodes.bound(node)
            return -most, most


def read(frame: pl.DataFrame, node: nodes.Column | nodes.Category) -> Array:
    """A raw column as an expression wants it; refuses a column that is not there or not fit."""
    name = node.name
    if name not in frame.columns:
        says = f"The column {name} is missing."
        raise InputRefused([Problem("score.column", says, shown(frame.columns), None, name)])
    series = frame.get_column(name)
    if isinstance(node, nodes.Category):
        return _categories(series, node)
    values = column(series, node.by)
    return np.where(np.isin(values, node.gone), np.nan, values) if node.gone else values


def shown(names: Sequence[str]) -> str:
    """The columns that are there, for whoever looks for another."""
    told = ", ".join(name[:40] for name in names[:SHOWN])
    return f"The file has: {told}{', and more' if len(names) > SHOWN else ''}."


def column(series: pl.Series, by: int = 1) -> Array:
    """A column times `by` as whole numbers, the rest cut off. Text, integer or decimal."""
    name = series.name
    if series.dtype == pl.Null:
        return np.full(len(series), np.nan)
    if series.dtype.is_decimal():
        series = series.cast(pl.String)
    if series.dtype == pl.String:
        values = _from_text(series, by)
    elif series.dtype.is_integer():
        # A wide integer is near its double, and both are out of range or both are exact.
        values = series.cast(pl.Float64).to_numpy() * by if by != 1 else series.cast(pl.Float64).to_numpy()
    elif series.dtype.is_float():
        values = _from_float(series.cast(pl.Float64).to_numpy(), by)
    else:
        raise InputRefused([_unfit(name, str(series.dtype), None)])
    low, high, _ = _ends(values)
    if high > nodes.LARGEST or low < -nodes.LARGEST:
        line = int((np.abs(values) > nodes.LARGEST).argmax()) + 1
        raise InputRefused([Problem("score.range", "A value is out of range.", "", line, name)])
    return values


def _from_float(exact: Array, by: int) -> Array:
    # Piece by piece: nothing large has to be made to find out.
    if by == 1 and all(_is_whole(exact[at : at + PIECE]) for at in range(0, len(exact), PIECE)):
        return exact
    exact = exact * by
    near = np.rint(exact)
    with np.errstate(invalid="ignore"):
        return np.trunc(np.where(np.abs(exact - near) * PPM < 1, near, exact))


def _is_whole(values: Array) -> bool:
    same = np.trunc(values) == values
    return bool(same.all() or (same | np.isnan(values)).all())


def _from_text(series: pl.Series, by: int) -> Array:
    text = series.str.strip_chars()
    odd = text.str.contains("[eE]").fill_null(False)
    if odd.any():
        text = text.scatter(odd.arg_true(), [features.plain(one) for one in text.filter(odd)])
    missing = (text.is_null() | (text == "")).fill_null(True)
    fits = text.str.contains(r"^-?[0-9]{1,15}(\.[0-9]*)?$") | missing
    if not fits.all():
        line = int(fits.fill_null(False).arg_min() or 0)
        if pl.Series([text[line]]).str.contains(r"^-?[0-9]+(\.[0-9]*)?$").all():
            problem = Problem("score.range", "A value is out of range.", "", line + 1, series.name)
            raise InputRefused([problem])
        raise InputRefused([_unfit(series.name, str(text[line]), line + 1)])
    parts = text.set(missing, "0").str.split_exact(".", 1).struct.unnest()
    value = np.abs(parts["field_0"].cast(pl.Int64).to_numpy())
    if by > 1:
        rest = parts["field_1"].fill_null("").str.slice(0, 9).str.pad_end(9, "0").cast(pl.Int64).to_numpy()
        wide = value > nodes.LARGEST // by
        value = np.where(wide, nodes.LARGEST + 1, value * by + rest * by // 10**9)
    below = text.str.starts_with("-").fill_null(False).to_numpy()
    whole = np.where(below, -value, value).astype(np.float64)
    return np.where(missing.to_numpy(), np.nan, whole)


def _categories(series: pl.Series, node: nodes.Category) -> Array:
    if series.dtype in (pl.Categorical, pl.Enum) or series.dtype.is_integer():
        series = series.cast(pl.String)
    if series.dtype not in (pl.String, pl.Null):
        raise InputRefused([features.unfit(series.name, series.dtype, "a category")])
    text = series.cast(pl.String).str.strip_chars()
    places = {value: at for at, value in enumerate(node.values, 1)}
    found = text.replace_strict(places, default=0, return_dtype=pl.Float64).to_numpy()
    missing = (text.is_null() | (text == "")).fill_null(True).to_numpy()
    return np.where(missing, np.nan, found)


def _unfit(name: str, what: str, line: int | None) -> Problem:
    return Problem("score.type", f"{what[:40]!r} is not a number.", "Give digits.", line, name)
