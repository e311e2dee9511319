"""A table of rows as a CSV (texts) or Parquet file: opened with care, and refused in words that help.

What a reader would guess or pass over in silence is refused instead: a column that comes twice, a row that ends
early, another encoding, another separator.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import polars as pl

from lenity.base.outcomes import InputRefused, Problem
from lenity.portfolio import score_columns

MOST_COLUMNS = 10_000
LONGEST_HEAD = 1_000_000
"""Bytes of the first line."""
SHOWN = 5
MARKS = {
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"PK\x03\x04": "a spreadsheet or a ZIP file",
    b"\x1f\x8b": "gzip",
}


def read(path: Path) -> pl.DataFrame:
    """The whole file."""
    lazy = scan(path)
    try:
        frame = lazy.collect()
    except (pl.exceptions.PolarsError, OSError, UnicodeDecodeError) as error:
        raise unreadable(path, error) from error
    return frame


def scan(path: Path, needed: Iterable[str] = ()) -> pl.LazyFrame:
    """The file, still to be read; refuses one that cannot be, or that lacks a column."""
    if not path.is_file():
        raise InputRefused([Problem("score.file", f"There is no file {path.name}.", "Check the path.")])
    if not path.stat().st_size:
        raise InputRefused([Problem("score.file", f"{path.name} is empty.", "Check the file.")])
    try:
        if is_parquet(path):
            lazy = pl.scan_parquet(path, glob=False)
            names = lazy.collect_schema().names()
        else:
            names = _head(path)
            lazy = pl.scan_csv(path, infer_schema=False, empty_string_is_null=False, glob=False)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise unreadable(path, error) from error
    _fit(path, names, needed)
    if not is_parquet(path):
        _even(path, len(names))
    return lazy


def is_parquet(path: Path) -> bool:
    """By its name."""
    return path.suffix.lower() == ".parquet"


def of_file(problem: Problem, before: int, path: Path) -> Problem:
    """A problem with its line in the file: rows went before, and in a CSV the names of the columns."""
    head = 0 if is_parquet(path) else 1
    return problem if problem.line is None else replace(problem, line=problem.line + before + head)


@contextmanager
def lines_of(path: Path) -> Iterator[None]:
    """What is refused inside is told with its line in the file."""
    try:
        yield
    except InputRefused as refused:
        raise InputRefused([of_file(problem, 0, path) for problem in refused.problems]) from None


def writable(out: Path, *read: Path) -> None:
    """Refuses a place that cannot be written to, before the work and not after it."""
    if out.is_dir() or not out.parent.is_dir() or out.resolve() in {one.resolve() for one in read}:
        says = f"{out.name} cannot be written: a folder, a file that is read, or in no folder that is there."
        raise InputRefused([Problem("score.out", says, "Name another file.")])


def unreadable(path: Path, error: Exception) -> InputRefused:
    """What the reader of files found, in one line."""
    told = str(error).strip().split("\n")[0][:200].rstrip(".")
    if "utf-8" in told.lower():
        return _encoding(path)
    says = f"{path.name} cannot be read: {told}."
    kind = "a Parquet file that is whole" if is_parquet(path) else "a CSV file with commas, one row a line"
    return InputRefused([Problem("score.file", says, f"Give {kind}.")])


def _encoding(path: Path) -> InputRefused:
    return InputRefused(
        [Problem("score.encoding", f"{path.name} is not UTF-8 text.", "Save it as CSV in UTF-8.")]
    )


def _head(path: Path) -> list[str]:
    """The names in the first line of a CSV file."""
    with path.open("rb") as file:
        line = file.readline(LONGEST_HEAD + 1)
    for mark, kind in MARKS.items():
        if line.startswith(mark):
            says = f"{path.name} is {kind}, not a CSV file."
            raise InputRefused([Problem("score.encoding", says, "Save it as CSV in UTF-8.")])
    if len(line) > LONGEST_HEAD:
        says = f"The first line of {path.name} has more than {LONGEST_HEAD:,} bytes."
        raise InputRefused([Problem("score.columns", says, "It should name the columns.")])
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _encoding(path) from None
    return next(csv.reader([text]), [])


def _even(path: Path, columns: int) -> None:
    """Refuses a row that ends early: what it lacks would count as missing. Commas are counted, which is quick;
    where a line has too few, the rows are read one by one, since a text in quotes may go over lines."""
    try:
        lines = pl.scan_csv(
            path, has_header=False, infer_schema=False, separator="\x01", quote_char=None, glob=False
        )
        text = pl.col(lines.collect_schema().names()[0])
        few = (text.fill_null("").str.count_matches(",", literal=True) < columns - 1).sum()
        if not lines.select(few).collect(engine="streaming").item():
            return
    except pl.exceptions.PolarsError as error:
        raise unreadable(path, error) from error
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        for row in reader:
            if len(row) < columns:
                says = f"The row has {len(row):,} of {columns:,} columns."
                remedy = "Was the file cut off? Give every row all columns."
                raise InputRefused([Problem("score.row", says, remedy, reader.line_num)])


def _fit(path: Path, names: list[str], needed: Iterable[str]) -> None:
    if len(names) > MOST_COLUMNS:
        says = f"{path.name} has {len(names):,} columns; at most {MOST_COLUMNS:,} are read."
        raise InputRefused([Problem("score.columns", says, "Leave out what no model reads.")])
    there = set(names)
    if len(there) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise InputRefused([Problem("score.columns", f"The column {twice[:40]} comes twice.", "Keep one.")])
    missing = sorted(set(needed) - there)[:SHOWN]
    if missing:
        problems = [
            Problem("score.column", f"The column {name} is missing.", "", None, name) for name in missing
        ]
        raise InputRefused([*problems[:-1], replace(problems[-1], remedy=score_columns.shown(names))])
