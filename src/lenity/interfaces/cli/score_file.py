"""Scoring a file in one pass with flat memory."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.scoring import model as models
from lenity.domain.scoring import nodes
from lenity.interfaces.cli import table_file
from lenity.portfolio import score as batch

LARGEST_MODEL = 20_000_000
RESULTS = {
    "score",
    "default_ppm",
    *(f"{name}_{place + 1}" for name in ("reason", "points_lost") for place in range(models.MOST_REASONS)),
}
"""The columns of a result."""
HIGH_WATER = re.compile(r"VmHWM:\s+(\d+) kB")


@dataclass(frozen=True)
class Done:
    """How many rows, in how many seconds."""

    rows: int
    seconds: float

    def to_plain(self) -> dict[str, object]:
        """As the command tells it."""
        told = {"rows": self.rows, "seconds": f"{self.seconds:.2f}"}
        return {**told, "rows_per_second": round(self.rows / self.seconds), "most_memory_mib": _most_memory()}


def _most_memory() -> int | None:
    """The most memory that this process has held, in MiB, where the system tells it of a process alone.

    The usual counter (`getrusage`) also counts what the parent held before it started this process.
    """
    status = Path("/proc/self/status")
    found = HIGH_WATER.search(status.read_text("ascii", errors="replace")) if status.is_file() else None
    return int(found[1]) // 1024 if found else None


def model(path: Path, fingerprint: str = "") -> models.Model:
    """A model file, with this fingerprint where one is told: the file is then the one that was approved."""
    if not path.is_file():
        raise InputRefused([Problem("score.model", f"There is no file {path.name}.", "Check the path.")])
    if path.stat().st_size > LARGEST_MODEL:
        says = f"{path.name} has more than {LARGEST_MODEL:,} bytes."
        raise InputRefused([Problem("score.model", says, "Is it a model file?")])
    read = models.read(path.read_text("utf-8", errors="replace"))
    if fingerprint and read.fingerprint != fingerprint.strip().lower():
        says = f"{path.name} is another model: its fingerprint is {read.fingerprint}."
        raise InputRefused([Problem("score.fingerprint", says, "Give the file that was approved.")])
    return read


def run(model: models.Model, data: Path, out: Path, *, key: str, rows: int) -> Done:
    """Score a CSV or Parquet file, `rows` at a time, into a Parquet file, or CSV where `out` says so."""
    kept = _kept(model, data, out, key)
    tables = batch.Tables(model)
    start, count = time.perf_counter(), 0

    def parts() -> Iterator[pl.DataFrame]:
        nonlocal count
        for part in _read(kept, data, rows):
            try:
                yield _scored(tables, part, key)
            except InputRefused as refused:
                raise InputRefused(
                    [table_file.of_file(problem, count, data) for problem in refused.problems]
                ) from None
            count += part.height

    try:
        write(parts(), out)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise table_file.unreadable(data, error) from error
    return Done(count, time.perf_counter() - start)


def _kept(model: models.Model, data: Path, out: Path, key: str) -> pl.LazyFrame:
    """The columns that the model reads, and the key; refuses what cannot be read or written."""
    if key in RESULTS:
        raise InputRefused([Problem("score.key", f"{key} is a column of the result.", "Rename the key.")])
    wanted = sorted({*columns(model), *([key] if key else [])})
    lazy = table_file.scan(data, wanted).select(wanted)
    table_file.writable(out, data)
    return lazy


def _read(kept: pl.LazyFrame, data: Path, rows: int) -> Iterator[pl.DataFrame]:
    """`rows` at a time."""
    if not table_file.is_parquet(data):
        yield from kept.collect_batches(chunk_size=rows, maintain_order=True)
        return
    # Slices of a Parquet file are found at once, and hold less memory than batches that are read ahead.
    start = 0
    while (part := kept.slice(start, rows).collect()).height:
        yield part
        start += part.height


def row(model: models.Model, data: Path, number: int) -> Mapping[str, object]:
    """One row of a file, as the row scorer takes it: decimals as texts."""
    names = columns(model)
    kept = table_file.scan(data, names).select(names)
    try:
        part = kept.slice(number - 1, 1).collect()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise table_file.unreadable(data, error) from error
    if not part.height:
        says = f"{data.name} has no row {number:,}."
        raise InputRefused([Problem("score.row", says, "Rows are counted from 1, without the names.")])
    return {
        name: value if isinstance(value, int) else _as_text(value)
        for name, value in part.row(0, named=True).items()
    }


def _as_text(value: object) -> str:
    """A decimal without an exponent; nothing, and what is not a number, as an empty text."""
    return (
        "" if value is None or value != value else f"{value:.9f}" if isinstance(value, float) else str(value)
    )


def columns(model: models.Model) -> list[str]:
    """The raw columns that a model reads."""
    every = nodes.walk(list(model.nodes.values()))
    return sorted({node.name for node in every if isinstance(node, (nodes.Column, nodes.Category))})


def _scored(tables: batch.Tables, part: pl.DataFrame, key: str) -> pl.DataFrame:
    found = tables.score(part)
    labels, none = pl.Series([*tables.codes, None], dtype=pl.Enum(tables.codes)), len(tables.codes)
    columns: dict[str, object] = {key: part.get_column(key)} if key else {}
    columns |= {"score": found.score, "default_ppm": found.default_ppm}
    for place in range(found.reasons.shape[1]):
        code = found.reasons[:, place].astype("int64")
        columns[f"reason_{place + 1}"] = labels.gather(pl.Series(code).set(pl.Series(code < 0), none))
        columns[f"points_lost_{place + 1}"] = found.points_lost[:, place]
    return pl.DataFrame(columns)


def write(parts: Iterator[pl.DataFrame], out: Path) -> None:
    """One file from parts, each let go before the next; a file that fails leaves nothing behind."""
    folder = out.with_suffix(".parts")
    folder.mkdir(parents=True, exist_ok=True)
    number = -1
    try:
        for number, part in enumerate(parts):
            part.write_parquet(folder / f"{number:06d}.parquet")
        if number < 0:
            raise InputRefused([Problem("score.file", "The file has no rows.", "Check the file.")])
        whole = pl.scan_parquet(folder / "*.parquet")
        if out.suffix.lower() == ".csv":
            whole.sink_csv(out)
        else:
            whole.sink_parquet(out)
    finally:
        for file in folder.glob("*.parquet"):
            file.unlink()
        folder.rmdir()
