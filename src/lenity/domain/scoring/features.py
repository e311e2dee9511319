"""Domain features: how a raw row becomes the whole numbers that a model looks up. Part of the model file.

Amounts are whole units of currency, ratios are parts per million, rounded down. A feature that cannot be
computed is missing (None), and a model has points for that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from lenity.base.outcomes import InputRefused, Problem
from lenity.base.rates import PPM

Row = Mapping[str, object]
LARGEST = 10**15


def number(row: Row, column: str, by: int = 1) -> int | None:
    """A raw value times `by` as a whole number, the rest cut off; empty is missing, the unfit is refused."""
    if column not in row:
        raise InputRefused([Problem("score.column", f"The column {column} is missing.", "", None, column)])
    raw = row[column]
    if raw is None or raw == "":
        return None
    if isinstance(raw, bool) or not isinstance(raw, (int, str)):
        raise InputRefused([_unfit(column, raw)])
    text = plain(str(raw).strip())
    whole, _, rest = text.partition(".")
    digits = whole.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or rest.strip("0123456789"):
        raise InputRefused([_unfit(column, raw)])
    value = int(whole)
    if abs(value) > LARGEST:
        raise InputRefused([Problem("score.range", f"{text[:40]} is out of range.", "", None, column)])
    if by == 1:
        return value
    value = abs(value) * by + int(rest[:9].ljust(9, "0")) * by // 10**9
    return -value if text.startswith("-") else value


SCIENTIFIC = re.compile(r"-?[0-9]{1,15}(\.[0-9]{0,20})?[eE][+-]?[0-9]{1,2}")


def plain(text: str) -> str:
    """A number in scientific notation, as spreadsheets write small ones, as digits; other text as it is."""
    return format(Decimal(text), "f") if SCIENTIFIC.fullmatch(text) else text


class Reader:
    """Reads the columns of one row, each once."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.known: dict[tuple[str, int], int | None] = {}

    def __call__(self, column: str, by: int = 1) -> int | None:
        """A column's value times `by` as a whole number."""
        key = (column, by)
        if key not in self.known:
            self.known[key] = number(self.row, column, by)
        return self.known[key]


def compute(features: Sequence[Mapping[str, Any]], row: Row) -> dict[str, int | None]:
    """All features of a row by name."""
    read = Reader(row)
    return {feature["name"]: OPERATIONS[feature["operation"]](feature, read) for feature in features}


def _column(feature: Mapping[str, Any], read: Reader) -> int | None:
    return read(feature["columns"][0])


def _scaled(feature: Mapping[str, Any], read: Reader) -> int | None:
    """A value with decimals, such as a ratio, times `by`."""
    return read(feature["columns"][0], feature["by"])


def _values(feature: Mapping[str, Any], read: Reader) -> list[int] | None:
    values = [read(column) for column in feature["columns"]]
    known = [value for value in values if value is not None]
    return known if len(known) == len(values) else None


def _sum(feature: Mapping[str, Any], read: Reader) -> int | None:
    values = _values(feature, read)
    return None if values is None else sum(values)


def _maximum(feature: Mapping[str, Any], read: Reader) -> int | None:
    values = _values(feature, read)
    return None if values is None else max(values)


def _minimum(feature: Mapping[str, Any], read: Reader) -> int | None:
    values = _values(feature, read)
    return None if values is None else min(values)


def _count_at_least(feature: Mapping[str, Any], read: Reader) -> int | None:
    values = _values(feature, read)
    return None if values is None else sum(value >= feature["value"] for value in values)


def _difference(feature: Mapping[str, Any], read: Reader) -> int | None:
    values = _values(feature, read)
    return None if values is None else values[0] - values[1]


def _ratio_ppm(feature: Mapping[str, Any], read: Reader) -> int | None:
    """The sum of `columns` over the sum of `over`; missing when that is not positive."""
    above = _values(feature, read)
    below = _values({"columns": feature["over"]}, read)
    if above is None or below is None or sum(below) <= 0:
        return None
    return max(min(sum(above) * PPM // sum(below), LARGEST), -LARGEST)


OPERATIONS: Mapping[str, Callable[[Mapping[str, Any], Reader], int | None]] = {
    "column": _column,
    "scaled": _scaled,
    "sum": _sum,
    "maximum": _maximum,
    "minimum": _minimum,
    "count_at_least": _count_at_least,
    "difference": _difference,
    "ratio_ppm": _ratio_ppm,
}


def _unfit(column: str, raw: object) -> Problem:
    return Problem("score.type", f"{str(raw)[:40]!r} is not a number.", "Give digits.", None, column)
