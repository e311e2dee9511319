"""`lenity records`: what is kept how long, letting go what has had its time, and keeping what a court asks for."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from lenity.gateways import clock
from lenity.interfaces.cli import json_input
from lenity.operations.end_hold import end_hold
from lenity.operations.erase_expired import erase_expired
from lenity.operations.open_hold import open_hold
from lenity.records.keys import retention_queries

app = typer.Typer(help="Personal data: how long it is kept, and letting it go.", no_args_is_help=True)
ACTOR = "command line"


@app.command()
def retention(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what may go and why; change nothing.")
    ] = False,
    rows: Annotated[int, typer.Option(min=1, max=10_000, help="Rows in one transaction.")] = 500,
) -> None:
    """Let go what has had its time (HOUSE-RETAIN). Every night after the close, as the owner of the tables.

    Nothing of a person with an open hold, dispute, request, review or suit goes. The evidence log still verifies.
    """
    today = clock.business_day("CN")
    told: dict[str, Any] = {
        "on": today.isoformat(),
        "people_kept_by_a_hold": retention_queries.kept_back(today),
    }
    if dry_run:
        json_input.say(
            {**told, "may_go": [_due(one) for one in retention_queries.due(today)], "dry_run": True}
        )
        return
    gone: dict[str, int] = {}
    while chunk := erase_expired(actor=ACTOR, rows=rows):
        name = f"{chunk.kind}: {chunk.table}.{chunk.column}".rstrip(".")
        gone[name] = gone.get(name, 0) + chunk.rows
    json_input.say({**told, "gone": gone})


def _due(one: retention_queries.Due) -> dict[str, Any]:
    return {
        "kind": one.kind.name,
        "what": dict(one.kind.says),
        "place": one.place,
        "table": one.table,
        "column": one.part.column.removesuffix("_sealed") or "(the row)",
        "rows": one.rows.count(),
        "from_before": one.kind.before(clock.business_day("CN")).isoformat(),
        "why": [
            {"id": law.id, "article": law.article, "force": law.force, "confidence": law.confidence}
            for law in one.kind.basis
        ],
    }


@app.command()
def preserve(
    borrower: Annotated[str, typer.Argument(help="The borrower's public id.")],
    reason: Annotated[str, typer.Option(help="Who asks for it: a court, an authority, with its number.")],
) -> None:
    """Keep everything about a borrower, whatever its time, until `lenity records release`."""
    hold = open_hold(borrower_id=borrower, kind="preservation", detail={"reason": reason[:200]}, actor=ACTOR)
    json_input.say({"hold": hold.public_id})


@app.command()
def release(
    hold: Annotated[str, typer.Argument(help="The hold that `preserve` printed.")],
    reason: Annotated[str, typer.Option(help="Why it need not be kept any more.")],
) -> None:
    """What a borrower's records were kept for is over; their own times hold again."""
    end_hold(hold_id=hold, reason=reason[:60], actor=ACTOR)
    json_input.say({"released": hold})
