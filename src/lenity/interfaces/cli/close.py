"""`lenity close`: close a business day."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console

from lenity.interfaces.cli import json_input
from lenity.operations.close_day import close_day


def command(
    day: Annotated[str, typer.Argument(help="The business day to close, YYYY-MM-DD.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Close a business day: days past due, stage and amounts due of every loan."""
    run = close_day(business_date=json_input.day(day), actor="command line")
    said = {
        "business_date": run.business_date.isoformat(),
        "loans": run.loans,
        "in_arrears": run.in_arrears,
        "facts": run.facts_digest,
        "result": run.result_digest,
    }
    if as_json:
        typer.echo(json.dumps(said))
    else:
        Console().print(f"{day}: {run.loans} loans closed, {run.in_arrears} in arrears.")
