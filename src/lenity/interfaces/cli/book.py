"""`lenity import`: bring a lender's existing book in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from lenity.domain.lending import book_mapping
from lenity.interfaces.cli import json_input
from lenity.operations.import_book import import_book

app = typer.Typer(help="Bring data of another system in.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Bring data of another system in."""


@app.command()
def book(
    file: Annotated[Path, typer.Argument(help="The book as CSV.")],
    mapping: Annotated[Path, typer.Option(help="The mapping as TOML; see docs/import.md.")],
    as_of: Annotated[str, typer.Option(help="Last day of the file's newest month, YYYY-MM-DD.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Import a whole book, or nothing: problems are listed with line and column (exit code 2)."""
    read = book_mapping.read(json_input.text(mapping))
    done = import_book(file=file, mapping=read, as_of=json_input.day(as_of), actor="command line")
    said = {
        "book": done.book.public_id,
        "loans": done.loans,
        "in_arrears": done.in_arrears,
        "late_but_owing_nothing": done.late_but_owing_nothing,
        "balance_minor": dict(done.balance_minor),
    }
    if as_json:
        typer.echo(json.dumps(said))
    else:
        Console().print(f"{done.loans:,} loans imported, {done.in_arrears:,} in arrears.")
