"""`lenity staff`: who works with this installation."""

from __future__ import annotations

from typing import Annotated

import typer

from lenity.interfaces.cli import json_input
from lenity.operations.add_staff import add_staff
from lenity.records.people import sign_in_queries

app = typer.Typer(help="Staff and their roles.", no_args_is_help=True)


@app.command()
def add(
    username: Annotated[str, typer.Argument(help="Latin letters and digits.")],
    name: Annotated[str, typer.Option(help="The name that borrowers see.")],
    number: Annotated[str, typer.Option(help="The staff number that borrowers see.")],
    role: Annotated[list[str], typer.Option(help="A role; may be given again.")],
    reason: Annotated[str, typer.Option(help="Why these roles are needed.")],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)],
    agency: Annotated[str, typer.Option(help="The agency, if not in house.")] = "",
    until: Annotated[str, typer.Option(help="Last day of the authority, YYYY-MM-DD.")] = "",
) -> None:
    """Add a member of staff; the second factor's secret is shown this once."""
    added = add_staff(
        username=username,
        display_name=name,
        staff_number=number,
        password=password,
        roles=tuple(role),
        role_reason=reason,
        agency=agency,
        authority_until=json_input.day(until) if until else None,
        actor="command line",
    )
    typer.echo(f"Second factor (put it into an authenticator): {added.totp_secret}")


@app.command("list")
def list_() -> None:
    """List staff with roles and reasons."""
    for one in sign_in_queries.list_staff():
        state = "active" if one.is_active else "switched off"
        typer.echo(f"{one.username}  {one.staff_number}  {', '.join(one.roles)}  {state}  {one.role_reason}")
