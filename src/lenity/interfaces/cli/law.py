"""`lenity law`: what the rulebooks say, how sure we are, and what is missing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from lenity.law import law_map, reader

app = typer.Typer(help="The law as data.", no_args_is_help=True)


@app.command("list")
def list_(place: Annotated[str, typer.Argument(help="CN, US, HK ...")] = "CN") -> None:
    """List the provisions of a place and the house rules that apply there."""
    table = Table("provision", "article", "force", "sure", "says", box=None, padding=(0, 1))
    for one in reader.rulebook(place.upper()).provisions:
        table.add_row(one.id, one.article, one.force, one.confidence, one.says["en"])
    Console().print(table)


@app.command()
def gaps() -> None:
    """What is known from memory only or was not read: never presented as law."""
    for one in law_map.everything().values():
        if one.confidence == "M":
            default = " (an unconfirmed default is used)" if one.unconfirmed else ""
            typer.echo(f"{one.id}: {one.says['en']}{default}")


@app.command("map")
def map_(
    check: Annotated[bool, typer.Option("--check", help="Fail if the file is stale.")] = False,
    file: Annotated[Path, typer.Option(help="Where the map lies.")] = Path("docs/law-map.md"),
) -> None:
    """Write docs/law-map.md from the root of a checkout: each provision, who keeps to it, its tests."""
    text = law_map.text(Path.cwd())
    if check:
        stale = not file.is_file() or file.read_text("utf-8") != text
        typer.echo(json.dumps({"stale": stale}))
        raise typer.Exit(1 if stale else 0)
    file.write_text(text, "utf-8")
