"""Fit an additive model and write it down as tables of whole points.

Metrics are those of the points that are shipped, not of the fit before rounding.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.scoring import model as models
from lenity.domain.scoring import nodes
from lenity.portfolio import score as batch
from lenity.portfolio import score_columns
from lenity.training import additive, paired, points, scorecard

MOST_FEATURES = 40
"""Features that a model keeps, by what they contribute: more of them hardly tell more, and are read by nobody."""
FEWEST_ROWS, FEWEST_OF_EACH = 200, 10
TRAINERS = {
    "trees": "additive tables learned from averaged boosted trees (interpret-core, LightGBM)",
    "woe": "scorecard by weight of evidence (optbinning)",
}
LEAK_AUC = 0.95
MOST_NAMED = 5
Rows = Sequence[Mapping[str, str]] | pl.DataFrame
"""Rows as texts, or a frame."""


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
    pairs: int = models.MOST_PAIRS,
    most: int = MOST_FEATURES,
    monotone: Mapping[str, int] | None = None,
    effort: additive.Effort = additive.QUICK,
    trainer: str = "trees",
    use: str = models.DEFAULT,
    contacts: str = "",
    parcelling: Mapping[str, Any] | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> Fitted:
    """Train on `train`, measure on `held_out`; raises `InputRefused` when there is nothing to learn.

    `use` is what the estimate is of (`models.USES`); `contacts` and `parcelling` are told on the card.
    """
    train, held_out = _frame(train), _frame(held_out)
    _check(train, target)
    progress("features")
    plain = [feature for feature, _ in features]
    x, y = matrix(plain, train), targets(train, target)
    warned = [*_silent(plain, x), *_leaks(plain, x, y)]
    wide, extra = points.inputs(x, features)
    directions, most = _directions(plain, monotone, len(extra)), most + len(extra)
    if trainer == "woe":
        model = scorecard.fit(wide, y, monotone=directions, most=most, progress=progress)
    else:
        model = additive.fit(
            wide, y, monotone=directions, pairs=pairs, most=most, effort=effort, seed=seed, progress=progress,
            lone=range(len(plain), wide.shape[1]),
        )  # fmt: skip
    progress("points")
    draft = _document(name, model, wide, features, extra, reasons)
    draft |= _said({"use": use, "parcelling": parcelling})
    _refer(draft, train, y)
    progress("metrics")
    draft["metrics"], draft["calibration"] = (
        _metrics(draft, held_out, target) if held_out.height else ({}, [])
    )
    draft["training"] = _origin(
        train, held_out, target=target, protected_left_out=list(protected), seed=seed, source=source,
        trainer=TRAINERS[trainer], contacts=contacts,
    )  # fmt: skip
    text = json.dumps(draft, ensure_ascii=False, indent=1, sort_keys=True)
    models.read(text)
    return Fitted(text, draft["metrics"], tuple(warned))


def _directions(
    features: Sequence[Mapping[str, Any]], monotone: Mapping[str, int] | None, free: int
) -> list[int]:
    """The declared direction of each feature, 0 where it is free, as those added to them are."""
    return [(monotone or {}).get(feature["name"], 0) for feature in features] + [0] * free


def _origin(train: pl.DataFrame, held_out: pl.DataFrame, **said: Any) -> dict[str, Any]:
    """Where a model comes from, as its card tells it."""
    return {
        "rows": train.height,
        "held_out_rows": held_out.height,
        "data": hashlib.sha256(train.write_csv().encode()).hexdigest(),
        **{name: part for name, part in said.items() if part != ""},
    }


def _said(parts: Mapping[str, Any]) -> dict[str, Any]:
    """What was said; a card does not tell what was not."""
    return {name: part for name, part in parts.items() if part}


def _refer(draft: dict[str, Any], train: pl.DataFrame, y: Any) -> None:
    """What the training rows say of each table: its reference and weight; and the default at each score."""
    tables = batch.Tables(models.read(json.dumps(draft)))
    values = tables.features(train)
    draft["importance"] = {}
    for term, table in zip(draft["terms"], tables.tables, strict=True):
        found = tables.points(table, values).astype(np.int64)
        term["reference"] = round(int(found.sum()) / train.height)
        distance = int(np.abs(found - term["reference"]).sum())
        draft["importance"][term["name"]] = round(distance * 100 / train.height)
    draft["default"] = _defaults(tables.score(train, reasons=False).score, y)


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


def check(rows: pl.DataFrame, target: str, features: points.Features) -> None:
    """Refuses rows that nothing can be learned from, with the line in them, before they are shuffled."""
    _check(rows, target)
    score_columns.Columns([nodes.of(feature) for feature, _ in features], rows)


def _check(rows: pl.DataFrame, target: str) -> None:
    if rows.height < FEWEST_ROWS:
        says = f"{rows.height} rows are too few to train on; at least {FEWEST_ROWS} are needed."
        raise InputRefused([Problem("train.rows", says)])
    if target not in rows.columns:
        says = f"The target column {target} is missing."
        raise InputRefused([Problem("train.target", says, score_columns.shown(rows.columns))])
    late = int(targets(rows, target).sum())
    if late in (0, rows.height):
        says = f"The target must have both 0 and 1; all are {int(late > 0)}."
        raise InputRefused([Problem("train.target", says, "Take rows of both outcomes.", None, target)])
    if min(late, rows.height - late) < FEWEST_OF_EACH:
        says = f"Of {rows.height:,} training rows {late:,} have 1; at least {FEWEST_OF_EACH} need 1, and as many 0."
        raise InputRefused([Problem("train.target", says, "Give more rows.", None, target)])


def matrix(features: Sequence[Mapping[str, Any]], rows: pl.DataFrame) -> Any:
    """Features as a matrix of rows by features, float, NaN where missing."""
    by_name = {feature["name"]: nodes.of(feature) for feature in features}
    return np.column_stack(list(score_columns.feature_columns(by_name, rows).values()))


def targets(rows: pl.DataFrame, target: str) -> Any:
    """The target as 0 and 1; refuses anything else with its line."""
    column = rows.get_column(target)
    if column.dtype == pl.String:
        column = column.str.strip_chars()
    values = column.cast(pl.Float64, strict=False)
    unfit = ~values.is_in([0.0, 1.0]).fill_null(False)
    if unfit.any():
        line = int(unfit.arg_max() or 0)
        says = f"The target is {str(column[line])[:40]!r}; it must be 0 or 1."
        raise InputRefused(
            [
                Problem(
                    "train.target",
                    says,
                    "Write 1 for a default, 0 for none; leave out what is open.",
                    line + 1,
                    target,
                )
            ]
        )
    return values.cast(pl.Int64).to_numpy()


def _silent(features: Sequence[Mapping[str, Any]], x: Any) -> list[str]:
    """Features with one value only, or none: they tell nothing."""
    alike = [feature["name"] for at, feature in enumerate(features) if len(np.unique(x[:, at])) < 2]
    more = ", ..." if len(alike) > MOST_NAMED else ""
    return (
        [f"no two different values, nothing to tell: {', '.join(alike[:MOST_NAMED])}{more}."] if alike else []
    )


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


def _document(
    name: str,
    model: additive.Additive,
    x: Any,
    features: points.Features,
    extra: Sequence[tuple[int, Mapping[float, int]]],
    reasons: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """The model file without what is measured on the points; features that no table uses are left out."""
    terms = points.terms(model, x, features, extra)
    used = {name for term in terms for name in term["features"]}
    return {
        "format": models.FORMAT,
        "name": name,
        "intercept": points.intercept(model),
        "scaling": {
            "points_to_double_odds": points.POINTS_TO_DOUBLE_ODDS,
            "base_score": points.BASE_SCORE,
            "base_odds": points.BASE_ODDS,
        },
        "features": [feature for feature, _ in features if feature["name"] in used],
        "terms": terms,
        "reasons": points.reasons_of(terms, features, reasons),
        "default": {"first_score": 0, "ppm": [500_000]},
    }


def _defaults(scores: Any, y: Any) -> dict[str, Any]:
    """Probability of default by score: a logistic line through the training scores, in parts per million."""
    low, high = int(scores.min()), int(scores.max())
    line = LogisticRegression(C=1e6).fit(scores.reshape(-1, 1) / 100, y)
    every = np.arange(low, high + 1).reshape(-1, 1) / 100
    ppm = np.rint(line.predict_proba(every)[:, 1] * 1_000_000).astype(int)
    return {"first_score": low, "ppm": ppm.tolist()}


def _metrics(
    document: Mapping[str, Any], rows: pl.DataFrame, target: str
) -> tuple[dict[str, str], list[dict[str, int]]]:
    """How well the points do on rows, and estimated beside observed by tenths of the score."""
    scored = batch.Tables(models.read(json.dumps(document))).score(rows, reasons=False)
    y, default = targets(rows, target), scored.default_ppm / 1_000_000
    told = {
        "rows": str(rows.height),
        "default_rate": f"{float(y.mean()):.4f}",
        "mean_estimate": f"{float(default.mean()):.4f}",
        "brier": f"{brier_score_loss(y, default):.4f}",
    }
    if 0 < y.sum() < len(y):
        # Points decide the order; the estimate follows from them.
        order = default - scored.score * 1e-9
        found = paired.measured(y, np.zeros(len(y)), {"points": order})["points"]["measures"]
        told |= {name: found[name] for name in ("auc", "auc_low", "auc_high", "ks", "ks_low", "ks_high")}
    return told, _tenths(scored, y)


def _tenths(scored: batch.ScoredFile, y: Any) -> list[dict[str, int]]:
    order = np.argsort(scored.score, kind="stable")
    return [
        {
            "from": int(scored.score[part[0]]),
            "to": int(scored.score[part[-1]]),
            "rows": len(part),
            "defaults": int(y[part].sum()),
            "estimate_ppm": int(scored.default_ppm[part].sum()) // len(part),
        }
        for part in np.array_split(order, 10)
        if len(part)
    ]
