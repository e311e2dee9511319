"""`lenity gate`: ask the gate about a contact, or decide all stored contacts again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from lenity.interfaces.cli import json_input
from lenity.interfaces.shared import gate_answer, gate_input
from lenity.records.debt_collection import gate_queries

app = typer.Typer(help="The gate: may this contact be made, and by which provision.", no_args_is_help=True)


@app.command()
def check(
    file: Annotated[Path | None, typer.Argument(help="JSON; standard input without it.")] = None,
) -> None:
    """Read a proposed contact as JSON (docs/gate.md) and print verdict, provisions, earliest, counts.

    Exit code 0: allowed, 1: deferred or refused, 2: the input is wrong.
    """
    facts, rules = gate_input.read(json_input.read(file))
    told = gate_answer.answer(facts, rules)
    json_input.say(told)
    raise typer.Exit(0 if told["verdict"] == "allowed" else 1)


@app.command()
def schema() -> None:
    """Print the JSON Schema of what `check` reads."""
    json_input.say(gate_input.schema())


@app.command()
def replay(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Decide every stored contact again from its stored facts by the rulebook of its day: equal, byte for byte.

    Exit code 1 where one is different, or cannot be decided again because its rulebook was not kept.
    """
    said: dict[str, Any] = {"contacts": 0, "without_rulebook": 0, "different": []}
    for contact_id, equal in gate_queries.replay():
        said["contacts"] += 1
        if equal is None:
            said["without_rulebook"] += 1
        elif not equal:
            said["different"].append(contact_id)
    if as_json:
        typer.echo(json.dumps(said))
    else:
        typer.echo(
            f"{said['contacts']} contacts decided again, {len(said['different'])} differently; "
            f"{said['without_rulebook']} could not be: their rulebook was not kept"
        )
    raise typer.Exit(1 if said["different"] or said["without_rulebook"] else 0)
