"""Tables as CSV that a spreadsheet does not run: a cell that looks like a formula is kept as text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

REFUSED = ("line", "column", "code", "says", "remedy")
"""The columns of a file of refused lines."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def cell(value: object) -> str:
    """One cell; text that a spreadsheet would run gets an apostrophe. Numbers stay numbers.

    >>> cell("=cmd|' /C calc'!A0"), cell(-5)
    ("'=cmd|' /C calc'!A0", '-5')
    """
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else text


def text(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A CSV with the mark that lets a spreadsheet read Chinese."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([cell(value) for value in row] for row in rows)
    return "\ufeff" + out.getvalue()


def answer(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A CSV to download."""
    response = HttpResponse(text(head, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
