"""`lenity apr`: what a loan costs a year."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lenity.domain.servicing import annual_cost, annual_cost_input
from lenity.interfaces.cli import json_input


def command(
    file: Annotated[
        Path | None, typer.Argument(help="Cash flows as JSON; standard input without it.")
    ] = None,
) -> None:
    """Read advances and payments as JSON (docs/servicing.md) and print the annual rate as JSON."""
    asked = annual_cost_input.read(json_input.read(file))
    cost = annual_cost.annual_cost(asked.advances, asked.payments, asked.unit, asked.method, asked.per_year)
    json_input.say(
        {
            "apr_percent": cost.text(),
            "apr_percent_exact": cost.text(6),
            "effective_percent": annual_cost.rounded(cost.effective_percent, 2),
            "method": asked.method.value,
        }
    )
