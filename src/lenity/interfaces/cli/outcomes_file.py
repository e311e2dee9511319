"""CSV files about applications: how each went, or which group each belongs to (for testing only)."""

from __future__ import annotations

import csv
from pathlib import Path

from lenity.base.outcomes import InputRefused, Problem

MOST_BYTES = 200_000_000
SHOWN = 20


def outcomes(path: Path, *, key: str, column: str) -> dict[str, bool]:
    """`defaulted` by reference: 1 or 0; every line that is wrong is named."""
    problems: list[Problem] = []
    found: dict[str, bool] = {}
    for line, reference, value in _cells(path, key, column):
        if value not in ("0", "1"):
            problems.append(
                Problem("outcomes.value", f"{value[:20]!r} is neither 0 nor 1.", "", line, column)
            )
        elif reference in found:
            problems.append(Problem("outcomes.twice", f"{reference[:60]!r} came before.", "", line, key))
        found[reference] = value == "1"
        if len(problems) >= SHOWN:
            break
    if problems:
        raise InputRefused(problems)
    return found


def groups(path: Path, *, key: str, column: str) -> dict[str, str]:
    """The group of each reference; an empty cell is a group of its own, `unknown`."""
    return {reference: value or "unknown" for _, reference, value in _cells(path, key, column)}


def _cells(path: Path, key: str, column: str) -> list[tuple[int, str, str]]:
    if not path.is_file():
        raise InputRefused([Problem("file", f"There is no file {path.name}.", "Check the path.")])
    if path.stat().st_size > MOST_BYTES:
        raise InputRefused([Problem("file.size", f"{path.name} has more than {MOST_BYTES:,} bytes.")])
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, strict=True)
            missing = [one for one in (key, column) if one not in (rows.fieldnames or ())]
            if missing:
                raise InputRefused(
                    [Problem("file.column", f"The column {one} is missing.", "", 1, one) for one in missing]
                )
            return [
                (rows.line_num, (row[key] or "").strip(), (row[column] or "").strip())
                for row in rows
                if row[key]
            ]
    except UnicodeDecodeError as error:
        raise InputRefused([Problem("file.encoding", f"{path.name} is not UTF-8.")]) from error
    except csv.Error as error:
        raise InputRefused([Problem("file", f"{path.name} is not a CSV file: {error}.")]) from error
