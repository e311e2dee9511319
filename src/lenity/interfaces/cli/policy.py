"""`lenity policy`: policies and models come into force when a second person approves exactly their bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import clock
from lenity.interfaces.cli import json_input
from lenity.interfaces.cli.person import Staff, staff_id
from lenity.operations.approve_change import approve_change
from lenity.operations.propose_change import propose_change
from lenity.operations.refuse_change import refuse_change
from lenity.records.approvals import queries

app = typer.Typer(help="Policies and models in force: two people, one content.", no_args_is_help=True)
Id = Annotated[str, typer.Argument(help="The proposal's id.")]
Digest = Annotated[str, typer.Option(help="The digest that `lenity policy show` told.")]
Reason = Annotated[str, typer.Option(help="Why, in a sentence.")]


@app.command()
def propose(
    file: Annotated[Path, typer.Argument(help="A policy (TOML), or a model (JSON) with --model.")],
    reason: Reason,
    staff: Staff,
    model: Annotated[bool, typer.Option("--model", help="The file is a score model.")] = False,
) -> None:
    """Propose that this file comes into force; prints the proposal's id and digest."""
    try:
        text = file.read_text("utf-8")
    except OSError as error:
        raise InputRefused(
            [Problem("policy.file", f"{file.name} cannot be read.", "Check the path.")]
        ) from error
    except UnicodeDecodeError as error:
        raise InputRefused([Problem("policy.encoding", f"{file.name} is not UTF-8.")]) from error
    made = propose_change(
        kind="model_activation" if model else "policy_activation",
        subject_id="",
        payload={"text": text},
        reason=reason,
        actor=staff_id(staff),
    )
    json_input.say(
        {"proposal": made.public_id, "digest": made.digest, "expires": made.expires_at.isoformat()}
    )


@app.command("list")
def list_() -> None:
    """Proposals of every kind, newest first."""
    json_input.say(
        [
            {"proposal": one.public_id, "kind": one.kind, "state": one.state, "reason": one.reason}
            for one in queries.changes(clock.now())
        ]
    )


@app.command()
def show(proposal: Id) -> None:
    """One proposal: its digest, and the lines that it changes."""
    found = queries.change_by_id(proposal, clock.now())
    if found is None:
        raise InputRefused([Problem("change.unknown", f"There is no proposal {proposal!r}.")])
    typer.echo(f"{found.kind} {found.state}\ndigest {found.digest}\nreason {found.reason}\n")
    for sign, line in found.difference:
        typer.echo(f"{sign} {line}")


@app.command()
def approve(proposal: Id, digest: Digest, reason: Reason, staff: Staff) -> None:
    """Approve exactly what was shown, as a second person; it is in force at once."""
    approve_change(proposal_id=proposal, digest=digest, reason=reason, actor=staff_id(staff))
    json_input.say({"proposal": proposal, "verdict": "approved"})


@app.command()
def refuse(proposal: Id, digest: Digest, reason: Reason, staff: Staff) -> None:
    """Refuse exactly what was shown, as a second person."""
    refuse_change(proposal_id=proposal, digest=digest, reason=reason, actor=staff_id(staff))
    json_input.say({"proposal": proposal, "verdict": "refused"})
