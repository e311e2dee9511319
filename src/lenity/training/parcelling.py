"""Reject inference by parcelling: declined rows get outcomes by an assumption that is declared, never by data.

Whoever was declined has no outcome. Parcelling scores the declined by a model of the accepted, cuts them into
bands, and lets each band default at the odds that the model expects times a declared factor. The factor is an
assumption: it helps where it is right, and harms where it is not (docs/scoring.md has figures). An exploration
that approves some of the declined by lot can measure it (`lenity score challenge`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
import polars as pl

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.scoring import model as models
from lenity.portfolio import score as batch
from lenity.training import fit as fits

LEAST_FACTOR, MOST_FACTOR, MOST_BANDS = Decimal("0.1"), Decimal(20), 50
FEWEST_DECLINED, LONGEST_WHY = 50, 200
KEYS = ("accepted", "factor", "bands", "why")
MILLION = 1_000_000


@dataclass(frozen=True)
class Parcelling:
    """What is assumed of the declined: their odds of default, `factor` times those of accepted people alike.

    `accepted` is the column that says 1 where a row got credit; `why` is the ground for the factor, in words.
    """

    accepted: str
    factor: Decimal
    bands: int
    why: str


def read(raw: object) -> Parcelling:
    """A spec's [parcelling]; raises `ValueError` that says what is wrong."""
    if not isinstance(raw, Mapping) or set(raw) - set(KEYS):
        raise ValueError(f"[parcelling] has the keys {', '.join(KEYS)}")
    accepted, why, bands = raw.get("accepted"), raw.get("why"), raw.get("bands", 10)
    if not isinstance(accepted, str) or not accepted:
        raise ValueError("parcelling.accepted names the column that says 1 where credit was given")
    if not isinstance(why, str) or not 10 <= len(why.strip()) <= LONGEST_WHY or not why.isprintable():
        raise ValueError(
            f"parcelling.why says in 10 to {LONGEST_WHY} signs on what ground the factor is assumed"
        )
    if type(bands) is not int or not 1 <= bands <= MOST_BANDS:
        raise ValueError(f"parcelling.bands is a whole number from 1 to {MOST_BANDS}")
    return Parcelling(accepted, _factor(raw.get("factor")), bands, why.strip())


def _factor(value: object) -> Decimal:
    says = (
        f"parcelling.factor is a number from {LEAST_FACTOR} to {MOST_FACTOR}; 1 where nothing else is known"
    )
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError(says)
    try:
        factor = Decimal(str(value))
    except InvalidOperation:
        raise ValueError(says) from None
    if not factor.is_finite() or not LEAST_FACTOR <= factor <= MOST_FACTOR:
        raise ValueError(says)
    return factor


def fit(
    train: pl.DataFrame,
    held_out: pl.DataFrame,
    *,
    declared: Parcelling,
    target: str,
    seed: int,
    **options: Any,
) -> fits.Fitted:
    """Train on the accepted, parcel the declined, train again on both; measured on accepted rows only."""
    known = _accepted(train, declared)
    base = fits.fit(train.filter(known), train[:0], target=target, seed=seed, **options)
    whole, told = inferred(train, known, models.read(base.text), declared, target=target, seed=seed)
    kept = held_out.filter(_accepted(held_out, declared)) if held_out.height else held_out
    return fits.fit(whole, kept, target=target, seed=seed, parcelling=told, **options)


def filled(rows: pl.DataFrame, declared: Parcelling, target: str) -> pl.DataFrame:
    """The same rows, in their lines, with 0 where nothing is known: for what looks for faults in the others."""
    if target not in rows.columns:
        return rows
    kept = pl.when(_accepted(rows, declared)).then(pl.col(target).cast(pl.String)).otherwise(pl.lit("0"))
    return rows.with_columns(kept.alias(target))


def inferred(
    rows: pl.DataFrame, known: pl.Series, base: models.Model, declared: Parcelling, *, target: str, seed: int
) -> tuple[pl.DataFrame, dict[str, Any]]:
    """The rows with an outcome for each declined one, drawn by the seed, and what a model card tells of it."""
    declined = rows.filter(~known)
    if declined.height < FEWEST_DECLINED:
        says = (
            f"{declined.height} declined rows are too few to parcel; at least {FEWEST_DECLINED} are needed."
        )
        raise InputRefused([Problem("parcelling.rows", says, "Leave [parcelling] out.")])
    expected = batch.Tables(base).score(declined, reasons=False).default_ppm.astype(np.float64) / MILLION
    drawn = np.random.default_rng(seed)
    outcome = np.zeros(declined.height, dtype=np.int64)
    order = np.argsort(expected, kind="stable")
    for band in np.array_split(order, declared.bands):
        if len(band):
            share = _shifted(float(expected[band].mean()), float(declared.factor))
            outcome[drawn.permutation(band)[: round(share * len(band))]] = 1
    texts = rows.get_column(target).cast(pl.String)
    at = np.flatnonzero(~known.to_numpy())
    filled = texts.scatter(at, pl.Series(outcome.astype(str)))
    told = {
        "accepted_column": declared.accepted,
        "factor": str(declared.factor),
        "bands": declared.bands,
        "assumption": declared.why,
        "accepted_rows": int(known.sum()),
        "declined_rows": declined.height,
        "expected_ppm": round(float(expected.mean()) * MILLION),
        "assumed_ppm": int(outcome.sum()) * MILLION // declined.height,
    }
    return rows.with_columns(filled.alias(target)), told


def _shifted(share: float, factor: float) -> float:
    """The share whose odds are `factor` times those of `share`."""
    odds = factor * share / max(1 - share, 1e-9)
    return odds / (1 + odds)


def _accepted(rows: pl.DataFrame, declared: Parcelling) -> pl.Series:
    if declared.accepted not in rows.columns:
        says = f"The column {declared.accepted} is missing."
        raise InputRefused([Problem("parcelling.accepted", says, "It says 1 where credit was given.")])
    column = rows.get_column(declared.accepted).cast(pl.String).str.strip_chars()
    unfit = ~column.is_in(["0", "1"]).fill_null(False)
    if unfit.any():
        line = int(unfit.arg_max() or 0)
        says = f"{declared.accepted} is {str(column[line])[:40]!r}; it must be 0 or 1."
        raise InputRefused([Problem("parcelling.accepted", says, "", line + 1, declared.accepted)])
    return column == "1"
