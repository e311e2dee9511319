"""`lenity bench score`: how fast a model scores, row by row, in columns, and a large file with flat memory.

The rows are invented by a declared seed, in the columns of the Taiwan set. Rates count processor time, so that
they are those of one core; whole files are scored by `lenity score batch` in a process of its own, by the clock.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer
from rich.console import Console

from lenity.domain.scoring import model as models
from lenity.interfaces.cli import json_input, score_file
from lenity.portfolio import score as batch
from lenity.training import fit, spec, synthetic

MILLION = 1_000_000
SINGLES, CLIENTS, PIECE = 2000, 4000, 250_000
ROUNDS = 5


def command(
    rows: Annotated[int, typer.Option(help="Rows of the large file.", min=10_000)] = 10 * MILLION,
    model: Annotated[
        Path | None,
        typer.Option(help="A model file over the columns of the Taiwan set; else one is trained."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the rows and of the fit.")] = 42,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Rows a second with four reasons, microseconds of a single row, and a large Parquet file in one pass."""
    clients = pl.DataFrame(synthetic.clients(CLIENTS, seed))
    text = model.read_text("utf-8") if model else fitted(clients, spec.bundled("taiwan"), seed)
    found: dict[str, Any] = {"seed": seed, **speed(models.read(text), clients)}
    with tempfile.TemporaryDirectory(prefix="lenity-bench-") as home:
        file = Path(home) / "model.json"
        file.write_text(text, "utf-8")
        found["files"] = [_file(file, clients, count, seed) for count in (rows // 10, rows)]
    if as_json:
        json_input.say(found)
        return
    for name, value in found.items():
        Console().print(f"{name}: {value}", markup=False)


def fitted(frame: pl.DataFrame, declared: spec.Spec, seed: int) -> str:
    """A model of all rows, as `lenity score train` fits it."""
    return fit.fit(
        frame,
        frame[:0],
        name=declared.name,
        target=declared.target,
        features=declared.features,
        reasons=declared.reasons,
        protected=declared.protected,
        source="bench",
        seed=seed,
        monotone=declared.monotone,
    ).text


def speed(model: models.Model, frame: pl.DataFrame) -> dict[str, object]:
    """Rows a second in columns with four reasons, and microseconds of a single row, of processor time."""
    tables = batch.Tables(model)
    numbers = frame.select(pl.col(score_file.columns(model)).cast(pl.Float64, strict=False))
    many = pl.concat([numbers] * max(1, MILLION // numbers.height), rechunk=True)
    rates: list[float] = []
    for _ in range(ROUNDS):
        start = time.process_time()
        tables.score(many)
        rates.append(many.height / (time.process_time() - start))
    few = numbers.head(SINGLES).select(pl.all().cast(pl.Int64, strict=False))
    return {
        "rows_per_second": round(statistics.median(rates)),
        "microseconds_per_row": f"{_single(model, few.to_dicts()):.1f}",
        "microseconds_per_row_of_texts": f"{_single(model, frame.head(SINGLES).to_dicts()):.1f}",
        "tables": len(model.terms),
        "reasons": models.MOST_REASONS,
    }


def _single(model: models.Model, rows: Sequence[Mapping[str, object]]) -> float:
    """Microseconds of processor time of one row with its reasons, the median of the rounds."""
    model.score(rows[0])
    found: list[float] = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for row in rows:
            model.score(row)
        found.append((time.process_time() - start) / len(rows) * MILLION)
    return statistics.median(found)


def _file(model: Path, clients: pl.DataFrame, rows: int, seed: int) -> dict[str, object]:
    """A Parquet file of so many rows, scored by the command itself: its pace and the most memory it held."""
    data, out = (model.with_name(f"{name}-{rows}.parquet") for name in ("rows", "scored"))
    score_file.write(_invented(clients, rows, seed), data)
    call = [
        sys.executable,
        "-m",
        "lenity.interfaces.cli.main",
        "score",
        "batch",
        *map(str, (model, data, out)),
    ]
    done = subprocess.run(call, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise SystemExit(done.stderr)
    data.unlink()
    out.unlink()
    told: dict[str, object] = json.loads(done.stdout)
    return told


def _invented(clients: pl.DataFrame, rows: int, seed: int) -> Iterator[pl.DataFrame]:
    """Clients drawn again and again, with amounts that are moved a little."""
    numbers = clients.select(pl.all().cast(pl.Int64))
    for start in range(0, rows, PIECE):
        drawn = numbers.sample(min(PIECE, rows - start), with_replacement=True, seed=seed + start)
        yield drawn.with_columns(pl.col("LIMIT_BAL") + (pl.col("ID") * 7919 + start) % 997)
