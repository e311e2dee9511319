"""`lenity score`: train a model, show its card, decide all stored applications again."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Annotated

import typer

from lenity.domain.scoring import model as models
from lenity.records.lending import application_queries
from lenity.training import fit, taiwan

app = typer.Typer(help="Scores: additive points with exact reasons.", no_args_is_help=True)


@app.command()
def train(
    data: Annotated[Path, typer.Argument(help="CSV in the columns of the Taiwan card set.")],
    out: Annotated[Path, typer.Option(help="Where the model file goes.")],
    train_rows: Annotated[int, typer.Option(help="Rows to train on; the rest is held out.")] = 20_000,
    pairs: Annotated[int, typer.Option(help="Pair tables, at most ten.", min=0, max=10)] = 0,
    seed: Annotated[int, typer.Option(help="Seed of the split and the fit.")] = 42,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Train an additive score and print AUC, KS and Brier on the rows held out."""
    with data.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    known, held_out = fit.split(rows, train=min(train_rows, len(rows)), seed=seed)
    fitted = fit.fit(
        known,
        held_out,
        name=data.stem,
        target=taiwan.TARGET,
        features=taiwan.features(),
        reasons=taiwan.REASONS,
        protected=taiwan.PROTECTED,
        source=data.name,
        seed=seed,
        pairs=pairs,
    )
    out.write_text(fitted.text, "utf-8")
    for warning in fitted.warnings:
        typer.echo(f"warning: {warning}", err=True)
    told = ", ".join(f"{key} {value}" for key, value in fitted.metrics.items())
    typer.echo(json.dumps(dict(fitted.metrics)) if as_json else told)


@app.command()
def card(model: Annotated[Path, typer.Argument(help="A model file.")]) -> None:
    """Show a model's card: what it was trained on, how well it does, what it leaves out."""
    text = model.read_text("utf-8")
    read = models.read(text)
    typer.echo(f"{read.name}\nfingerprint {read.fingerprint}\nreference score {read.reference}")
    typer.echo(f"{len(read.terms)} tables over {len(read.features)} features")
    for part in ("training", "metrics", "scaling"):
        for key, value in read.plain[part].items():
            typer.echo(f"{part}.{key}: {value}")


@app.command()
def replay() -> None:
    """Decide every stored application again from its inputs: equal, byte for byte (else exit code 1)."""
    results = list(application_queries.replay(tuple(taiwan.PAID)))
    different = [reference for reference, equal in results if not equal]
    typer.echo(f"{len(results)} decisions made again, {len(different)} differently")
    raise typer.Exit(1 if different else 0)
