"""`lenity ledger`: the trial balance."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from lenity.base.money import Money
from lenity.domain.ledger.chart import CHART
from lenity.records.ledger import queries


def command(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, minor units.")] = False,
) -> None:
    """The trial balance of each currency (exit code 1 if one is not zero)."""
    balance = queries.trial_balance()
    if as_json:
        typer.echo(json.dumps(balance))
    else:
        table = Table("currency", "account", "", "balance", box=None, padding=(0, 2))
        table.columns[3].justify = "right"
        for currency, accounts in balance.items():
            for code, minor in accounts.items():
                name = CHART[code]
                table.add_row(currency, name.en, name.zh, _text(minor, currency))
            table.add_row(currency, "[bold]sum[/]", "", _text(sum(accounts.values()), currency))
        Console().print(table)
    raise typer.Exit(0 if queries.is_balanced() else 1)


def _text(minor: int, currency: str) -> str:
    """Sums over a book may pass the bound of one amount, so they are written here without `Money`."""
    if abs(minor) <= 10**15:
        return Money(minor, currency).decimal_text()
    return f"{minor} minor units"
