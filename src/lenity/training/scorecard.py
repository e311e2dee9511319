"""The conservative trainer: a scorecard by weight of evidence, no tables of two features.

Each feature is cut into a few bins by optbinning; what is missing and each special code has the evidence of its
own rows. A logistic line weighs the evidence; a feature whose weight turns its evidence round is taken out, and
the line is drawn again. The outcome is the same model file. Needs optbinning, a development extra.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from lenity.base.outcomes import InputRefused, Problem
from lenity.training.additive import Additive, Shape

LEAST_VALUE = 0.02
"""A feature with less information value tells next to nothing."""
MOST_BINS = 8
Array = np.ndarray[Any, Any]
DIRECTIONS = {0: "auto", 1: "ascending", -1: "descending"}


def fit(
    x: Array, y: Array, *, monotone: Sequence[int], most: int, progress: Callable[[str], None]
) -> Additive:
    """Tables over at most `most` columns of `x`."""
    try:
        binning = import_module("optbinning").OptimalBinning
    except ImportError:
        problem = Problem("train.woe", "This trainer needs optbinning.", "Install it: make challengers.")
        raise InputRefused([problem]) from None
    progress("bins")
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for at in range(x.shape[1]):
            cut = binning(monotonic_trend=DIRECTIONS[monotone[at]], max_n_bins=MOST_BINS)
            cut.fit(x[:, at], y)
            table = cut.binning_table
            table.build()
            if table.iv >= LEAST_VALUE:
                found.append((float(table.iv), at, cut))
    if not found:
        says = "No feature tells enough about the target for a scorecard."
        raise InputRefused([Problem("train.woe", says, "Add features, or take the other trainer.")])
    found.sort(key=lambda one: (-one[0], one[1]))
    progress("line")
    return _line(x, y, [(at, cut) for _, at, cut in found[:most]])


def _evidence(cut: Any, values: Array) -> Array:
    told: Array = cut.transform(values, metric="woe", metric_missing="empirical", metric_special="empirical")
    return np.asarray(np.nan_to_num(told))


def _line(x: Array, y: Array, chosen: list[tuple[int, Any]]) -> Additive:
    """Weights of the evidence, all of which lower the risk as the evidence for paying rises."""
    while True:
        evidence = np.column_stack([_evidence(cut, x[:, at]) for at, cut in chosen])
        line = LogisticRegression(max_iter=2000).fit(evidence, y)
        weights = line.coef_[0]
        if len(chosen) == 1 or (weights < 0).all():
            break
        worst = int(np.argmax(weights))
        chosen = [one for place, one in enumerate(chosen) if place != worst]
    shapes = []
    for (at, cut), weight in zip(chosen, weights, strict=True):
        cuts = tuple(float(split) for split in cut.splits)
        inside = np.array([*([cuts[0] - 1] if cuts else [0.0]), *cuts])
        cells = np.concatenate([_evidence(cut, np.array([np.nan])), _evidence(cut, inside)]) * weight
        shapes.append(Shape((at,), (cuts,), cells))
    return Additive(float(line.intercept_[0]), tuple(shapes))
