"""`lenity borrower`: add a borrower; let changed numbers and addresses take effect."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lenity.domain.lending import person
from lenity.gateways import clock
from lenity.interfaces.cli import json_input
from lenity.law import reader
from lenity.operations.add_borrower import add_borrower
from lenity.operations.take_point_change import take_point_change

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


@app.command("points")
def points() -> None:
    """Let changed numbers and addresses take effect whose waiting time is over; every hour, or at night."""
    taken = 0
    while take_point_change(actor="command line"):
        taken += 1
    json_input.say({"taken": taken})
