"""`lenity audit`: the evidence log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from lenity.operations.seal_evidence import seal_evidence
from lenity.records.audit import queries

app = typer.Typer(help="The evidence log: seal, verify, receipts.", no_args_is_help=True)


@app.command()
def verify(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    checkpoints: Annotated[Path | None, typer.Option(help="Folder of checkpoints kept elsewhere.")] = None,
) -> None:
    """Recompute the whole log and hold it against every signed checkpoint (exit code 1 if it fails)."""
    report = queries.verify(checkpoints)
    if as_json:
        typer.echo(json.dumps({**report.__dict__, "holds": report.holds}))
    else:
        console = Console()
        console.print(f"{report.size:,} events, root {report.root}", highlight=False)
        console.print(
            f"{report.checkpoints} checkpoints in the database, {report.files} outside; "
            f"{report.unsealed:,} events not sealed yet"
        )
        for fault in report.faults:
            console.print(f"[red]{fault}[/]")
        console.print("It holds." if report.holds else "[red]It does not hold.[/]")
    raise typer.Exit(0 if report.holds else 1)


@app.command()
def seal() -> None:
    """Give new events their place in the log and sign its head."""
    head = seal_evidence(actor="command line")
    typer.echo(f"{head.tree_size} {head.root_hash}" if head else "The log is empty.")


@app.command()
def receipt(subject: Annotated[str, typer.Argument(help="Public id of a contact, hold, book ...")]) -> None:
    """Print a receipt (JSON) that proves an event is in the log; it verifies without the database."""
    try:
        typer.echo(json.dumps(queries.receipt(subject), ensure_ascii=False, indent=1))
    except LookupError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
