"""Lenity's score beside what others use: the same folds, the same inputs, paired intervals.

With a folder to keep estimates in, every model of every fold is fitted once: a run that was interrupted carries
on where it stopped. What is kept is found by the data, the fold, the settings and the code that fitted it.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from sklearn.model_selection import StratifiedKFold

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.scoring import model, nodes
from lenity.portfolio import score, score_columns, score_lookup
from lenity.training import additive, challengers, fit, paired, pairs, points, spec

WITHOUT_EMPTY = "heloc_without_empty"
"""HELOC without the rows that are -9 throughout, which published figures leave out."""
FILES = {
    "taiwan": "taiwan_card_default.csv.gz",
    "give_me_some_credit": "give_me_some_credit.zip",
    "heloc": "heloc.csv.gz",
    WITHOUT_EMPTY: "heloc.csv.gz",
}
Array = np.ndarray[Any, Any]
Said = Callable[[str], None]
SOURCES = (additive, challengers, fit, pairs, points, model, nodes, score, score_columns, score_lookup)
"""The code that a fit of Lenity goes through: when it changes, what was kept counts no more."""
LIBRARIES = {
    "lenity": ("lightgbm", "interpret-core"),
    "lightgbm": ("lightgbm",),
    "ebm": ("interpret-core",),
    "optbinning": ("optbinning",),
    "logistic": ("scikit-learn",),
}


@dataclass
class Compared:
    """One data set: out-of-fold estimates of each model, by name."""

    name: str
    target: Array
    fold: Array
    estimates: dict[str, Array] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    def to_plain(self) -> dict[str, Any]:
        """AUC, KS and Brier of each, and Lenity less each other, with 95 % intervals."""
        found = paired.measured(self.target, self.fold, self.estimates)
        return {
            "name": self.name,
            "rows": len(self.target),
            "models": [{"model": name, **one["measures"]} for name, one in found.items()],
            "lenity_less": {
                name: one["ours_less_it"]
                for name, one in found.items()
                if name != "lenity" and "lenity" in found
            },
            "budget": {name: challengers.SPENT[name] for name in found},
            "not_installed": self.missing,
        }


def load(folder: Path, name: str) -> tuple[pl.DataFrame, spec.Spec]:
    """A data set of the folder, as texts, with its spec."""
    path, declared = folder / FILES[name], spec.bundled("heloc" if name == WITHOUT_EMPTY else name)
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
    if declared.name == "heloc":
        names = [declared.target, *(feature["columns"][0] for feature, _ in declared.features)]
        frame = pl.read_csv(raw, separator=" ", has_header=False, new_columns=names, infer_schema=False)
        return (_informed(frame, names[1:]) if name == WITHOUT_EMPTY else frame), declared
    frame = pl.read_csv(raw, infer_schema=False)
    return frame.rename({"Default": declared.target}, strict=False), declared


def _informed(frame: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Rows of which something is known."""
    return frame.filter(~pl.all_horizontal(pl.col(columns).cast(pl.Float64) == -9))


def compare(
    frame: pl.DataFrame, declared: spec.Spec, *, name: str, folds: int, seed: int, say: Said,
    quick: bool = False, kept: Path | None = None, only: Sequence[str] = (),
) -> Compared:  # fmt: skip
    """Out-of-fold estimates of every model (or `only` some) that is installed, on the same folds and inputs.

    `say` is told before each fit. `kept` is a folder where estimates are kept from one run to the next.
    """
    plain = [feature for feature, _ in declared.features]
    x, y = fit.matrix(plain, frame), fit.targets(frame, declared.target)
    parts = list(_folds(x, y, folds, seed))
    place = np.zeros(len(y), dtype=np.int64)
    for number, (_, held) in enumerate(parts):
        place[held] = number
    done = Compared(name, y, place)
    for called in only or challengers.MODELS:
        try:
            model = challengers.MODELS[called](seed)
        except ImportError:
            done.missing.append(called)
            for _ in parts:
                say(f"{name}: {called} is not installed")
            continue
        estimate = np.zeros(len(y))
        for number, (known, held) in enumerate(parts, 1):
            say(f"{name}: {called}, fold {number} of {folds}")
            fold = challengers.Fold(frame, declared, x, y, known, held, seed, quick)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                estimate[held] = _once(called, model, fold, kept)
        done.estimates[called] = estimate
    return done


def _folds(x: Array, y: Array, folds: int, seed: int) -> Iterator[tuple[Array, Array]]:
    yield from StratifiedKFold(folds, shuffle=True, random_state=seed).split(x, y)


def _once(name: str, model: challengers.Fit, fold: challengers.Fold, kept: Path | None) -> Array:
    """A fit, or what the same fit on the same data said before."""
    if kept is None:
        return model(fold)
    told = hashlib.sha256(f"{name} {fold.seed} {fold.quick} {challengers.BUDGET}".encode())
    told.update(" ".join(f"{one} {metadata.version(one)}" for one in LIBRARIES[name]).encode())
    if name == "lenity":
        told.update(_source() + repr(fold.declared).encode())
    for part in (fold.x, fold.y, fold.known, fold.held):
        told.update(np.ascontiguousarray(part).tobytes())
    file = kept / f"{name}-{told.hexdigest()[:24]}.npy"
    if file.is_file():
        found: Array = np.load(file)
        return found
    found = model(fold)
    kept.mkdir(parents=True, exist_ok=True)
    # Renamed when whole: a run that is stopped here leaves nothing that looks finished.
    draft = file.with_suffix(".draft.npy")
    np.save(draft, found)
    draft.replace(file)
    return found


@cache
def _source() -> bytes:
    read = [Path(str(module.__file__)).read_bytes() for module in SOURCES]
    return hashlib.sha256(b"".join(read)).digest()
