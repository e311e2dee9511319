"""`lenity schedule`: the schedule and the annual cost that follow from terms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lenity.domain.servicing import offer, terms
from lenity.interfaces.cli import json_input


def command(
    file: Annotated[Path | None, typer.Argument(help="Terms as JSON; standard input without it.")] = None,
) -> None:
    """Read terms as JSON (docs/servicing.md) and print instalments, totals and annual cost as JSON."""
    json_input.say(offer.to_plain(terms.read(json_input.read(file))))
