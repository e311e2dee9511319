"""The fit: boosted trees learn, an additive model learns from them, and only the additive model is kept.

Labels of 0 and 1 are noisy; what averaged shallow trees (LightGBM) make of them is not. So an explainable
boosting machine with one table a feature and at most ten of two features is fitted to the trees' log-odds,
which measured better than fitting it to the labels (docs/decisions/0031). The trees are thrown away: the
tables are the model, and nothing else scores. Only training rows are seen; the number of trees is chosen on an
inner part of them.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import lightgbm
import numpy as np
from interpret.glassbox import ExplainableBoostingRegressor
from sklearn.model_selection import train_test_split

from lenity.training import pairs as choice

MOST_TREES = 1500
PATIENCE = 60
SHARED_OUT = 10_000
KINDS: tuple[dict[str, Any], ...] = (
    {"num_leaves": 8, "max_depth": 3, "colsample_bytree": 0.3},
    {"num_leaves": 15, "max_depth": -1, "colsample_bytree": 0.5},
)
"""Kinds of trees to choose from."""
FLOOR = -1e16
"""Missing, for the trees: below every value, so that it can be split off."""
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Effort:
    """How long a fit may take: forests and additive models averaged, rounds of each, bins before rounding."""

    forests: int
    bags: int
    rounds: int
    bins: int


QUICK, THOROUGH = Effort(3, 1, 400, 256), Effort(4, 4, 400, 256)


@dataclass(frozen=True)
class Shape:
    """One table in log-odds: the inputs it is about, cuts of each, and cells whose first is for missing."""

    inputs: tuple[int, ...]
    cuts: tuple[tuple[float, ...], ...]
    cells: Array


@dataclass(frozen=True)
class Additive:
    """An intercept and tables, in log-odds of default."""

    intercept: float
    shapes: tuple[Shape, ...]


def fit(
    x: Array,
    y: Array,
    *,
    monotone: Sequence[int],
    pairs: int,
    most: int,
    effort: Effort,
    seed: int,
    progress: Callable[[str], None],
    lone: Collection[int] = (),
) -> Additive:
    """Tables over at most `most` inputs and `pairs` pairs of them; `lone` inputs are in no pair.

    An input with a direction is in no pair either: a table of two cannot promise it.
    """
    progress("trees")
    odds, weight = _forests(x, y, monotone, effort, seed)
    kept = sorted(np.argsort(-weight, kind="stable")[:most].tolist())
    directions = [monotone[at] for at in kept]
    free = [place for place, at in enumerate(kept) if not monotone[at] and at not in lone]
    told: list[choice.Pair] = []
    if pairs and len(free) > 1:
        progress("pairs")
        alone = _tables(x[:, kept], odds, directions, [], replace(effort, bags=1), seed)
        told = choice.chosen(x[:, kept], odds - alone.predict(x[:, kept]), free, pairs)
    progress("tables")
    model = _tables(x[:, kept], odds, directions, told, effort, seed)
    shapes = tuple(_shape(model, at, kept) for at in range(len(model.term_features_)))
    return Additive(float(np.ravel(model.intercept_)[0]), shapes)


def _tables(
    x: Array, odds: Array, directions: Sequence[int], pairs: list[choice.Pair], effort: Effort, seed: int
) -> Any:
    """An explainable boosting machine of the trees' log-odds, with a table of two for each pair."""
    model = ExplainableBoostingRegressor(
        interactions=pairs,
        outer_bags=effort.bags,
        max_rounds=effort.rounds,
        learning_rate=0.1,
        max_bins=effort.bins,
        validation_size=0.1,
        random_state=seed,
        n_jobs=cores(len(odds)),
        monotone_constraints=list(directions) if any(directions) else None,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(x, odds)


def _forests(x: Array, y: Array, monotone: Sequence[int], effort: Effort, seed: int) -> tuple[Array, Array]:
    """Mean log-odds of several forests on their own training rows, and the weight of each input."""
    free = np.array([not direction for direction in monotone])
    filled = np.where(np.isnan(x) & free, FLOOR, x)
    fixed = {
        "learning_rate": 0.03, "subsample": 0.5, "subsample_freq": 1, "reg_lambda": 5.0,
        "min_child_samples": max(5, min(100, len(y) // 100)),
        "monotone_constraints": list(monotone) if any(monotone) else None,
        "n_jobs": cores(len(y)), "verbose": -1, "deterministic": True, "force_row_wise": True,
        "importance_type": "gain",
    }  # fmt: skip
    settings, trees = _chosen(filled, y, fixed, seed)
    odds, weight = np.zeros(len(y)), np.zeros(x.shape[1])
    for number in range(effort.forests):
        forest = lightgbm.LGBMClassifier(n_estimators=trees, random_state=seed + number, **settings)
        forest.fit(filled, y)
        odds += np.asarray(forest.predict(filled, raw_score=True), dtype=float)
        weight += forest.feature_importances_
    return odds / effort.forests, weight


def _chosen(x: Array, y: Array, fixed: Mapping[str, Any], seed: int) -> tuple[dict[str, Any], int]:
    """The kind of trees that tells an inner fifth of the training rows best, and how many of them."""
    inner, test = train_test_split(np.arange(len(y)), test_size=0.2, random_state=seed, stratify=y)
    best: tuple[float, dict[str, Any], int] = (-1.0, {}, 0)
    for kind in KINDS:
        settings = {**fixed, **kind}
        forest = lightgbm.LGBMClassifier(n_estimators=MOST_TREES, random_state=seed, **settings)
        stop = lightgbm.early_stopping(PATIENCE, verbose=False)
        forest.fit(
            x[inner], y[inner], eval_X=(x[test],), eval_y=(y[test],), eval_metric="auc", callbacks=[stop]
        )
        auc = float(forest.best_score_["valid_0"]["auc"])
        if auc > best[0]:
            best = (auc, settings, max(int(forest.best_iteration_ * 1.1), 30))
    return best[1], best[2]


def cores(rows: int) -> int:
    """Few rows are quicker on one core than shared out; never more cores than this process may use."""
    if rows < SHARED_OUT:
        return 1
    return min(2, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def _shape(model: Any, at: int, kept: Sequence[int]) -> Shape:
    indexes = model.term_features_[at]
    cells = np.asarray(model.term_scores_[at], dtype=float)[tuple(slice(0, -1) for _ in indexes)]
    cuts = []
    for index in indexes:
        levels = model.bins_[index]
        cuts.append(tuple(float(cut) for cut in levels[min(len(indexes), len(levels)) - 1]))
    return Shape(tuple(kept[index] for index in indexes), tuple(cuts), cells)
