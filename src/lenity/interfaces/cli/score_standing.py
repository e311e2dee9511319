"""Before a model file scores or leaves the house: is it approved, and for this use? If not, that is said loudly."""

from __future__ import annotations

import typer

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.scoring.model import USES, Model
from lenity.records.scoring import standing_queries

SAYS = {
    "was_in_force": "it was in force once; another model is in force now",
    "kept": "it is kept here and was never approved",
    "unknown": "it is not known here",
    "unread": "the database cannot be read, so nobody can tell",
}


def check(model: Model, purpose: str, *, approved_only: bool) -> str:
    """Refuse another use, and with `approved_only` a model that nobody approved; returns how it stands."""
    if purpose and purpose not in USES:
        raise InputRefused([Problem("score.purpose", f"Purposes are: {', '.join(USES)}.")])
    if purpose and purpose != model.use:
        says = f"The model estimates {model.use}, not {purpose}: its score means something else there."
        raise InputRefused([Problem("score.purpose", says, "Take a model of this use.")])
    found = standing_queries.standing(model.fingerprint, model.use)
    if approved_only and not found.is_approved:
        says = f"Two people have not approved the model {model.name!r}: {SAYS[found.state]}."
        remedy = "`lenity policy propose MODEL --model`; a second person approves it."
        raise InputRefused([Problem("score.approval", says, remedy)])
    if found.state != "in_force":
        loud = "NOT IN FORCE" if found.is_approved else "NOT APPROVED"
        typer.secho(
            f"{loud}: {model.name!r} ({model.fingerprint[:12]}), use {model.use}: {SAYS[found.state]}. "
            "Nobody may be decided by these scores.",
            err=True,
            bold=True,
        )
    return found.state
