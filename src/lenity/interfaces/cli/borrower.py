"""`lenity borrower`: add a borrower."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lenity.domain.lending import person
from lenity.gateways import clock
from lenity.interfaces.cli import json_input
from lenity.law import reader
from lenity.operations.add_borrower import add_borrower

app = typer.Typer(help="The people who borrow.", no_args_is_help=True)


@app.callback()
def room() -> None:
    """The people who borrow."""


@app.command("add")
def add(
    file: Annotated[Path | None, typer.Argument(help="JSON; standard input without it.")] = None,
) -> None:
    """Add a borrower: name, jurisdiction, language, mobile, email, address, identity_number, birth_date."""
    who = person.read(json_input.read(file), reader.places(), clock.home_day())
    json_input.say({"borrower": add_borrower(person=who, actor="command line")})
