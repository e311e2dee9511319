"""`lenity score`: train a model, show its card, decide all stored applications again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.lending import decision
from lenity.domain.scoring import card, pmml, sql
from lenity.gateways import clock
from lenity.interfaces.cli import (
    json_input,
    score_bench,
    score_collections,
    score_explain,
    score_file,
    score_standing,
    score_train,
    score_watch,
    table_file,
)
from lenity.operations.record_score_report import record_score_report
from lenity.records.lending import application_queries, challenge_queries
from lenity.training import onnx_file

Purpose = Annotated[
    str, typer.Option("--for", help="What the scores are for, default or cure; another model is refused.")
]
Approved = Annotated[
    bool, typer.Option("--approved", help="Refuse a model that two people have not brought into force.")
]
app = typer.Typer(help="Scores: additive points with exact reasons.", no_args_is_help=True)
Fingerprint = Annotated[
    str, typer.Option(help="Refuse the model file unless it has this fingerprint (its SHA-256).")
]
app.command("train")(score_train.command)
app.command("bench")(score_bench.command)
app.add_typer(score_collections.app, name="collections")


@app.command("batch")
def batch_(
    model: Annotated[Path, typer.Argument(help="A model file.")],
    data: Annotated[Path, typer.Argument(help="CSV or Parquet with the model's raw columns.")],
    out: Annotated[Path, typer.Argument(help="The file to write: Parquet, or CSV if its name ends so.")],
    key: Annotated[str, typer.Option(help="A column to keep, such as an id.")] = "",
    rows: Annotated[int, typer.Option(help="Rows in memory at a time.", min=1000)] = 250_000,
    fingerprint: Fingerprint = "",
    purpose: Purpose = "",
    approved: Approved = False,
) -> None:
    """Score a file in one pass with flat memory: score, estimated default, up to four reasons."""
    read = score_file.model(model, fingerprint)
    stands = score_standing.check(read, purpose, approved_only=approved)
    done = score_file.run(read, data, out, key=key, rows=rows)
    json_input.say({"model": read.fingerprint, "use": read.use, "standing": stands, **done.to_plain()})


@app.command()
def explain(
    model: Annotated[Path, typer.Argument(help="A model file.")],
    data: Annotated[Path, typer.Argument(help="CSV or Parquet with the model's raw columns.")],
    row: Annotated[int, typer.Option(help="Which row, from 1.", min=1)] = 1,
    fingerprint: Fingerprint = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Explain one row: every table with its points, what each loses, and the reasons in both languages."""
    read = score_file.model(model, fingerprint)
    told = score_explain.of(read, score_file.row(read, data, row))
    if as_json:
        json_input.say(told)
    else:
        score_explain.tell(told)


@app.command()
def export(
    model: Annotated[Path, typer.Argument(help="A model file.")],
    out: Annotated[
        Path | None, typer.Option(help="The file to write; SQL and PMML go to the screen without.")
    ] = None,
    form: Annotated[str, typer.Option("--format", help="sql, pmml or onnx.")] = "sql",
    table: Annotated[str, typer.Option(help="SQL: the table of raw rows.")] = "applicants",
    dialect: Annotated[str, typer.Option(help=f"SQL: {', '.join(sql.DIVIDE)}.")] = "postgresql",
    key: Annotated[str, typer.Option(help="SQL: a column to keep, such as an id.")] = "",
    fingerprint: Fingerprint = "",
    purpose: Purpose = "",
    approved: Approved = False,
) -> None:
    """Write the model for another engine: the same points on every row."""
    read = score_file.model(model, fingerprint)
    score_standing.check(read, purpose, approved_only=approved)
    if form == "onnx":
        if out is None:
            raise InputRefused([Problem("score.export", "ONNX is a binary file.", "Name it with --out.")])
        table_file.writable(out, model)
        out.write_bytes(onnx_file.document(read))
    elif form in ("sql", "pmml"):
        text = pmml.document(read) if form == "pmml" else sql.query(read, table, dialect, key)
        if out is None:
            typer.echo(text, nl=False)
        else:
            out.write_text(text, "utf-8")
    else:
        raise InputRefused([Problem("score.export", "Formats are: sql, pmml, onnx.")])


@app.command("card")
def card_(
    model: Annotated[Path, typer.Argument(help="A model file.")],
    out: Annotated[Path | None, typer.Option(help="A Markdown file to write.")] = None,
) -> None:
    """Show a model's card (Markdown): what it was trained on, how well it does, what weighs, every reason."""
    text = card.markdown(score_file.model(model))
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text, "utf-8")


@app.command()
def replay() -> None:
    """Decide every stored application again from its inputs: equal, byte for byte (else exit code 1)."""
    done, different = 0, 0
    for one in application_queries.replay():
        done, different = done + 1, different + (not one.equal)
    typer.echo(f"{done} decisions made again, {different} differently")
    raise typer.Exit(1 if different else 0)


@app.command()
def challenge(
    trial: Annotated[str, typer.Option(help="The trial's name; the newest without.")] = "",
) -> None:
    """Champion and challenger of a trial: agreement, approvals, defaults, exploration, reasons, months (JSON)."""
    found = challenge_queries.report(ZoneInfo(clock.business_zone(clock.HOME)), trial)
    if found is None:
        names = ", ".join(one["trial"] for one in challenge_queries.trials()) or "none"
        says = (
            f"No trial {trial!r} has seen an application." if trial else "No trial has seen an application."
        )
        raise InputRefused([Problem("trial.unknown", says, f"Trials: {names}.")])
    json_input.say(found)


@app.command("watch")
def watch_(
    model: Annotated[Path, typer.Argument(help="The model in use.")],
    base: Annotated[Path, typer.Argument(help="Rows that it was trained on, or of a quiet month.")],
    now: Annotated[Path, typer.Argument(help="Rows since then.")],
    target: Annotated[str, typer.Option(help="Column with the outcome, 1 for default.")] = "",
    group: Annotated[str, typer.Option(help="A protected attribute, for testing only.")] = "",
    month: Annotated[str, typer.Option(help="Column with the month of each row.")] = "",
    approve_at_most: Annotated[
        int,
        typer.Option(help="Approve up to this default, ppm; 0: the shipped policy's.", min=0, max=1_000_000),
    ] = 0,
    record: Annotated[bool, typer.Option("--record", help="Keep it for the page /risk/watch/.")] = False,
    note: Annotated[str, typer.Option(help="What a reader should know of the rows.")] = "",
    note_zh: Annotated[str, typer.Option(help="The same in Chinese.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Stability, outcomes, groups by month; with outcomes and groups, a search for a less discriminatory score."""
    read, of_base, of_now = score_file.model(model), table_file.read(base), table_file.read(now)
    with table_file.lines_of(now):
        found = score_watch.run(
            read,
            of_base,
            of_now,
            target=target,
            group=group,
            month=month,
            approve_at_most_ppm=approve_at_most or decision.shipped().approve_at_most_ppm,
            source=now.name,
            note=score_watch.both(note, note_zh),
        )
    if record:
        text = model.read_text("utf-8")
        found["report"] = record_score_report(
            kind="watch", content=found, model_text=text, actor="command line"
        )
    if as_json:
        json_input.say(found)
    else:
        score_watch.tell(found)
