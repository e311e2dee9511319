"""`lenity score train`: one model file from rows and a spec, told step by step, measured on rows held out."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.scoring import model as models
from lenity.interfaces.cli import table_file
from lenity.training import additive, fit, parcelling, spec

HELD_OUT = 5
"""One row of so many is held out."""
STEPS = {
    "reading": "reading the file",
    "features": "working out the features",
    "trees": "growing trees (the longest step)",
    "pairs": "choosing pairs of features",
    "tables": "learning tables from the trees",
    "bins": "binning",
    "line": "weighing the evidence",
    "points": "writing whole points",
    "metrics": "measuring on the rows held out",
}


def command(
    data: Annotated[Path, typer.Argument(help="CSV or Parquet.")],
    out: Annotated[Path, typer.Option(help="Where the model file goes.")],
    declared: Annotated[str, typer.Option("--spec", help="A TOML file, or taiwan, heloc, ...")] = "taiwan",
    train_rows: Annotated[
        int | None,
        typer.Option(help="Rows to train on, the rest is held out; else four of five.", min=200),
    ] = None,
    pairs: Annotated[int, typer.Option(help="Tables of two features.", min=0, max=10)] = 10,
    features: Annotated[int, typer.Option(help="Features kept, those that contribute most.", min=1)] = 40,
    trainer: Annotated[
        str, typer.Option(help="trees, or woe: a scorecard by weight of evidence (needs optbinning).")
    ] = "trees",
    thorough: Annotated[bool, typer.Option(help="More models averaged; about twice as long.")] = False,
    seed: Annotated[int, typer.Option(help="Seed of the split and the fit.", min=0, max=2**31 - 1)] = 42,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Train an additive score by a spec (docs/scoring.md); prints AUC, KS and Brier on the rows held out."""
    chosen = spec.bundled(declared) if declared in spec.BUNDLED else spec.load(Path(declared))
    if trainer not in fit.TRAINERS:
        raise InputRefused([Problem("train.trainer", f"Trainers are: {', '.join(fit.TRAINERS)}.")])
    table_file.writable(out, data)
    steps = _Steps()
    steps("reading")
    known, held_out = _split(data, chosen, train_rows, seed)
    learn = partial(parcelling.fit, declared=chosen.parcelling) if chosen.parcelling else fit.fit
    fitted = learn(
        known,
        held_out,
        name=chosen.name if declared != "taiwan" else data.stem,
        target=chosen.target,
        features=chosen.features,
        reasons=chosen.reasons,
        protected=chosen.protected,
        source=data.name,
        seed=seed,
        pairs=pairs,
        most=features,
        monotone=chosen.monotone,
        effort=additive.THOROUGH if thorough else additive.QUICK,
        trainer=trainer,
        progress=steps,
    )
    out.write_text(fitted.text, "utf-8")
    for warning in fitted.warnings:
        typer.echo(f"warning: {warning}", err=True)
    if not held_out.height:
        typer.echo("warning: no row was held out, so the model has no figures (--train-rows).", err=True)
    if as_json:
        typer.echo(json.dumps(dict(fitted.metrics)))
    else:
        _tell(out, models.read(fitted.text), fitted.metrics, steps.seconds())


def _split(
    data: Path, chosen: spec.Spec, train_rows: int | None, seed: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows to train on and those held out; refused before the work where nothing can be learned from them."""
    frame = table_file.read(data)
    with table_file.lines_of(data):
        told = parcelling.filled(frame, chosen.parcelling, chosen.target) if chosen.parcelling else frame
        fit.check(told, chosen.target, chosen.features)
    share = max(frame.height - frame.height // HELD_OUT, fit.FEWEST_ROWS)
    return fit.split_frame(frame, train=min(train_rows or share, frame.height), seed=seed)


class _Steps:
    """Tells each step with the seconds so far, on standard error."""

    def __init__(self) -> None:
        self.start = time.monotonic()

    def __call__(self, step: str) -> None:
        typer.echo(f"{self.seconds():4d} s  {STEPS.get(step, step)}", err=True)

    def seconds(self) -> int:
        """Whole seconds since the beginning."""
        return int(time.monotonic() - self.start)


def _tell(out: Path, model: models.Model, metrics: Mapping[str, Any], seconds: int) -> None:
    pairs = sum(len(term.features) > 1 for term in model.terms)
    typer.echo(
        f"{out.name}: {len(model.terms) - pairs} tables of one feature, {pairs} of two, in {seconds} s"
    )
    typer.echo(f"fingerprint {model.fingerprint}")
    if metrics:
        typer.echo(f"on {int(metrics['rows']):,} rows held out:")
        for name, title in (("auc", "AUC"), ("ks", "KS")):
            if name in metrics:
                typer.echo(
                    f"  {title:6}{metrics[name]} [{metrics[f'{name}_low']}, {metrics[f'{name}_high']}]"
                )
        typer.echo(f"  Brier {metrics['brier']}")
        typer.echo(f"  default {metrics['default_rate']} observed, {metrics['mean_estimate']} estimated")
    typer.echo(f"next: lenity score card {out.name}")
