"""A town whose truth is known: who was declined, and what each would have done."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from lenity.domain.scoring import model as models
from lenity.portfolio import score as batch

SPEC = """
name = "town"
target = "y"
[[features]]
name = "a"
operation = "column"
columns = ["A"]
reason = "r"
[[features]]
name = "b"
operation = "column"
columns = ["B"]
reason = "r"
[reasons.r]
zh = "x"
en = "x"
"""


def people(number: int, *, hidden: float, seed: int) -> tuple[pl.DataFrame, Any]:
    """Rows as a lender kept them, and each person's true default, declined or not.

    With `hidden` above zero, an officer saw something that no column holds, and declined by it: among people
    alike in every column, the declined were riskier. With zero, she declined by the columns alone.
    """
    draw = np.random.default_rng(seed)
    a, b, unseen = draw.normal(size=number), draw.normal(size=number), draw.normal(size=number)
    chance = 1 / (1 + np.exp(-(-1.8 + 0.9 * a + 0.6 * b + 1.2 * unseen)))
    truth = (draw.random(number) < chance).astype(int)
    strict = 0.9 * a + 0.4 * b + hidden * unseen + draw.normal(0, 0.5, number)
    approved = strict < np.quantile(strict, 0.6)
    frame = pl.DataFrame(
        {
            "A": [str(int(one)) for one in a * 100],
            "B": [str(int(one)) for one in b * 100],
            "got_credit": ["1" if one else "0" for one in approved],
            "y": [str(one) if yes else "" for one, yes in zip(truth, approved, strict=True)],
        }
    )
    return frame, truth


def measured(text: str, frame: pl.DataFrame, truth: Any) -> dict[str, float]:
    """How well a model's estimate is of everybody, which only the town's maker can measure."""
    default = batch.Tables(models.read(text)).score(frame, reasons=False).default_ppm / 1_000_000
    declined = frame.get_column("got_credit").to_numpy() == "0"
    return {
        "brier": float(np.mean((default - truth) ** 2)),
        "off": float(default[declined].mean() - truth[declined].mean()),
        "true": float(truth[declined].mean()),
    }


def true_factor(accepted_model: str, frame: pl.DataFrame, truth: Any) -> float:
    """The odds of the declined over what a model of the accepted expects of them."""
    default = batch.Tables(models.read(accepted_model)).score(frame, reasons=False).default_ppm / 1_000_000
    declined = frame.get_column("got_credit").to_numpy() == "0"
    expected, happened = float(default[declined].mean()), float(truth[declined].mean())
    return happened / (1 - happened) / (expected / (1 - expected))
