"""`lenity client`: programs that may call the HTTP API."""

from __future__ import annotations

from typing import Annotated

import typer

from lenity.interfaces.cli import json_input
from lenity.operations.add_api_client import SCOPES, add_api_client
from lenity.operations.revoke_api_client import revoke_api_client
from lenity.records.intake import queries

app = typer.Typer(help="Programs that may call the HTTP API.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="Small letters, digits and hyphens.")]


@app.command("add")
def add(
    name: Name,
    scope: Annotated[list[str], typer.Option(help=f"{', '.join(SCOPES)}; may be given again.")],
) -> None:
    """Let a program in; its token is shown this once."""
    token = add_api_client(name=name, scopes=tuple(scope), actor="command line")
    json_input.say({"client": name, "token": token})


@app.command("revoke")
def revoke(name: Name) -> None:
    """Shut a program out at once."""
    revoke_api_client(name=name, actor="command line")
    json_input.say({"client": name, "revoked": True})


@app.command("list")
def list_() -> None:
    """Programs, their scopes, and which are shut out."""
    json_input.say(
        [
            {"client": one.name, "scopes": one.scopes, "revoked": one.revoked_at is not None}
            for one in queries.clients()
        ]
    )
