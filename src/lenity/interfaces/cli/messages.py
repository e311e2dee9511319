"""`lenity messages`: the templates, and what no message may say."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.debt_collection import messages, screening, wording
from lenity.interfaces.cli import json_input

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
    text = json_input.text(file)
    found = wording.lint_template(messages.read(text)) if file.suffix == ".toml" else wording.lint_draft(text)
    for one in found:
        typer.echo(f"{one.start}-{one.end} {one.code}: {one.quote!r} ({one.en})")
    raise typer.Exit(1 if found else 0)


@app.command()
def screen(
    file: Annotated[
        Path | None, typer.Argument(help="A note or transcript; standard input without it.")
    ] = None,
    by: Annotated[
        str, typer.Option(help="Whose words: collector or borrower (lines may say).")
    ] = "collector",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    why: Annotated[
        bool, typer.Option(help="Show the points of what no pattern of the lexicon knows.")
    ] = False,
) -> None:
    """Look for abuse, disclosure and distress in free text; each is quoted (exit code 1 if there are any)."""
    found = screening.screen(_text(file), said_by=by)
    if as_json:
        plain = [one.__dict__ for one in found]
        answer = {
            "findings": plain,
            "gravest": screening.gravest(found),
            "lexicon": screening.lexicon_digest(),
        }
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        for one in found:
            typer.echo(f"{one.start}-{one.end} {one.severity} {one.category} ({one.said_by}): {one.quote!r}")
            if why and one.why:
                typer.echo("    " + ", ".join(f"{name} {points:+d}" for name, points in one.why))
    raise typer.Exit(1 if found else 0)


@app.command()
def learn(
    files: Annotated[
        list[Path],
        typer.Argument(help="Labelled sentences: speaker, label or -, sentence, with tabs between."),
    ],
    out: Annotated[Path, typer.Option(help="Where the table of points is written.")],
) -> None:
    """Learn from labelled sentences what kinds of words weigh; the table is reviewed like the lexicon."""
    phrases = import_module("lenity.training.phrases")
    table = phrases.learn([row for file in files for row in phrases.labelled(_text(file))])
    out.write_text(
        json.dumps(table, ensure_ascii=False, sort_keys=True, indent=0, separators=(",", ":")) + "\n", "utf-8"
    )
    for language, one in table.items():
        typer.echo(
            f"{language}: {one['sentences']} sentences, {len(one['points'])} points; "
            f"found in folds {one['found_in_folds']} %"
        )


def _text(file: Path | None) -> str:
    if file is not None and not file.is_file():
        raise InputRefused([Problem("screening.file", f"There is no file {file.name}.", "Check the path.")])
    try:
        raw = file.read_bytes() if file is not None else sys.stdin.buffer.read(screening.LONGEST * 4 + 1)
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputRefused([Problem("screening.encoding", "The text is not UTF-8.")]) from error
