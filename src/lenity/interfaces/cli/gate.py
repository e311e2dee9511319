"""`lenity gate`: ask the gate about a contact, or decide all stored contacts again."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.debt_collection import gate
from lenity.domain.debt_collection.contact import Facts
from lenity.law import reader
from lenity.records.debt_collection import gate_queries

app = typer.Typer(help="The gate: may this contact be made, and by which provision.", no_args_is_help=True)


@app.command()
def check() -> None:
    """Read a proposed contact as JSON (docs/gate.md) and print verdict, provisions, earliest, counts."""
    try:
        facts = Facts.from_plain(json.loads(sys.stdin.read(1_000_000)))
    except (ValueError, KeyError, TypeError) as error:
        problem = Problem("gate.facts", f"The facts cannot be read: {error!r}.", "See docs/gate.md.")
        raise InputRefused([problem]) from error
    certificate = gate.decide(facts, reader.rulebook(facts.person.jurisdiction))
    typer.echo(json.dumps(certificate.to_plain(), ensure_ascii=False, indent=1))
    raise typer.Exit(0 if certificate.verdict == "allowed" else 1)


@app.command()
def replay(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Decide every stored contact again from its stored facts: equal, byte for byte (else exit code 1)."""
    said: dict[str, Any] = {"contacts": 0, "other_rulebook": 0, "different": []}
    for contact_id, equal in gate_queries.replay():
        said["contacts"] += 1
        if equal is None:
            said["other_rulebook"] += 1
        elif not equal:
            said["different"].append(contact_id)
    if as_json:
        typer.echo(json.dumps(said))
    else:
        typer.echo(
            f"{said['contacts']} contacts decided again, {len(said['different'])} differently; "
            f"{said['other_rulebook']} were decided by a rulebook that is not installed any more"
        )
    raise typer.Exit(1 if said["different"] else 0)
