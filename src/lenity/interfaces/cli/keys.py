"""`lenity keys`: the keys under which personal data lies, and changing them without a stop."""

from __future__ import annotations

from typing import Annotated

import typer
from django.conf import settings

from lenity.interfaces.cli import json_input
from lenity.operations.begin_key_rotation import begin_key_rotation
from lenity.operations.retire_keys import retire_keys
from lenity.operations.rotate_keys import rotate_keys
from lenity.records.keys import queries

app = typer.Typer(help="The keys that seal personal data.", no_args_is_help=True)
ACTOR = "command line"


@app.command("status")
def status() -> None:
    """How many values lie under each key, by table and column."""
    json_input.say(queries.by_key())


@app.command("rotate")
def rotate(
    rows: Annotated[int, typer.Option(min=1, max=10_000, help="Values in one transaction.")] = 500,
) -> None:
    """Make a new key and seal everything under it; stopped anywhere, it goes on where it stopped.

    Run it as the owner of the tables. What runs beside opens both keys; restart it afterwards, so that it
    seals under the new one, and run this again until it says 0 values.
    """
    key = begin_key_rotation(folder=settings.LENITY_KEY_FOLDER, actor=ACTOR)
    total = 0
    while done := rotate_keys(actor=ACTOR, rows=rows):
        total += done
    json_input.say({"key": key, "values": total, "left": queries.remaining(key)})


@app.command("retire")
def retire() -> None:
    """Move the older keys aside, once nothing lies under them."""
    json_input.say({"retired": retire_keys(folder=settings.LENITY_KEY_FOLDER, actor=ACTOR)})
