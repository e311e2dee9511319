"""`lenity import`: look at a lender's existing book, then bring it in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from lenity.base import money
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.lending import book_mapping
from lenity.domain.servicing.texts import decimal_text
from lenity.gateways import book_file, clock
from lenity.interfaces.cli import json_input
from lenity.interfaces.shared import csv_file
from lenity.operations.import_book import import_book
from lenity.operations.stage_book import stage_book
from lenity.records import staged

app = typer.Typer(help="Bring data of another system in.", no_args_is_help=True)
ACTOR = "command line"
BLOCK = 1 << 20


@app.callback()
def _group() -> None:
    """Bring data of another system in."""


@app.command()
def book(
    file: Annotated[Path, typer.Argument(help="The book as CSV.")],
    mapping: Annotated[
        str, typer.Option(help="A mapping as TOML (docs/import.md), or a shipped one's name.")
    ],
    as_of: Annotated[str, typer.Option(help="Last day of the file's newest month, YYYY-MM-DD.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count and sum; import nothing.")] = False,
    refused: Annotated[Path | None, typer.Option(help="Dry run: write every refused line here, CSV.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Import a whole book, or nothing: problems are listed with line and column (exit code 2)."""
    text = book_mapping.shipped(mapping) if mapping in book_mapping.shipped_names() else ""
    text = text or json_input.text(Path(mapping))
    day = json_input.day(as_of)
    if dry_run:
        _look(file, text, day.isoformat(), refused, as_json)
        return
    done = import_book(file=file, mapping=book_mapping.read(text), as_of=day, actor=ACTOR)
    said = {"book": done.book.public_id, **done.plain()}
    if as_json:
        typer.echo(json.dumps(said))
    else:
        Console().print(f"{done.loans:,} loans imported, {done.in_arrears:,} in arrears.")


def _look(file: Path, mapping: str, as_of: str, refused: Path | None, as_json: bool) -> None:
    found = stage_book(
        chunks=_chunks(file), name=file.name, mapping=mapping, as_of=json_input.day(as_of), actor=ACTOR
    )
    waiting = staged.book(found, clock.now())
    if waiting is None:
        raise InputRefused([Problem("book.staged", "The look is gone already.", "Look again.")])
    result = waiting.result
    if refused is not None:
        refused.write_text(csv_file.text(csv_file.REFUSED, staged.refused_lines(found)), "utf-8")
    staged.drop(found)
    if as_json:
        typer.echo(json.dumps({"digest": waiting.digest, **result}, ensure_ascii=False))
    else:
        _say(result["totals"], result["refused_lines"], result["first"], waiting.digest)
    if result["refused_lines"]:
        raise typer.Exit(2)


def _say(totals: dict[str, dict[str, int]], refused: int, first: list[list[object]], digest: str) -> None:
    out = Console()
    out.print(
        f"{totals['loans']:,} loans could come in, {refused:,} lines are refused. Nothing was imported."
    )
    for name in ("owed_minor", "credit_minor", "limit_minor"):
        for currency, minor in totals[name].items():
            amount = decimal_text(minor, money.minor_digits(currency))
            out.print(f"{name.removesuffix('_minor')}: {currency} {amount}")
    for line, column, _, says, remedy in first:
        out.print(f"line {line} {column}: {says} {remedy}", markup=False)
    out.print(f"file: {digest}")


def _chunks(file: Path) -> Iterator[bytes]:
    if not file.is_file():
        raise InputRefused([Problem("book.file", f"There is no file {file.name}.", "Check the path.")])
    if file.stat().st_size > book_file.MOST_BYTES:
        raise InputRefused([Problem("book.size", f"A book has at most {book_file.MOST_BYTES:,} bytes.")])
    with file.open("rb") as raw:
        while block := raw.read(BLOCK):
            yield block
