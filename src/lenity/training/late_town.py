"""A town of late borrowers in which the truth is known: who cures alone, and what a contact adds.

Its lender contacts whom it fears for, by signs and by a hunch that no column holds, and leaves a part alone by lot.
So the town shows two things: a model of the part left alone by lot finds the truth, a model of everyone who was not
contacted does not. What a contact adds is an assumption of the town, not a finding: 0.4 in log-odds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from lenity.domain.scoring import model as models
from lenity.portfolio import score as batch
from lenity.training import cures, late_rows, spec

BY_LOT = 0.15
ADDED = 0.4
"""What a contact adds to the log-odds of a cure in this town."""
LEAVE_ALONE_PPM = (950_000, 900_000, 850_000, 800_000, 700_000)
"""From which estimated chance of a cure on somebody is left alone: the choices that are compared."""
MILLION = 1_000_000
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Town:
    """Rows as a lender has them, and beside them what only the town knows."""

    rows: pl.DataFrame
    alone: Array
    contacted: Array
    owed: Array


def people(number: int, seed: int) -> Town:
    """`number` late borrowers with their chance of a cure alone and after a contact."""
    draw = np.random.default_rng(seed)
    strain, hunch = draw.normal(size=number), draw.normal(size=number)
    late = 1 + (draw.random(number) < _odds(0.7 * strain - 1)) + (draw.random(number) < _odds(strain - 2))
    before = np.maximum(late - 1 + (draw.random(number) < 0.1), 0)
    limit = draw.choice([20_000, 50_000, 100_000, 200_000], number)
    use = np.clip(0.55 + 0.2 * strain + draw.normal(0, 0.15, number), 0.02, 1.1)
    billed = np.maximum((limit * use).astype(np.int64), 1)
    share = np.clip(0.12 - 0.06 * strain + draw.normal(0, 0.05, number), 0, 1)
    paid = (billed * share).astype(np.int64)
    odds = 1.6 - 1.1 * strain - 0.7 * (late - 1) - 1.2 * (use - 0.55) + 4 * (share - 0.12) + 0.8 * hunch
    alone, contacted = _odds(odds), _odds(odds + ADDED)
    by_lot = draw.random(number) < BY_LOT
    feared = draw.random(number) < _odds(1.2 * strain + 0.8 * (late - 1) - 1.5 * hunch)
    called = feared & ~by_lot
    cured = draw.random(number) < np.where(called, contacted, alone)
    rows = pl.DataFrame(
        {
            late_rows.CLIENT: np.arange(number),
            late_rows.STEP: np.zeros(number, dtype=np.int64),
            late_rows.TARGET: (~cured).astype(np.int64),
            "limit": limit,
            **{
                f"late_{back}": (late, before, np.zeros_like(late), np.zeros_like(late))[back]
                for back in range(4)
            },
            **{f"billed_{back}": (billed * (1 - 0.03 * back)).astype(np.int64) for back in range(4)},
            **{f"paid_{back}": paid for back in range(4)},
            "left_alone": by_lot.astype(np.int64),
            "contacted": called.astype(np.int64),
        }
    )
    return Town(rows, alone, contacted, np.maximum(billed // 10, 1))


def report(number: int, seed: int) -> dict[str, Any]:
    """What a model of people left alone by lot, and one of everyone not contacted, say beside the truth.

    Both are judged on a second town that neither has seen; so is a strategy that leaves the likely cures alone.
    """
    town, other = people(number, seed), people(number, seed + 1)
    declared = spec.bundled("cure_months")
    by_lot = cures.learn(town.rows.drop("contacted"), declared, source="town", seed=seed)
    quiet = town.rows.filter(pl.col("contacted") == 0).drop("contacted", "left_alone")
    chosen = cures.learn(quiet, declared, source="town", seed=seed)
    estimates = {name: _cures(one.text, other.rows) for name, one in (("by_lot", by_lot), ("chosen", chosen))}
    return {
        "people": number,
        "left_alone_by_lot": int(town.rows.get_column("left_alone").sum()),
        "truth_ppm": _ppm(other.alone.mean()),
        "models": {name: _beside(found, other.alone) for name, found in estimates.items()},
        "strategy": _strategy(estimates["by_lot"], other),
    }


def _cures(text: str, rows: pl.DataFrame) -> Array:
    scored = batch.Tables(models.read(text)).score(rows, reasons=False)
    found: Array = 1 - scored.default_ppm / MILLION
    return found


def _beside(found: Array, truth: Array) -> dict[str, Any]:
    """The estimate beside the truth: on average, and by tenth of the estimate."""
    tenths = np.array_split(np.argsort(found, kind="stable"), 10)
    return {
        "mean_ppm": _ppm(found.mean()),
        "too_high_ppm": _ppm(found.mean() - truth.mean()),
        "tenths": [[_ppm(found[part].mean()), _ppm(truth[part].mean())] for part in tenths],
        "worst_tenth_ppm": max(abs(_ppm(found[part].mean() - truth[part].mean())) for part in tenths),
    }


def _strategy(found: Array, town: Town) -> dict[str, Any]:
    """Contact everyone, or leave alone who is likely to cure: contacts, and expected cash by the truth.

    Beside it, as many people left alone by lot.
    """
    everyone = float((town.contacted * town.owed).sum())
    nobody = float((town.alone * town.owed).sum())
    lost = (town.contacted - town.alone) * town.owed / everyone
    choices = []
    for least in LEAVE_ALONE_PPM:
        alone = found >= least / MILLION
        choices.append(
            {
                "leave_alone_from_ppm": least,
                "fewer_contacts_ppm": _ppm(alone.mean()),
                "cash_lost_ppm": _ppm(lost[alone].sum()),
                "cash_lost_by_lot_ppm": _ppm(alone.mean() * (1 - nobody / everyone)),
            }
        )
    return {"cash_lost_without_any_contact_ppm": _ppm(1 - nobody / everyone), "choices": choices}


def _odds(value: Array) -> Array:
    found: Array = 1 / (1 + np.exp(-value))
    return found


def _ppm(share: float) -> int:
    return round(float(share) * MILLION)
