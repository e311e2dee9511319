"""A model of cures: how likely a late loan is still late one step on, learned from rows of a hazard.

Who was contacted is not chance: a lender calls those it fears for. So a model says from which rows it learned, and
only one of rows left alone by lot says what happens without contact (`model.of_people_left_alone`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.scoring import model as models
from lenity.portfolio import arrears, measures
from lenity.portfolio import score as batch
from lenity.training import additive, fit, late_rows, spec

SHARE_PPM = 700_000
"""Clients to learn from; the others are held out."""
UNKNOWN = "unknown: as the lender treated them"
MOST_STEPS = {"cure_months": 12, "cure_weeks": late_rows.MOST_WEEKS}


@dataclass(frozen=True)
class Learned:
    """A model of cures with what it does on clients it has not seen."""

    text: str
    report: dict[str, Any]
    warnings: tuple[str, ...]


def learn(rows: pl.DataFrame, declared: spec.Spec, *, source: str, seed: int, pairs: int = 3) -> Learned:
    """Learn from most clients, measure on the others. Rows with `left_alone` = 1 only, where that is known."""
    contacts = UNKNOWN
    if "left_alone" in rows.columns:
        rows, contacts = rows.filter(pl.col("left_alone") == 1), models.BY_LOT
    known, held_out = late_rows.split(rows, SHARE_PPM, seed)
    fitted = fit.fit(
        known,
        held_out,
        name=declared.name,
        target=declared.target,
        features=declared.features,
        reasons=declared.reasons,
        protected=declared.protected,
        source=source,
        seed=seed,
        pairs=pairs,
        effort=additive.QUICK,
        use=models.CURE,
        contacts=contacts,
    )
    return Learned(fitted.text, judged(models.read(fitted.text), held_out), fitted.warnings)


def judged(model: models.Model, rows: pl.DataFrame) -> dict[str, Any]:
    """How well the estimate orders and how well it holds, on these rows."""
    if model.use != models.CURE:
        says = f"This is a model of {models.USES[model.use]}, not of cures."
        raise InputRefused([Problem("cure.model", says, "Train one: lenity score collections train.")])
    stays = fit.targets(rows, late_rows.TARGET)
    scored = batch.Tables(model).score(rows, reasons=False)
    return {
        "rows": rows.height,
        "model": model.fingerprint,
        "contacts": model.plain["training"]["contacts"],
        "auc_ppm": measures.auc_ppm(scored.score, stays),
        "ks_ppm": measures.ks_ppm(scored.score, stays),
        "cures": list(measures.share_ppm(len(stays) - int(stays.sum()), len(stays))),
        "calibration": arrears.calibration(scored.default_ppm.astype(np.int64), stays),
    }


def counted(rows: pl.DataFrame, form: str) -> dict[str, Any]:
    """Roll rates, where months tell them, and the hazard of a cure by month or week of arrears."""
    name = late_rows.FORMS[form][1]
    column = "months_in_spell" if name == "cure_months" else "weeks_late"
    seen = rows.filter(pl.col(column).is_not_null())
    cured = 1 - seen.get_column(late_rows.TARGET).to_numpy()
    step = seen.get_column(column).to_numpy().astype(np.int64)
    found: dict[str, Any] = {
        "form": form,
        "rows": rows.height,
        "clients": rows.get_column(late_rows.CLIENT).n_unique(),
        "step": "month" if name == "cure_months" else "week",
        "beginning_not_seen": rows.height - seen.height,
        "hazard": arrears.hazard(step, cured, MOST_STEPS[name]),
    }
    if "late_after" in rows.columns:
        pairs = rows.get_column("late_0").to_numpy(), rows.get_column("late_after").to_numpy()
        found["roll_rates"] = arrears.roll_rates(*pairs)[1:]
    return found
