"""`lenity furnish`: bureau files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from lenity.base import dates
from lenity.domain.furnishing import checks, metro2
from lenity.interfaces.cli import json_input
from lenity.operations.furnish_month import furnish_month

app = typer.Typer(help="Credit bureau files (Metro 2).", no_args_is_help=True)


@app.command()
def write(
    month: Annotated[str, typer.Option(help="The month, YYYY-MM.")],
    out: Annotated[Path, typer.Option(help="Folder to write to.")],
    identification: Annotated[str, typer.Option(help="The furnisher's identification number.")],
    reporter: Annotated[str, typer.Option(help="The furnisher's name.")],
) -> None:
    """Write a month's file; nothing is written if a cross-field check hits (exit code 2)."""
    done = furnish_month(
        month_end=dates.month_end(json_input.day(f"{month}-01")),
        folder=out,
        identification=identification,
        reporter=reporter,
        actor="command line",
    )
    typer.echo(f"{done.path}: {done.file.records} accounts, {done.late} late, elsewhere {done.elsewhere}")
    if done.held:
        typer.echo(
            f"{len(done.held)} accounts held back; their negative information may not be furnished yet:"
        )
    for one in done.held[:200]:
        opens = f" Opens {one.opens:%Y-%m-%d}." if one.opens else ""
        typer.echo(f"  {one.loan_id} {one.provision_id}: {one.says['en']}{opens}")


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="A Metro 2 file in character format.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Read a file and run the cross-field checks on it (exit code 1 when one hits)."""
    found = checks.findings(metro2.read(file.read_bytes()))
    if as_json:
        typer.echo(json.dumps([{"code": one.code, "line": one.line, "says": one.says} for one in found]))
    else:
        for one in found[:200]:
            typer.echo(f"{one.code}: {one}")
        typer.echo(f"{len(found)} findings")
    raise typer.Exit(1 if found else 0)
