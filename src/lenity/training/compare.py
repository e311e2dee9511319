"""Lenity's score beside what others use: the same folds, the same inputs, paired intervals.

LightGBM and optbinning are development extras; a model that is not installed is left out and named.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import math
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_curve
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.scoring import model as models
from lenity.portfolio import score as batch
from lenity.training import additive, fit, spec

FILES = {
    "taiwan": "taiwan_card_default.csv.gz",
    "give_me_some_credit": "give_me_some_credit.zip",
    "heloc": "heloc.csv.gz",
}
RESAMPLES = 400
BUDGET = ((7, 100), (15, 100), (31, 100), (63, 100), (7, 20), (15, 20), (31, 20), (63, 20))
"""Settings tried for LightGBM: leaves, and fewest rows of a leaf."""
Array = np.ndarray[Any, Any]
Said = Callable[[str], None]


@dataclass
class Compared:
    """One data set: out-of-fold estimates of each model, by name."""

    name: str
    target: Array
    fold: Array
    estimates: dict[str, Array] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    def to_plain(self) -> dict[str, Any]:
        """AUC, KS and Brier of each, and Lenity less each other with a 95 % interval."""
        return {
            "name": self.name,
            "rows": len(self.target),
            "models": [
                {"model": name, **measures(self.target, estimate, self.fold)}
                for name, estimate in self.estimates.items()
            ],
            "lenity_less": {
                name: _difference(self.target, self.fold, self.estimates["lenity"], estimate)
                for name, estimate in self.estimates.items()
                if name != "lenity"
            },
            "not_installed": self.missing,
        }


def load(folder: Path, name: str) -> tuple[pl.DataFrame, spec.Spec]:
    """A data set of the folder, as texts, with its spec."""
    path, declared = folder / FILES[name], spec.bundled(name)
    if not path.is_file():
        raise InputRefused(
            [Problem("bench.data", f"There is no {FILES[name]} in the folder.", "See --data.")]
        )
    if name == "give_me_some_credit":
        with zipfile.ZipFile(path) as archive:
            text = archive.read(archive.namelist()[0])
        frame = pl.read_csv(io.BytesIO(text), infer_schema=False)
        return frame.with_columns(pl.all().replace("NA", None)), declared
    raw = gzip.decompress(path.read_bytes())
    if name == "heloc":
        names = [declared.target, *(feature["columns"][0] for feature, _ in declared.features)]
        return pl.read_csv(
            raw, separator=" ", has_header=False, new_columns=names, infer_schema=False
        ), declared
    frame = pl.read_csv(raw, infer_schema=False)
    return frame.rename({"Default": declared.target}, strict=False), declared


def compare(
    frame: pl.DataFrame, declared: spec.Spec, *, folds: int, seed: int, say: Said, quick: bool = False,
    kept: Path | None = None,
) -> Compared:  # fmt: skip
    """Out-of-fold estimates of every model that is installed, on the same folds and inputs.

    `quick` fits Lenity as `score train` does without `--thorough` and tunes the booster over two settings.
    `kept` is a folder where estimates of the other models are kept from one run to the next.
    """
    plain = [feature for feature, _ in declared.features]
    x, y = fit.matrix(plain, frame), fit.targets(frame, declared.target)
    place = np.zeros(len(y), dtype=np.int64)
    for number, (_, held) in enumerate(_folds(x, y, folds, seed)):
        place[held] = number
    done = Compared(declared.name, y, place)
    for name, make in MODELS.items():
        try:
            model = make(seed)
        except ImportError:
            done.missing.append(name)
            continue
        estimate = np.zeros(len(y))
        for number, (known, held) in enumerate(_folds(x, y, folds, seed), 1):
            say(f"{declared.name}: {name}, fold {number} of {folds}")
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                fold = _Fold(frame, declared, x, y, known, held, seed, quick)
                estimate[held] = model(fold) if name == "lenity" else _once(name, model, fold, kept)
        done.estimates[name] = estimate
    return done


def measures(y: Array, estimate: Array, fold: Array) -> dict[str, str]:
    """AUC and KS, each the mean of the folds, and the Brier score of all rows."""
    aucs, gaps = [], []
    for number in np.unique(fold):
        inside = fold == number
        false, true, _ = roc_curve(y[inside], estimate[inside])
        gaps.append(float(np.max(true - false)))
        aucs.append(_auc(y[inside], estimate[inside]))
    return {
        "auc": f"{np.mean(aucs):.4f}",
        "ks": f"{np.mean(gaps):.4f}",
        "brier": f"{brier_score_loss(y, np.clip(estimate, 0, 1)):.4f}",
    }


@dataclass(frozen=True)
class _Fold:
    frame: pl.DataFrame
    declared: spec.Spec
    x: Array
    y: Array
    known: Array
    held: Array
    seed: int
    quick: bool


def _once(name: str, model: Callable[[_Fold], Array], fold: _Fold, kept: Path | None) -> Array:
    """A fit, or what the same fit on the same data said before."""
    if kept is None:
        return model(fold)
    told = hashlib.sha256(f"{name} {fold.seed} {fold.quick} {BUDGET}".encode())
    for part in (fold.x, fold.y, fold.known, fold.held):
        told.update(np.ascontiguousarray(part).tobytes())
    file = kept / f"{name}-{told.hexdigest()[:24]}.npy"
    if file.is_file():
        found: Array = np.load(file)
        return found
    found = model(fold)
    kept.mkdir(parents=True, exist_ok=True)
    np.save(file, found)
    return found


def _folds(x: Array, y: Array, folds: int, seed: int) -> Iterator[tuple[Array, Array]]:
    yield from StratifiedKFold(folds, shuffle=True, random_state=seed).split(x, y)


def _difference(y: Array, fold: Array, ours: Array, theirs: Array) -> dict[str, str]:
    """The difference of the folds' mean AUC, with a paired bootstrap of the rows within each fold."""
    rng = np.random.default_rng(7)
    inside = [np.flatnonzero(fold == number) for number in np.unique(fold)]

    def gap(chosen: list[Array]) -> float:
        return float(np.mean([_auc(y[rows], ours[rows]) - _auc(y[rows], theirs[rows]) for rows in chosen]))

    found = [gap([rng.choice(rows, len(rows)) for rows in inside]) for _ in range(RESAMPLES)]
    low, high = np.percentile(found, [2.5, 97.5])
    return {"auc": f"{gap(inside):.4f}", "low": f"{low:.4f}", "high": f"{high:.4f}"}


def _auc(y: Array, estimate: Array) -> float:
    order = np.argsort(estimate, kind="stable")
    ranked = estimate[order]
    _, start, count = np.unique(ranked, return_index=True, return_counts=True)
    ranks = np.repeat(start + (count + 1) / 2, count)
    positive = y[order] == 1
    many = int(positive.sum())
    total = float(ranks[positive].sum()) - many * (many + 1) / 2
    return total / (many * (len(y) - many)) if 0 < many < len(y) else math.nan


def _lenity(fold: _Fold) -> Array:
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


def _plain(model: Any) -> Callable[[_Fold], Array]:
    def run(fold: _Fold) -> Array:
        model.fit(fold.x[fold.known], fold.y[fold.known])
        found: Array = model.predict_proba(fold.x[fold.held])[:, 1]
        return found

    return run


def _lightgbm(seed: int) -> Callable[[_Fold], Array]:
    """Tuned within a budget: eight settings on one inner split of the fold, then fitted on all of it."""
    library = import_module("lightgbm")

    def run(fold: _Fold) -> Array:
        x, y = fold.x[fold.known], fold.y[fold.known]
        inner, test = next(_folds(x, y, 5, seed))
        best: tuple[float, dict[str, Any], int] = (0.0, {}, 1)
        for leaves, least in BUDGET[:2] if fold.quick else BUDGET:
            settings = {
                "num_leaves": leaves, "min_child_samples": least, "learning_rate": 0.03, "subsample": 0.8,
                "subsample_freq": 1, "colsample_bytree": 0.7, "n_jobs": 2, "verbose": -1, "random_state": seed,
            }  # fmt: skip
            model = library.LGBMClassifier(n_estimators=1500, **settings)
            model.fit(
                x[inner], y[inner], eval_X=(x[test],), eval_y=(y[test],), eval_metric="auc",
                callbacks=[library.early_stopping(60, verbose=False)],
            )  # fmt: skip
            auc = _auc(y[test], model.predict_proba(x[test])[:, 1])
            if auc > best[0]:
                best = (auc, settings, int(model.best_iteration_))
        model = library.LGBMClassifier(n_estimators=best[2], **best[1])
        model.fit(x, y)
        found: Array = model.predict_proba(fold.x[fold.held])[:, 1]
        return found

    return run


def _ebm(seed: int) -> Callable[[_Fold], Array]:
    glassbox = import_module("interpret.glassbox")
    return _plain(glassbox.ExplainableBoostingClassifier(interactions=10, random_state=seed, n_jobs=2))


def _optbinning(seed: int) -> Callable[[_Fold], Array]:
    """WOE scorecard; special and missing values with their own evidence, not silently neutral."""
    library = import_module("optbinning")

    def run(fold: _Fold) -> Array:
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


def _logistic(seed: int) -> Callable[[_Fold], Array]:
    line = LogisticRegression(max_iter=3000, random_state=seed)
    return _plain(make_pipeline(SimpleImputer(strategy="median"), StandardScaler(), line))


MODELS: Mapping[str, Callable[[int], Callable[[_Fold], Array]]] = {
    "lenity": lambda seed: _lenity,
    "lightgbm": _lightgbm,
    "ebm": _ebm,
    "optbinning": _optbinning,
    "logistic": _logistic,
}
