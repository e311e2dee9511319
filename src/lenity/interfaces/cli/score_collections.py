"""`lenity score collections`: models of cures, roll rates, and a town in which the truth is known."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer
from rich.console import Console
from rich.table import Table

from lenity.base.outcomes import InputRefused, Problem
from lenity.interfaces.cli import json_input, score_file, score_watch, table_file
from lenity.operations.record_score_report import record_score_report
from lenity.records.debt_collection import own_book_queries
from lenity.training import cures, late_rows, late_town, spec

app = typer.Typer(help="Late loans: who cures, and how loans roll.", no_args_is_help=True)
Form = Annotated[str, typer.Option(help="months (one row a client and month), taiwan, or loans.")]
Files = Annotated[
    list[Path],
    typer.Argument(
        metavar="[DATA] OUT",
        help="CSV or Parquet (docs/scoring.md says with which columns; none with --book), and the file to write.",
    ),
]
Book = Annotated[bool, typer.Option("--book", help="Read our own book's months instead of a file.")]
BOTH = Problem("rows.source", "Give a file with rows, or --book, and not both.", "See --help.")
OWN = {"en": "our own book", "zh": "本行账簿"}
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def rows(
    files: Files,
    form: Form = "months",
    book: Book = False,
) -> None:
    """Write late loans as rows of a hazard: one for each month or week in arrears (`stays_late` is the outcome)."""
    data, out = _data_and_out(files, book)
    found, _ = _rows(data, form)
    if out.suffix == ".parquet":
        found.write_parquet(out)
    else:
        found.write_csv(out)
    json_input.say({"rows": found.height, "columns": found.columns})


@app.command()
def train(
    files: Files,
    form: Form = "months",
    book: Book = False,
    seed: Annotated[int, typer.Option(help="Seed of the split and the fit.", min=0, max=2**31 - 1)] = 42,
    as_json: Json = False,
) -> None:
    """Learn how likely a late loan is still late one step on; measured on clients it has not seen.

    With a column `left_alone` it learns from the rows with 1 only: people whom nobody contacted, chosen by lot.
    """
    data, out = _data_and_out(files, book)
    found, name = _rows(data, form)
    learned = cures.learn(found, spec.bundled(name), source=data.name if data else OWN["en"], seed=seed)
    out.write_text(learned.text, "utf-8")
    for warning in learned.warnings:
        typer.echo(f"warning: {warning}", err=True)
    if as_json:
        json_input.say(learned.report)
    else:
        _judged(learned.report)


@app.command()
def report(
    data: Annotated[Path | None, typer.Argument(help="CSV or Parquet; none with --book.")] = None,
    form: Form = "months",
    book: Book = False,
    model: Annotated[Path | None, typer.Option(help="A model of cures, to be judged on these rows.")] = None,
    record: Annotated[
        bool, typer.Option("--record", help="Keep it for the page /risk/collections/.")
    ] = False,
    note: Annotated[str, typer.Option(help="What a reader should know of the data.")] = "",
    note_zh: Annotated[str, typer.Option(help="The same in Chinese.")] = "",
    as_json: Json = False,
) -> None:
    """Roll rates and the hazard of a cure, with intervals; with a model, how well its estimates hold."""
    if book is (data is not None):
        raise InputRefused([BOTH])
    frame, _ = _rows(data, form)
    found: dict[str, Any] = {
        "source": data.name if data else OWN,
        "note": score_watch.both(note, note_zh),
        **cures.counted(frame, form),
    }
    text = ""
    if model:
        read = score_file.model(model)
        text = model.read_text("utf-8")
        found["judged"] = cures.judged(read, frame)
    if record:
        found["report"] = record_score_report(
            kind="cures", content=found, model_text=text, actor="command line"
        )
    if as_json:
        json_input.say(found)
    else:
        _counted(found)
        if "judged" in found:
            _judged(found["judged"])


@app.command()
def town(
    people: Annotated[int, typer.Option(help="Late borrowers.", min=4000, max=1_000_000)] = 40_000,
    seed: Annotated[int, typer.Option()] = 3,
    as_json: Json = False,
) -> None:
    """A town with a known truth: what lots find and choice does not, and what leaving alone saves and costs."""
    found = late_town.report(people, seed)
    if as_json:
        json_input.say(found)
        return
    console = Console()
    table = Table("learned from", "cures, estimated", "true", "worst tenth off by")
    for name, one in found["models"].items():
        words = "people left alone by lot" if name == "by_lot" else "everyone not contacted"
        table.add_row(
            words, _share(one["mean_ppm"]), _share(found["truth_ppm"]), _share(one["worst_tenth_ppm"])
        )
    console.print(table)
    table = Table("left alone from", "fewer contacts", "cash lost", "cash lost, as many by lot")
    for one in found["strategy"]["choices"]:
        names = ("leave_alone_from_ppm", "fewer_contacts_ppm", "cash_lost_ppm", "cash_lost_by_lot_ppm")
        table.add_row(*(_share(one[name]) for name in names))
    console.print(table)


def _data_and_out(files: list[Path], book: bool) -> tuple[Path | None, Path]:
    """The file to read, unless it is our own book, and the file to write."""
    if len(files) != (1 if book else 2):
        raise InputRefused([BOTH])
    data, out = None if book else files[0], files[-1]
    table_file.writable(out, *([data] if data else []))
    return data, out


def _rows(data: Path | None, form: str) -> tuple[Any, str]:
    if data is None and form != "months":
        raise InputRefused([Problem("rows.form", "Our own book has months.", "Leave out --form.")])
    if form not in late_rows.FORMS:
        raise InputRefused([Problem("rows.form", f"Forms are: {', '.join(late_rows.FORMS)}.")])
    make, name = late_rows.FORMS[form]
    if data is None:
        names = own_book_queries.BookMonth._fields
        found = make(pl.DataFrame(list(own_book_queries.book()), schema=names, orient="row"))
    else:
        with table_file.lines_of(data):
            found = make(table_file.read(data))
    if not found.height:
        raise InputRefused([Problem("rows.late", "No late loan with a known next step was found.")])
    return found, name


def _counted(found: dict[str, Any]) -> None:
    console = Console()
    console.print(
        f"{found['rows']:,} rows of {found['clients']:,} clients; the beginning of "
        f"{found['beginning_not_seen']:,} was not seen, they are left out of the hazard."
    )
    table = Table(
        found["step"], "loans", "cures", "cured in it", "still late after it", title="Hazard of a cure"
    )
    for one in found["hazard"]:
        cells = (
            f"{one['loans']:,}",
            f"{one['cures']:,}",
            _interval(one["cure"]),
            _share(one["still_late_ppm"]),
        )
        table.add_row(str(one["step"]), *cells)
    console.print(table)
    if "roll_rates" in found:
        states = [str(one) for one in range(len(found["roll_rates"][0]["to"]))]
        table = Table("months late", "loans", *states, title="Roll rates: where they stood a month on")
        for one in found["roll_rates"]:
            shares = [_share(to[0]) if to else "-" for to in one["to"]]
            table.add_row(str(one["from"]), f"{one['loans']:,}", *shares)
        console.print(table)


def _judged(found: dict[str, Any]) -> None:
    console = Console()
    console.print(f"contacts: {found['contacts']}", markup=False)
    auc, ks = _share(found["auc_ppm"]), _share(found["ks_ppm"])
    console.print(f"AUC {auc}  KS {ks}  on {found['rows']:,} rows; cures {_interval(found['cures'])}")
    table = Table("rows", "cures expected", "cures seen", title="By tenth of the estimate")
    for one in found["calibration"]:
        seen = _interval((one["happened_ppm"], one["low_ppm"], one["high_ppm"]))
        table.add_row(f"{one['rows']:,}", _share(one["expected_ppm"]), seen)
    console.print(table)


def _interval(found: Any) -> str:
    return f"{_share(found[0])} \\[{_share(found[1])}, {_share(found[2])}]" if found else "too few"


def _share(ppm: int | None) -> str:
    return "-" if ppm is None else f"{ppm / 1_000_000:.3f}"
