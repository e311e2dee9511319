"""One row explained: every table with its points, and what each reason loses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from lenity.domain.scoring import features
from lenity.domain.scoring.model import Model


def of(model: Model, row: Mapping[str, object]) -> dict[str, Any]:
    """The score with all its parts: they add up, exactly."""
    values = features.compute(model.features, row)
    scored = model.score(row)
    return {
        "model": model.name,
        "fingerprint": model.fingerprint,
        "score": scored.score,
        "default_ppm": scored.default_ppm,
        "intercept": model.intercept,
        "reference": model.reference,
        "tables": [
            {
                "table": term.name,
                "values": {name: values[name] for name in term.features},
                "points": scored.points[term.name],
                "reference": term.reference,
            }
            for term in model.terms
        ],
        "reasons": [reason._asdict() for reason in scored.reasons],
    }


def tell(told: Mapping[str, Any]) -> None:
    """As tables."""
    console = Console()
    console.print(
        f"{told['model']}: {told['score']} points (reference {told['reference']}), "
        f"estimated default {told['default_ppm'] / 10_000:.2f} %",
        markup=False,
    )
    table = Table("table", "value", "points", "reference", title=f"intercept {told['intercept']}")
    for one in sorted(told["tables"], key=lambda one: one["points"] - one["reference"]):
        values = ", ".join("missing" if value is None else str(value) for value in one["values"].values())
        table.add_row(one["table"], values, str(one["points"]), str(one["reference"]))
    console.print(table)
    for place, reason in enumerate(told["reasons"], 1):
        console.print(f"{place}. {reason['zh']} | {reason['en']}: {reason['points_lost']} lost", markup=False)
