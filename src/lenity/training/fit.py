"""Fit an additive model (EBM, interpret-core) and write it down as tables of whole points.

Metrics are those of the points that are shipped, not of the fit before rounding.
"""

from __future__ import annotations

import hashlib
import json
import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from interpret.glassbox import ExplainableBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score, roc_curve

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.scoring import model as models
from lenity.portfolio import score as batch

POINTS_TO_DOUBLE_ODDS = 40
BASE_SCORE = 600
BASE_ODDS = 20
FEWEST_ROWS = 200
LEAK_AUC = 0.95
Rows = Sequence[Mapping[str, str]] | pl.DataFrame
"""Rows as texts, or a frame."""


@dataclass(frozen=True)
class Effort:
    """How long a fit may take: models averaged, and bins of a feature before rounding."""

    bags: int
    bins: int


QUICK, THOROUGH = Effort(4, 256), Effort(14, 1024)


@dataclass(frozen=True)
class Fitted:
    """A model file with how well it does on rows it has not seen."""

    text: str
    metrics: Mapping[str, str]
    warnings: tuple[str, ...]


def fit(
    train: Rows,
    held_out: Rows,
    *,
    name: str,
    target: str,
    features: Sequence[tuple[dict[str, Any], str]],
    reasons: Mapping[str, Mapping[str, Any]],
    protected: Sequence[str],
    source: str,
    seed: int = 42,
    pairs: int = 0,
    monotone: Mapping[str, int] | None = None,
    effort: Effort = QUICK,
    progress: Callable[[str], None] = lambda step: None,
) -> Fitted:
    """Train on `train`, measure on `held_out`; raises `InputRefused` when there is nothing to learn."""
    train, held_out = _frame(train), _frame(held_out)
    _check(train, target)
    progress("features")
    plain = [feature for feature, _ in features]
    x, y = matrix(plain, train), targets(train, target)
    warned = _leaks(plain, x, y)
    progress("fit")
    ebm = _ebm(seed, pairs, effort, [(monotone or {}).get(feature["name"], 0) for feature in plain])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ebm.fit(x, y)
    progress("points")
    terms = _terms(ebm, features)
    draft = _document(name, terms, plain, reasons, ebm)
    tables = batch.Tables(models.read(json.dumps(draft)))
    values = tables.features(train)
    for term, table in zip(terms, tables.tables, strict=True):
        term["reference"] = round(int(table.points(values).sum(dtype=np.int64)) / train.height)
    draft["default"] = _defaults(tables.score(train, reasons=False).score, y)
    progress("metrics")
    metrics = _metrics(draft, held_out, target) if held_out.height else {}
    draft["metrics"] = metrics
    draft["training"] = {
        "rows": train.height,
        "held_out_rows": held_out.height,
        "data": hashlib.sha256(train.write_csv().encode()).hexdigest(),
        "target": target,
        "protected_left_out": list(protected),
        "seed": seed,
        "source": source,
        "trainer": "explainable boosting machine, interpret-core",
    }
    text = json.dumps(draft, ensure_ascii=False, indent=1, sort_keys=True)
    models.read(text)
    return Fitted(text, metrics, tuple(warned))


def split(
    rows: Sequence[Mapping[str, str]], *, train: int, seed: int = 42
) -> tuple[Sequence[Mapping[str, str]], Sequence[Mapping[str, str]]]:
    """A seeded shuffle; the first `train` rows are for training, the rest is held out."""
    order = np.random.default_rng(seed).permutation(len(rows))
    shuffled = [rows[int(at)] for at in order]
    return shuffled[:train], shuffled[train:]


def split_frame(frame: pl.DataFrame, *, train: int, seed: int = 42) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The same for a frame."""
    order = np.random.default_rng(seed).permutation(frame.height)
    return frame[order[:train]], frame[order[train:]]


def _frame(rows: Rows) -> pl.DataFrame:
    if isinstance(rows, pl.DataFrame):
        return rows
    columns = list(rows[0]) if rows else []
    return pl.DataFrame(list(rows), schema=dict.fromkeys(columns, pl.String))


def adverse_impact(approved: Sequence[bool], group: Sequence[str], *, of: str, against: str) -> float:
    """The approval rate of one group over that of another (four-fifths rule: below 0.8 deserves a look)."""

    def rate(value: str) -> float:
        chosen = [yes for yes, one in zip(approved, group, strict=True) if one == value]
        return sum(chosen) / len(chosen) if chosen else math.nan

    return rate(of) / rate(against)


def _ebm(seed: int, pairs: int, effort: Effort, monotone: list[int]) -> Any:
    return ExplainableBoostingClassifier(
        interactions=pairs,
        outer_bags=effort.bags,
        max_bins=effort.bins,
        random_state=seed,
        n_jobs=2,
        validation_size=0.15,
        monotone_constraints=monotone if any(monotone) else None,
    )


def _check(rows: pl.DataFrame, target: str) -> None:
    if rows.height < FEWEST_ROWS:
        says = f"{rows.height} rows are too few to train on; at least {FEWEST_ROWS} are needed."
        raise InputRefused([Problem("train.rows", says)])
    if target not in rows.columns:
        raise InputRefused([Problem("train.target", f"The target column {target} is missing.")])
    classes = {str(one) for one in rows.get_column(target).unique()}
    if classes != {"0", "1"}:
        says = f"The target must have both 0 and 1; found {', '.join(sorted(classes))[:60]}."
        raise InputRefused([Problem("train.target", says)])


def matrix(features: Sequence[Mapping[str, Any]], rows: pl.DataFrame) -> Any:
    """Features as a matrix of rows by features, float, NaN where missing."""
    values = batch.feature_columns(features, rows)
    columns = [np.where(missing, math.nan, whole) for whole, missing in values.values()]
    return np.column_stack(columns)


def targets(rows: pl.DataFrame, target: str) -> Any:
    """The target as 0 and 1."""
    return rows.get_column(target).cast(pl.Int64).to_numpy()


def _leaks(features: Sequence[Mapping[str, Any]], x: Any, y: Any) -> list[str]:
    """Features that alone tell the target almost surely: probably known only afterwards."""
    found = []
    for at, feature in enumerate(features):
        column = np.nan_to_num(x[:, at], nan=-1.0)
        auc = roc_auc_score(y, column)
        if max(auc, 1 - auc) > LEAK_AUC:
            found.append(
                f"{feature['name']} alone gives AUC {max(auc, 1 - auc):.3f}: does it leak the target?"
            )
    return found


def _terms(ebm: Any, features: Sequence[tuple[dict[str, Any], str]]) -> list[dict[str, Any]]:
    """Each term's log-odds of default become points: fewer for more risk."""
    factor = POINTS_TO_DOUBLE_ODDS / math.log(2)
    terms = []
    for at, indexes in enumerate(ebm.term_features_):
        cuts = [_cuts(ebm, index, len(indexes)) for index in indexes]
        scores = np.asarray(ebm.term_scores_[at], dtype=float)
        scores = scores[tuple(slice(0, -1) for _ in indexes)]
        whole_cuts, scores = _whole_cuts(cuts, scores)
        chosen = [features[index] for index in indexes]
        terms.append(
            {
                "name": " x ".join(feature["name"] for feature, _ in chosen),
                "features": [feature["name"] for feature, _ in chosen],
                "cuts": whole_cuts,
                "points": np.rint(-scores * factor).astype(int).tolist(),
                "reference": 0,
                "reason": chosen[0][1],
            }
        )
    return terms


def _cuts(ebm: Any, index: int, order: int) -> list[float]:
    levels = ebm.bins_[index]
    return [float(cut) for cut in levels[min(order, len(levels)) - 1]]


def _whole_cuts(cuts: list[list[float]], scores: Any) -> tuple[list[list[int]], Any]:
    """Cuts between whole numbers become the next whole number; bins that no whole number reaches go."""
    whole = []
    for axis, of_feature in enumerate(cuts):
        rounded = [math.ceil(cut) for cut in of_feature]
        keep = [at for at, cut in enumerate(rounded) if at == 0 or cut != rounded[at - 1]]
        last = [at for at, cut in enumerate(rounded) if at + 1 == len(rounded) or cut != rounded[at + 1]]
        bins = [0, 1, *(at + 2 for at in last)] if rounded else list(range(scores.shape[axis]))
        scores = np.take(scores, bins, axis=axis)
        whole.append([rounded[at] for at in keep])
    return whole, scores


def _document(
    name: str,
    terms: list[dict[str, Any]],
    features: Sequence[Mapping[str, Any]],
    reasons: Mapping[str, Mapping[str, Any]],
    ebm: Any,
) -> dict[str, Any]:
    factor = POINTS_TO_DOUBLE_ODDS / math.log(2)
    offset = BASE_SCORE - factor * math.log(BASE_ODDS)
    intercept = round(offset - float(np.ravel(ebm.intercept_)[0]) * factor)
    return {
        "format": models.FORMAT,
        "name": name,
        "intercept": intercept,
        "scaling": {
            "points_to_double_odds": POINTS_TO_DOUBLE_ODDS,
            "base_score": BASE_SCORE,
            "base_odds": BASE_ODDS,
        },
        "features": list(features),
        "terms": terms,
        "reasons": dict(reasons),
        "default": {"first_score": 0, "ppm": [500_000]},
    }


def _defaults(scores: Any, y: Any) -> dict[str, Any]:
    """Probability of default by score: a logistic line through the training scores, in parts per million."""
    low, high = int(scores.min()), int(scores.max())
    line = LogisticRegression(C=1e6).fit(scores.reshape(-1, 1) / 100, y)
    every = np.arange(low, high + 1).reshape(-1, 1) / 100
    ppm = np.rint(line.predict_proba(every)[:, 1] * 1_000_000).astype(int)
    return {"first_score": low, "ppm": ppm.tolist()}


def _metrics(document: Mapping[str, Any], rows: pl.DataFrame, target: str) -> dict[str, str]:
    scored = batch.Tables(models.read(json.dumps(document))).score(rows, reasons=False)
    y, default = targets(rows, target), scored.default_ppm / 1_000_000
    false, true, _ = roc_curve(y, -scored.score)
    return {
        "auc": f"{roc_auc_score(y, -scored.score):.4f}",
        "ks": f"{float(np.max(true - false)):.4f}",
        "brier": f"{brier_score_loss(y, default):.4f}",
        "rows": str(rows.height),
        "default_rate": f"{float(y.mean()):.4f}",
        "mean_estimate": f"{float(default.mean()):.4f}",
    }
