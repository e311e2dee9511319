"""From tables in log-odds to tables of whole points: whole cuts, own cells for special codes, nothing idle."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lenity.portfolio import score_lookup
from lenity.training.additive import Additive, Shape

POINTS_TO_DOUBLE_ODDS = 40
BASE_SCORE = 600
BASE_ODDS = 20
FACTOR = POINTS_TO_DOUBLE_ODDS / math.log(2)
MOVED_ROWS = 1 / 200
"""A cut moves to a rounder number (what makes look-ups quick) past at most this share of the rows."""
Array = np.ndarray[Any, Any]
Features = Sequence[tuple[dict[str, Any], str]]


def inputs(x: Array, features: Features) -> tuple[Array, list[tuple[int, dict[float, int]]]]:
    """The columns to learn from: a feature with special codes is two, its values and which code it is.

    So a code has points of its own and takes no part in a monotone direction. The second part says which
    feature each further column belongs to, and the number of each code in it.
    """
    columns, extra = [x], []
    for at, (feature, _) in enumerate(features):
        codes = feature.get("special", ()) if feature["operation"] == "column" else ()
        if not codes:
            continue
        places = {float(code): place for place, code in enumerate(codes, 1)}
        which = np.zeros(len(x))
        for code, place in places.items():
            which[x[:, at] == code] = place
        which[np.isnan(x[:, at])] = len(codes) + 1
        columns[0] = columns[0].copy() if columns[0] is x else columns[0]
        columns[0][np.isin(x[:, at], list(codes)), at] = np.nan
        columns.append(which[:, None])
        extra.append((at, places))
    return np.hstack(columns), extra


def terms(
    model: Additive, x: Array, features: Features, extra: Sequence[tuple[int, Mapping[float, int]]]
) -> list[dict[str, Any]]:
    """Each table in points: fewer for more risk."""
    codes = {at: (len(features) + place, places) for place, (at, places) in enumerate(extra)}
    of_code = {shape.inputs[0]: shape for shape in model.shapes if shape.inputs[0] >= len(features)}
    alone = {shape.inputs[0] for shape in model.shapes if len(shape.inputs) == 1}
    # A code may tell something where the values do not.
    flat = [Shape((at,), ((),), np.zeros(2)) for at in codes if codes[at][0] in alone and at not in alone]
    found = []
    for shape in [*model.shapes, *flat]:
        if any(at >= len(features) for at in shape.inputs):
            continue
        cuts, cells = _whole(shape, x)
        for axis, at in enumerate(shape.inputs):
            if at in codes:
                of = of_code.get(codes[at][0]) if len(shape.inputs) == 1 else None
                cuts[axis], cells = _with_codes(cuts[axis], cells, axis, codes[at][1], of)
            if features[at][0]["operation"] == "category":
                cuts[axis], cells = _with_unknown(cuts[axis], cells, axis)
        found.append(_term(shape.inputs, cuts, cells, features))
    return found


def intercept(model: Additive) -> int:
    """Points of the base odds, less the model's own intercept."""
    return round(BASE_SCORE - FACTOR * math.log(BASE_ODDS) - model.intercept * FACTOR)


def reasons_of(
    found: Sequence[Mapping[str, Any]], features: Features, reasons: Mapping[str, Mapping[str, Any]]
) -> dict[str, Mapping[str, Any]]:
    """The wording of every reason in use; a table of two features that differ in reason names both."""
    told = dict(reasons)
    for term in found:
        first, _, second = str(term["reason"]).partition("+")
        if second:
            one, other = reasons[first], reasons[second]
            told[term["reason"]] = {
                "zh": f"{one['zh']}，连同{other['zh']}",
                "en": f"{one['en']}, together with {other['en'][:1].lower()}{other['en'][1:]}",
                "told": bool(one.get("told", True) and other.get("told", True)),
            }
    return told


def _term(at: tuple[int, ...], cuts: list[list[int]], cells: Array, features: Features) -> dict[str, Any]:
    chosen = [features[one] for one in at]
    points = np.rint(-cells * FACTOR).astype(int)
    for axis in range(len(cuts)):
        cuts[axis], points = _joined(cuts[axis], points, axis)
    codes = sorted({reason for _, reason in chosen})
    return {
        "name": " x ".join(feature["name"] for feature, _ in chosen),
        "features": [feature["name"] for feature, _ in chosen],
        "cuts": cuts,
        "points": points.tolist(),
        "reference": 0,
        "reason": "+".join(codes),
    }


def _whole(shape: Shape, x: Array) -> tuple[list[list[int]], Array]:
    """Cuts between whole numbers become whole; bins that no whole number reaches go."""
    whole, cells = [], shape.cells
    for axis, cuts in enumerate(shape.cuts):
        rounded = sorted(_round([math.ceil(cut) for cut in cuts], x[:, shape.inputs[axis]]))
        last = [at for at, cut in enumerate(rounded) if at + 1 == len(rounded) or cut != rounded[at + 1]]
        if rounded:
            cells = np.take(cells, [0, 1, *(at + 2 for at in last)], axis=axis)
        elif cells.shape[axis] < 2:
            cells = np.repeat(cells[:1], 2, axis=axis)
        whole.append([rounded[at] for at in last])
    return whole, cells


def _round(cuts: list[int], values: Array) -> list[int]:
    """Cuts move to rounder numbers where hardly a row lies between the two; the others stay."""
    moved = [score_lookup.snapped(cut) for cut in cuts]
    rows = np.sort(values[~np.isnan(values)])
    between = np.abs(np.searchsorted(rows, cuts) - np.searchsorted(rows, moved))
    few = between <= len(values) * MOVED_ROWS
    return [there if free else here for here, there, free in zip(cuts, moved, few.tolist(), strict=True)]


def _with_codes(
    cuts: list[int], cells: Array, axis: int, places: Mapping[float, int], of: Shape | None
) -> tuple[list[int], Array]:
    """Special codes get cells of their own: what missing gets, and what their code adds."""

    def added(place: int) -> float:
        return 0.0 if of is None else float(of.cells[np.searchsorted(of.cuts[0], place, side="right") + 1])

    edges = sorted({*cuts, *(int(code) for code in places), *(int(code) + 1 for code in places)})
    chosen, plus = [0], [added(len(places) + 1)]
    for low in [edges[0] - 1, *edges]:
        code = places.get(float(low))
        chosen.append(0 if code else int(np.searchsorted(cuts, low, side="right")) + 1)
        plus.append(added(code or 0))
    grown = np.take(cells, chosen, axis=axis)
    return edges, grown + np.array(plus) if cells.ndim == 1 else grown


def _with_unknown(cuts: list[int], cells: Array, axis: int) -> tuple[list[int], Array]:
    """A category that is not in the list has the points of missing."""
    low = [cut for cut in cuts if cut > 1]
    start = len(cuts) - len(low)
    chosen = [0, 0, *range(start + 1, cells.shape[axis])]
    return [1, *low], np.take(cells, chosen, axis=axis)


def _joined(cuts: list[int], points: Array, axis: int) -> tuple[list[int], Array]:
    """Neighbouring bins with the same points become one."""
    kept = [0, 1]
    for at in range(2, points.shape[axis]):
        if not np.array_equal(np.take(points, at, axis=axis), np.take(points, at - 1, axis=axis)):
            kept.append(at)
    return [cuts[at - 2] for at in kept[2:]], np.take(points, kept, axis=axis)
