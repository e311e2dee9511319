"""Plumbing of a book: the first pass, which reads and checks every row and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from lenity.base import dates
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.lending.book_mapping import BookMapping
from lenity.domain.lending.book_rows import RowReader
from lenity.domain.lending.book_totals import Totals
from lenity.gateways import book_file
from lenity.law import reader as law
from lenity.records.lending import queries


def check(
    file: Path,
    mapping: BookMapping,
    as_of: date,
    told: Callable[[Problem], bool],
    progress: Callable[[int], None] = lambda rows: None,
) -> Totals:
    """What the good rows come to. Each problem is told as it is found; reading ends when `told` says no.

    Raises `InputRefused` for a file that is no book or was imported already by this mapping.
    """
    digest = book_file.digest(file)
    if before := queries.imported_before(digest, mapping.digest):
        says = f"This file was imported on {before.imported_at:%Y-%m-%d} already; nothing was changed."
        raise InputRefused([Problem("book.duplicate", says)])
    if as_of != dates.month_end(as_of):
        says = f"{as_of} is not the last day of a month."
        raise InputRefused([Problem("book.as_of", says, "Give the last day of the file's newest month.")])
    row_reader = RowReader(mapping, as_of, law.places())
    totals, seen, goes_on = Totals(), dict[str, int](), True
    rows = 0
    column = mapping.columns.get("account_number", "account_number")

    def double(line: int, says: str) -> Problem:
        says = f"The account number {says}."
        return Problem("book.account_number", says, "Each loan comes once.", line, column)

    for line, row in book_file.rows(file, mapping, digest):
        rows += 1
        progress(1)
        if isinstance(row, Problem):
            goes_on = told(row)
        elif (loan := row_reader.read(line, row)) is None:
            answers = [told(one) for one in row_reader.problems]
            goes_on = all(answers)
            row_reader.problems.clear()
        elif first := seen.get(loan.account_number):
            goes_on = told(double(line, f"stands on line {first} as well"))
        else:
            seen[loan.account_number] = line
            totals.add(loan, mapping.minimum)
        if not goes_on:
            return totals
    for number in sorted(queries.known_account_numbers(seen), key=seen.__getitem__):
        told(double(seen[number], "is a loan already"))
    if not rows:
        told(Problem("book.empty", "The file has no rows."))
    return totals
