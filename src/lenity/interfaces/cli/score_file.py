"""Scoring a file in one pass, and how fast that is."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.scoring import model as models
from lenity.domain.scoring import nodes
from lenity.portfolio import score as batch
from lenity.training import fit, spec

MILLION = 1_000_000
SINGLES = 2000


@dataclass(frozen=True)
class Done:
    """How many rows, in how many seconds."""

    rows: int
    seconds: float


def frame(path: Path) -> pl.DataFrame:
    """A CSV file as texts, or a Parquet file."""
    if not path.is_file():
        raise InputRefused([Problem("score.file", f"There is no file {path.name}.", "Check the path.")])
    try:
        if path.suffix == ".parquet":
            return pl.read_parquet(path)
        return pl.read_csv(path, infer_schema=False, encoding="utf8")
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputRefused([Problem("score.file", f"{path.name} cannot be read: {error}.")]) from error


def model(path: Path) -> models.Model:
    if not path.is_file():
        raise InputRefused([Problem("score.model", f"There is no file {path.name}.", "Check the path.")])
    return models.read(path.read_text("utf-8", errors="replace"))


def run(model: models.Model, data: Path, out: Path, *, key: str, rows: int) -> Done:
    """Score a CSV or Parquet file, `rows` at a time, into a Parquet file."""
    if not data.is_file():
        raise InputRefused([Problem("score.file", f"There is no file {data.name}.", "Check the path.")])
    tables = batch.Tables(model)
    start, count = time.perf_counter(), 0

    def parts() -> Iterator[pl.DataFrame]:
        nonlocal count
        for part in _read(model, data, key, rows):
            try:
                yield _scored(tables, part, key)
            except InputRefused as refused:
                raise InputRefused([_of_file(problem, count) for problem in refused.problems]) from None
            count += part.height

    try:
        _write(parts(), out)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputRefused([Problem("score.file", f"{data.name} cannot be scored: {error}.")]) from error
    return Done(count, time.perf_counter() - start)


def _read(model: models.Model, data: Path, key: str, rows: int) -> Iterator[pl.DataFrame]:
    """The columns that the model reads, and the key, `rows` at a time."""
    source = pl.scan_parquet(data) if data.suffix == ".parquet" else pl.scan_csv(data, infer_schema=False)
    there = source.collect_schema().names()
    if key and key not in there:
        raise InputRefused([Problem("score.column", f"The column {key} is missing.")])
    every = nodes.walk(list(model.nodes.values()))
    wanted = {node.name for node in every if isinstance(node, (nodes.Column, nodes.Category))} | {key}
    kept = source.select([name for name in there if name in wanted])
    if data.suffix != ".parquet":
        yield from kept.collect_batches(chunk_size=rows, maintain_order=True)
        return
    # Slices of a Parquet file are found at once, and hold less memory than batches that are read ahead.
    start = 0
    while (part := kept.slice(start, rows).collect()).height:
        yield part
        start += part.height


def _of_file(problem: Problem, before: int) -> Problem:
    """A problem with its line in the file, not in the part."""
    return problem if problem.line is None else replace(problem, line=problem.line + before)


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


def _write(parts: Iterator[pl.DataFrame], out: Path) -> None:
    """One Parquet file from parts, each let go before the next; a file that fails leaves nothing behind."""
    folder = out.with_suffix(".parts")
    folder.mkdir(parents=True, exist_ok=True)
    number = -1
    try:
        for number, part in enumerate(parts):
            part.write_parquet(folder / f"{number:06d}.parquet")
        if number < 0:
            raise InputRefused([Problem("score.file", "The file has no rows.", "Check the file.")])
        pl.scan_parquet(folder / "*.parquet").sink_parquet(out)
    finally:
        for file in folder.glob("*.parquet"):
            file.unlink()
        folder.rmdir()


def speed(frame: pl.DataFrame, declared: spec.Spec, *, seed: int) -> dict[str, object]:
    """Rows a second as a whole file with four reasons, and microseconds of a single row, of processor time."""
    fitted = fit.fit(
        frame,
        frame[:0],
        name=declared.name,
        target=declared.target,
        features=declared.features,
        reasons=declared.reasons,
        protected=declared.protected,
        source="bench",
        seed=seed,
        pairs=10,
    )
    model = models.read(fitted.text)
    tables = batch.Tables(model)
    names = sorted(
        {column for feature in model.features for column in (*feature["columns"], *feature.get("over", ()))}
    )
    numbers = frame.select(pl.col(names).cast(pl.Float64, strict=False))
    many = pl.concat([numbers] * max(1, MILLION // numbers.height))
    wholes: list[float] = []
    for _ in range(3):
        start = time.process_time()
        tables.score(many)
        wholes.append(many.height / (time.process_time() - start))
    few = numbers.head(SINGLES).select(pl.all().cast(pl.Int64, strict=False))
    return {
        "rows_per_second": round(statistics.median(wholes)),
        "microseconds_per_row": f"{_single(model, few.to_dicts()):.1f}",
        "microseconds_per_row_of_texts": f"{_single(model, frame.head(SINGLES).to_dicts()):.1f}",
        "tables": len(model.terms),
        "reasons": models.MOST_REASONS,
    }


def _single(model: models.Model, rows: Sequence[Mapping[str, object]]) -> float:
    """Microseconds of processor time of one row with its reasons, the median of five rounds."""
    model.score(rows[0])
    found: list[float] = []
    for _ in range(5):
        start = time.process_time()
        for row in rows:
            model.score(row)
        found.append((time.process_time() - start) / len(rows) * MILLION)
    return statistics.median(found)
