"""`lenity messages`: the templates, and what no message may say."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lenity.domain.debt_collection import messages, wording

app = typer.Typer(help="Message templates and their linter.", no_args_is_help=True)


@app.command("list")
def list_() -> None:
    """List the templates."""
    for template in messages.shipped().values():
        typer.echo(f"{template.id}  {template.channel}  {template.purpose}  {template.version}")


@app.command()
def show(template: Annotated[str, typer.Argument(help="A template's id.")]) -> None:
    """Show one template in both languages."""
    for language, (subject, body) in messages.get(template).texts.items():
        typer.echo(f"[{language}] {subject}\n{body}\n")


@app.command()
def lint(file: Annotated[Path, typer.Argument(help="A text, or a template as TOML.")]) -> None:
    """Read a text as the gate would; findings are quoted (exit code 1 if there are any)."""
    text = file.read_text("utf-8")
    found = wording.lint_template(messages.read(text)) if file.suffix == ".toml" else wording.lint(text)
    for one in found:
        typer.echo(f"{one.start}-{one.end} {one.code}: {one.quote!r} ({one.en})")
    raise typer.Exit(1 if found else 0)
