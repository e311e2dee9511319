"""`lenity policy`: policies and models come into force when a second person approves exactly their bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.lending import decision
from lenity.domain.scoring import model as models
from lenity.gateways import clock
from lenity.interfaces.cli import json_input, outcomes_file
from lenity.interfaces.cli.person import Staff, staff_id
from lenity.operations.approve_change import approve_change
from lenity.operations.keep_candidate import keep_candidate
from lenity.operations.propose_change import propose_change
from lenity.operations.refuse_change import refuse_change
from lenity.records.approvals import queries
from lenity.records.lending import trial_queries

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
    text = _text(file)
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


@app.command()
def keep(
    file: Annotated[Path, typer.Argument(help="A policy (TOML), or a model (JSON) with --model.")],
    model: Annotated[bool, typer.Option("--model", help="The file is a score model.")] = False,
) -> None:
    """Keep a challenger, so that the trial of a policy can name it; prints its fingerprint. It decides nothing."""
    kind = "model" if model else "policy"
    kept = keep_candidate(kind=kind, text=_text(file), actor="command line")
    json_input.say({kind: kept})


@app.command("try")
def try_(
    draft: Annotated[Path, typer.Argument(help="A draft policy (TOML).")],
    model: Annotated[
        Path | None, typer.Option(help="A draft model (JSON); without, the model of each day.")
    ] = None,
    groups: Annotated[
        Path | None, typer.Option(help="CSV that tells each reference's group, for testing only.")
    ] = None,
    key: Annotated[str, typer.Option(help="Its column of references.")] = "reference",
    column: Annotated[str, typer.Option(help="Its column of groups.")] = "group",
) -> None:
    """What a draft would change on past applications: approvals, swap set, observed defaults. Books nothing."""
    policy = decision.read(_text(draft))
    read = models.read(_text(model)) if model else None
    known = outcomes_file.groups(groups, key=key, column=column) if groups else {}
    json_input.say(trial_queries.tried(policy, read, known))


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except OSError as error:
        raise InputRefused(
            [Problem("policy.file", f"{file.name} cannot be read.", "Check the path.")]
        ) from error
    except UnicodeDecodeError as error:
        raise InputRefused([Problem("policy.encoding", f"{file.name} is not UTF-8.")]) from error
