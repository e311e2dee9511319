"""`lenity score bench`: Lenity's score beside other models on public data sets, and how fast it is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.scoring import model as score_models
from lenity.interfaces.cli import bench_score, json_input
from lenity.training import challengers, compare, spec

TITLES = {"AUC": "auc", "KS": "ks", "Brier": "brier"}


def command(
    data: Annotated[Path, typer.Option(help="The folder with the public data sets.")],
    only: Annotated[list[str] | None, typer.Option("--set", help=", ".join(compare.FILES))] = None,
    models: Annotated[list[str] | None, typer.Option("--model", help=", ".join(challengers.MODELS))] = None,
    folds: Annotated[int, typer.Option(min=2, max=10)] = 5,
    seed: Annotated[int, typer.Option()] = 42,
    quick: Annotated[bool, typer.Option(help="Quicker fits; minutes.")] = False,
    kept: Annotated[
        Path | None, typer.Option("--cache", help="A folder to keep every fit in: the next run carries on.")
    ] = None,
    bare: Annotated[
        bool,
        typer.Option("--bare", help="Raw columns only: what the domain features give is the difference."),
    ] = False,
    speed: Annotated[bool, typer.Option(help="Measure the speed of scoring, too.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Lenity beside LightGBM, EBM, optbinning and logistic on the same folds and inputs; then speed."""
    sets, chosen = only or list(compare.FILES), models or list(challengers.MODELS)
    _known(sets, list(compare.FILES), "set", "Sets")
    _known(chosen, list(challengers.MODELS), "model", "Models")
    found = []
    with _bar() as bar:
        task = bar.add_task("Reading", total=len(sets) * len(chosen) * folds, completed=-1)

        def say(step: str) -> None:
            bar.update(task, advance=1, description=step)

        for name in sets:
            frame, declared = compare.load(data, name)
            declared = spec.bare(declared) if bare else declared
            done = compare.compare(
                frame,
                declared,
                name=name,
                folds=folds,
                seed=seed,
                say=say,
                quick=quick,
                kept=kept,
                only=chosen,
            )
            bar.update(task, description=f"{name}: intervals")
            found.append(done.to_plain())
        told: dict[str, Any] = {"sets": found, "folds": folds, "seed": seed, "raw_columns_only": bare}
        if speed:
            bar.update(task, description="speed")
            frame, declared = compare.load(data, sets[0])
            fitted = score_models.read(bench_score.fitted(frame, declared, seed))
            told["speed"] = bench_score.speed(fitted, frame)
    if as_json:
        json_input.say(told)
    else:
        _tell(told)


def _known(asked: list[str], there: list[str], kind: str, title: str) -> None:
    if unknown := sorted(set(asked) - set(there)):
        says = f"There is no {kind} {unknown[0]}. {title} are: {', '.join(there)}."
        raise InputRefused([Problem(f"bench.{kind}", says)])


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )


def _tell(told: dict[str, Any]) -> None:
    console = Console()
    for one in told["sets"]:
        table = Table("model", *TITLES, title=f"{one['name']}, {one['rows']:,} rows, seed {told['seed']}")
        for row in one["models"]:
            table.add_row(row["model"], *(row[measure] for measure in TITLES.values()))
        console.print(table)
        if one["lenity_less"]:
            table = Table("Lenity less", *TITLES, title="with 95 % intervals, paired")
            for name, less in one["lenity_less"].items():
                table.add_row(name, *(_with_interval(less, measure) for measure in TITLES.values()))
            console.print(table)
        for name in one["not_installed"]:
            console.print(f"{name} is not installed and was left out (make challengers).", markup=False)
    if "speed" in told:
        console.print(told["speed"])


def _with_interval(less: dict[str, str], measure: str) -> str:
    return f"{less[measure]} \\[{less[f'{measure}_low']}, {less[f'{measure}_high']}]"
