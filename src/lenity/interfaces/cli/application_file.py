"""A file of applications decided a part at a time: flat memory, every refused row kept with its reason."""

from __future__ import annotations

import csv
import itertools
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import clock
from lenity.operations.decide_applications import Decided, decide_applications

PART = 5_000
"""Rows of one transaction: what is decided stays decided when a later part fails."""
LONGEST_LINE = 200_000
ADDED = ("refused_line", "refused_code", "refused_because")


def decide(
    file: Path, *, key: str, place: str, currency: str, source: str, vouched: Sequence[str]
) -> dict[str, Any]:
    """Decide every row. Rows that are refused are written beside the file, with line, code and reason."""
    if not file.is_file():
        raise InputRefused([Problem("file", f"There is no file {file.name}.", "Check the path.")])
    out = file.with_suffix(".refused.csv")
    outcomes: Counter[str] = Counter()
    rows, refused, began = 0, 0, clock.stopwatch()
    with ExitStack() as stack:
        bar = stack.enter_context(_bar())
        task = bar.add_task(file.name, total=_lines(file))
        names, parts = _parts(file, key, stack)
        kept: TextIO | None = None
        for part in parts:
            done = _part(part, key, place, currency, source, vouched)
            outcomes.update(done.outcomes)
            if done.refused and kept is None:
                kept = stack.enter_context(out.open("w", encoding="utf-8", newline=""))
                csv.writer(kept).writerow([*names, *ADDED])
            for one in done.refused:
                assert kept is not None
                line, row = part[one.at]
                told = [row.get(name) or "" for name in names]
                csv.writer(kept).writerow([*told, line, one.problem.code, one.problem.says])
            if kept is not None:
                kept.flush()
            rows, refused = rows + len(part), refused + len(done.refused)
            bar.update(task, completed=rows)
    if not rows:
        raise InputRefused([Problem("file", f"{file.name} has no rows.", "Give one application a row.")])
    seconds = clock.stopwatch() - began
    return {
        "rows": rows,
        "outcomes": dict(sorted(outcomes.items())),
        "refused": refused,
        "refused_rows": out.name if refused else "",
        "seconds": f"{seconds:.1f}",
        "rows_per_second": round(rows / max(seconds, 0.001)),
    }


def _part(
    part: Sequence[tuple[int, dict[str, str]]],
    key: str,
    place: str,
    currency: str,
    source: str,
    vouched: Sequence[str],
) -> Decided:
    return decide_applications(
        rows=[row for _, row in part],
        reference_column=key,
        place=place,
        currency=currency,
        source=source[:40],
        vouched=vouched,
        actor="command line",
    )


def _parts(
    file: Path, key: str, stack: ExitStack
) -> tuple[list[str], Iterator[list[tuple[int, dict[str, str]]]]]:
    """The columns, and the rows with their lines a part at a time; nothing more is held."""
    csv.field_size_limit(LONGEST_LINE)
    handle = stack.enter_context(file.open(encoding="utf-8-sig", newline=""))
    reader = csv.DictReader(handle, strict=True)
    try:
        names = list(reader.fieldnames or ())
    except (UnicodeDecodeError, csv.Error) as error:
        raise _unreadable(file, 1, error) from error
    if key not in names:
        says = f"The column {key} is missing."
        raise InputRefused([Problem("file.column", says, "Name it with --key.", 1, key)])
    if len(set(names)) != len(names):
        raise InputRefused([Problem("file.column", "A column is there twice.", "Name each once.", 1)])
    return names, _chunks(_rows(file, reader))


def _rows(file: Path, reader: csv.DictReader[str]) -> Iterator[tuple[int, dict[str, str]]]:
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except (UnicodeDecodeError, csv.Error) as error:
            raise _unreadable(file, reader.line_num + 1, error) from error
        yield reader.line_num, {name: value or "" for name, value in row.items() if isinstance(name, str)}


def _chunks(rows: Iterator[tuple[int, dict[str, str]]]) -> Iterator[list[tuple[int, dict[str, str]]]]:
    while part := list(itertools.islice(rows, PART)):
        yield part


def _unreadable(file: Path, line: int, error: Exception) -> InputRefused:
    if isinstance(error, UnicodeDecodeError):
        says = f"{file.name} is not UTF-8 from about here; what came before is decided."
    else:
        says = f"{file.name} is not a CSV file from here ({error}); what came before is decided."
    return InputRefused(
        [Problem("file.encoding", says, "Mend it; what is decided is not decided again.", line)]
    )


def _lines(file: Path) -> int:
    with file.open("rb") as handle:
        parts = iter(lambda: handle.read(1 << 20), b"")
        return max(sum(part.count(b"\n") for part in parts) - 1, 1)


def _bar() -> Progress:
    console = Console(stderr=True)
    return Progress(
        "{task.description}",
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=not sys.stderr.isatty(),
    )
