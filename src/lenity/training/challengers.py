"""What Lenity's score is compared with, each fitted on one fold: LightGBM, EBM, optbinning, logistic regression.

optbinning is a development extra (`make challengers`): a model that is not installed raises `ImportError` when
it is made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
import polars as pl
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from lenity.domain.scoring import model as models
from lenity.portfolio import score as batch
from lenity.training import additive, fit, spec

BUDGET = ((7, 100), (15, 100), (31, 100), (63, 100), (7, 20), (15, 20), (31, 20), (63, 20))
"""Settings tried for LightGBM on an inner fifth of each fold: leaves, and fewest rows of a leaf."""
MOST_TREES, PATIENCE = 1500, 60
SPENT = {
    "lenity": "as `score train --thorough`: two kinds of trees tried on an inner fifth, four forests averaged, "
    "four additive models of at most 400 rounds averaged, ten tables of two features chosen one at a time",
    "lightgbm": f"{len(BUDGET)} settings tried on an inner fifth, at most {MOST_TREES} trees, stopped by log loss, "
    "then fitted on the whole fold",
    "ebm": "one fit with the library's settings and ten pairs",
    "optbinning": "one fit; special and missing values with their own evidence",
    "logistic": "one fit; medians where missing, standardised",
}
"""The budget of each model, told with the figures."""
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Fold:
    """A fold of a data set. `quick`: Lenity as `score train` without `--thorough`, LightGBM over two settings."""

    frame: pl.DataFrame
    declared: spec.Spec
    x: Array
    y: Array
    known: Array
    held: Array
    seed: int
    quick: bool


Fit = Callable[[Fold], Array]


def _lenity(fold: Fold) -> Array:
    """The shipped points of a fit on the fold, through the batch scorer."""
    known, held = fold.frame[fold.known], fold.frame[fold.held]
    fitted = fit.fit(
        known,
        held[:0],
        name=fold.declared.name,
        target=fold.declared.target,
        features=fold.declared.features,
        reasons=fold.declared.reasons,
        protected=fold.declared.protected,
        source="bench",
        seed=fold.seed,
        pairs=10,
        monotone=fold.declared.monotone,
        effort=additive.QUICK if fold.quick else additive.THOROUGH,
    )
    scored = batch.Tables(models.read(fitted.text)).score(held, reasons=False)
    # Points decide the order; the estimate follows from them.
    estimate: Array = scored.default_ppm / 1_000_000 - scored.score * 1e-9
    return estimate


def _plain(model: Any) -> Fit:
    def run(fold: Fold) -> Array:
        model.fit(fold.x[fold.known], fold.y[fold.known])
        found: Array = model.predict_proba(fold.x[fold.held])[:, 1]
        return found

    return run


def _lightgbm(seed: int) -> Fit:
    """Tuned within a budget: eight settings on one inner split of the fold, then fitted on all of it."""
    library = import_module("lightgbm")

    def run(fold: Fold) -> Array:
        x, y = fold.x[fold.known], fold.y[fold.known]
        inner, test = next(iter(StratifiedKFold(5, shuffle=True, random_state=seed).split(x, y)))
        best: tuple[float, dict[str, Any], int] = (0.0, {}, 1)
        for leaves, least in BUDGET[:2] if fold.quick else BUDGET:
            settings = {
                "num_leaves": leaves, "min_child_samples": least, "learning_rate": 0.03, "subsample": 0.8,
                "subsample_freq": 1, "colsample_bytree": 0.7, "n_jobs": additive.cores(len(y)), "verbose": -1,
                "random_state": seed, "metric": "binary_logloss",
            }  # fmt: skip
            model = library.LGBMClassifier(n_estimators=MOST_TREES, **settings)
            model.fit(
                x[inner], y[inner], eval_X=(x[test],), eval_y=(y[test],), eval_metric="binary_logloss",
                callbacks=[library.early_stopping(PATIENCE, verbose=False)],
            )  # fmt: skip
            auc = float(roc_auc_score(y[test], model.predict_proba(x[test])[:, 1]))
            if auc > best[0]:
                best = (auc, settings, int(model.best_iteration_))
        model = library.LGBMClassifier(n_estimators=best[2], **best[1])
        model.fit(x, y)
        found: Array = model.predict_proba(fold.x[fold.held])[:, 1]
        return found

    return run


def _ebm(seed: int) -> Fit:
    glassbox = import_module("interpret.glassbox")
    cores = additive.cores(additive.SHARED_OUT)
    return _plain(glassbox.ExplainableBoostingClassifier(interactions=10, random_state=seed, n_jobs=cores))


def _optbinning(seed: int) -> Fit:
    """WOE scorecard; special and missing values with their own evidence, not silently neutral."""
    library = import_module("optbinning")

    def run(fold: Fold) -> Array:
        names = [feature["name"] for feature, _ in fold.declared.features]
        process = library.BinningProcess(
            names,
            binning_fit_params={name: {"solver": "cp"} for name in names},
            binning_transform_params={
                name: {"metric_missing": "empirical", "metric_special": "empirical"} for name in names
            },
        )
        process.fit(fold.x[fold.known], fold.y[fold.known])
        line = LogisticRegression(max_iter=2000)
        line.fit(process.transform(fold.x[fold.known]), fold.y[fold.known])
        found: Array = line.predict_proba(process.transform(fold.x[fold.held]))[:, 1]
        return found

    return run


def _logistic(seed: int) -> Fit:
    line = LogisticRegression(max_iter=3000, random_state=seed)
    return _plain(make_pipeline(SimpleImputer(strategy="median"), StandardScaler(), line))


MODELS: Mapping[str, Callable[[int], Fit]] = {
    "lenity": lambda seed: _lenity,
    "lightgbm": _lightgbm,
    "ebm": _ebm,
    "optbinning": _optbinning,
    "logistic": _logistic,
}
