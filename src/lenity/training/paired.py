"""How well estimates tell apart, and how sure a difference of two is: one bootstrap of rows for all of them.

AUC and KS are means of the folds, the Brier score is of all rows. A resample draws rows within each fold and is
the same for every model, so that differences are paired.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

RESAMPLES = 400
MEASURES = ("auc", "ks", "brier")
SEED = 7
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class _Ranked:
    """One model's estimates of one fold: the place of each row's estimate among all values, lowest first."""

    place: Array
    places: int
    squares: Array


def measured(y: Array, fold: Array, estimates: Mapping[str, Array]) -> dict[str, Any]:
    """AUC, KS and Brier of each model with intervals of 95 %, and each less the first model's."""
    inside = [np.flatnonzero(fold == number) for number in np.unique(fold)]
    ranked = {
        name: [_ranked(y[rows], estimate[rows]) for rows in inside] for name, estimate in estimates.items()
    }
    ones = [np.ones(len(rows)) for rows in inside]
    plain = {name: _all(y, inside, parts, ones) for name, parts in ranked.items()}
    rng = np.random.default_rng(SEED)
    drawn: dict[str, list[Array]] = {name: [] for name in estimates}
    for _ in range(RESAMPLES):
        weights = [
            np.bincount(rng.integers(len(rows), size=len(rows)), minlength=len(rows)) for rows in inside
        ]
        for name, parts in ranked.items():
            drawn[name].append(_all(y, inside, parts, weights))
    ours = next(iter(estimates))
    return {
        name: {
            "measures": _told(plain[name], np.array(drawn[name]), least=0.0),
            "ours_less_it": _told(plain[ours] - plain[name], np.array(drawn[ours]) - np.array(drawn[name])),
        }
        for name in estimates
    }


def _ranked(y: Array, estimate: Array) -> _Ranked:
    values, place = np.unique(estimate, return_inverse=True)
    return _Ranked(place, len(values), (np.clip(estimate, 0, 1) - y) ** 2)


def _all(y: Array, inside: list[Array], parts: list[_Ranked], weights: list[Array]) -> Array:
    """The three measures of rows with weights."""
    apart = [_apart(y[rows], one, weight) for rows, one, weight in zip(inside, parts, weights, strict=True)]
    lost = sum(float(one.squares @ weight) for one, weight in zip(parts, weights, strict=True))
    auc, ks = np.mean(apart, axis=0)
    return np.array([auc, ks, lost / sum(float(weight.sum()) for weight in weights)])


def _apart(y: Array, one: _Ranked, weight: Array) -> tuple[float, float]:
    """AUC and KS by counting: how many of each outcome lie at each estimate."""
    late = np.bincount(one.place, weights=weight * y, minlength=one.places)
    other = np.bincount(one.place, weights=weight * (1 - y), minlength=one.places)
    below, share = np.cumsum(other), np.cumsum(late)
    auc = float(late @ (below - other / 2)) / (share[-1] * below[-1])
    return auc, float(np.max(np.abs(below / below[-1] - share / share[-1])))


def _told(found: Array, drawn: Array, least: float = -1.0) -> dict[str, str]:
    # A resample is a little luckier than its rows (KS most of all): that is taken off.
    low, high = np.percentile(drawn - (drawn.mean(axis=0) - found), [2.5, 97.5], axis=0)
    told = {}
    for at, name in enumerate(MEASURES):
        told[name] = f"{found[at]:.4f}"
        told[f"{name}_low"], told[f"{name}_high"] = f"{max(low[at], least):.4f}", f"{high[at]:.4f}"
    return told
