"""Who acts on the command line: a member of staff, by password and one-time code, never by a name alone."""

from __future__ import annotations

from typing import Annotated

import typer

from lenity.base.outcomes import InputRefused, Problem
from lenity.interfaces.cli import json_input
from lenity.operations.propose_change import propose_change
from lenity.operations.sign_in_staff import sign_in_staff

Staff = Annotated[
    str,
    typer.Option("--staff", help="User name of the member of staff who acts; asks for password and code."),
]


def staff_id(username: str) -> str:
    """The public id of whoever gave the right password and one-time code; they are read from the terminal."""
    password = typer.prompt("Password", hide_input=True, err=True)
    code = typer.prompt("One-time code", hide_input=True, err=True)
    staff = sign_in_staff(username=username, password=password, code=code)
    if staff is None:
        says = "User name, password or one-time code is not right, or the account has to wait a moment."
        raise InputRefused([Problem("staff", says, "A code works once; wait for the next one.")])
    return staff.public_id


def ask(
    kind: str,
    subject_id: str,
    content: dict[str, object],
    reason: str,
    staff: str,
    *,
    place: str = "/changes/",
) -> None:
    """Ask for a change that takes two people, and say that nothing has happened yet."""
    made = propose_change(
        kind=kind, subject_id=subject_id, payload=content, reason=reason, actor=staff_id(staff)
    )
    json_input.say(
        {
            "change": made.public_id,
            "state": "waiting",
            "says": f"Nothing has moved. A second person approves it at {place}, then it is booked.",
            "expires": made.expires_at.isoformat(),
            **content,
        }
    )
