"""How a raw row becomes the whole numbers that a model looks up. Part of the model file.

Amounts are whole units of currency, ratios are parts per million, rounded down. A feature that cannot be
computed is missing (None), and a model has points for that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from lenity.base.outcomes import InputRefused, Problem
from lenity.base.rates import PPM
from lenity.domain.scoring import nodes

Row = Mapping[str, object]
LARGEST = nodes.LARGEST
OPERATIONS = nodes.OPERATIONS
SHORT = 14
"""Texts of so many digits are within range."""


def number(row: Row, column: str, by: int = 1) -> int | None:
    """A raw value times `by` as a whole number, the rest cut off; empty is missing, the unfit is refused."""
    raw = _raw(row, column)
    if type(raw) is str and by == 1 and raw.isascii():
        whole, _, rest = raw.partition(".")
        digits = whole[1:] if whole[:1] == "-" else whole
        if len(whole) <= SHORT and digits.isdigit() and (not rest or rest.isdigit()):
            return int(whole)
    if raw is None or raw == "":
        return None
    if isinstance(raw, bool) or not isinstance(raw, (int, str)):
        raise InputRefused([unfit(column, raw)])
    text = plain(str(raw).strip()) if isinstance(raw, str) else str(raw)
    whole, _, rest = text.partition(".")
    digits = whole.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or rest.strip("0123456789"):
        raise InputRefused([unfit(column, raw)])
    value = abs(int(whole)) * by + (int(rest[:9].ljust(9, "0")) * by // 10**9 if by > 1 else 0)
    if value > LARGEST:
        raise InputRefused([Problem("score.range", f"{text[:40]} is out of range.", "", None, column)])
    return -value if text.startswith("-") else value


def _raw(row: Row, column: str) -> object:
    try:
        return row[column]
    except KeyError:
        problem = Problem("score.column", f"The column {column} is missing.", "", None, column)
        raise InputRefused([problem]) from None


SCIENTIFIC = re.compile(r"-?[0-9]{1,15}(\.[0-9]{0,20})?[eE][+-]?[0-9]{1,2}")


def plain(text: str) -> str:
    """A number in scientific notation, as spreadsheets write small ones, as digits; other text as it is."""
    return format(Decimal(text), "f") if SCIENTIFIC.fullmatch(text) else text


def category(row: Row, column: str, values: Sequence[str]) -> int | None:
    """The place of a text in the list from 1, 0 when it is not in it; empty is missing."""
    raw = _raw(row, column)
    if raw is None:
        return None
    if isinstance(raw, bool) or not isinstance(raw, (int, str)):
        raise InputRefused([unfit(column, raw, "a category")])
    text = str(raw).strip()
    if not text:
        return None
    return values.index(text) + 1 if text in values else 0


def compute(features: Sequence[Mapping[str, Any]], row: Row) -> dict[str, int | None]:
    """All features of a row by name."""
    known: dict[nodes.Node, int | None] = {}
    return {feature["name"]: evaluate(nodes.of(feature), row, known) for feature in features}


def evaluate(node: nodes.Node, row: Row, known: dict[nodes.Node, int | None]) -> int | None:
    """The value of one expression, each part computed once."""
    if node not in known:
        parts = [evaluate(part, row, known) for part in nodes.parts_of(node)]
        known[node] = _value(node, row, parts)
    return known[node]


def _value(node: nodes.Node, row: Row, parts: list[int | None]) -> int | None:
    match node:
        case nodes.Column():
            value = number(row, node.name, node.by)
            return None if value in node.gone else value
        case nodes.Category():
            return category(row, node.name, node.values)
    there = [part for part in parts if part is not None]
    if len(there) < len(parts) and not getattr(node, "known", False):
        return None
    return _whole(node, there)


def _whole(node: nodes.Node, parts: list[int]) -> int | None:
    match node:
        case nodes.Sum():
            return node.plus + sum(w * part for w, part in zip(node.weights, parts, strict=True))
        case nodes.Extreme():
            return None if not parts else max(parts) if node.largest else min(parts)
        case nodes.Count():
            return sum(part >= node.value for part in parts)
        case nodes.Run():
            hits = [(part >= node.value) is node.above for part in parts]
            return hits.index(False) if False in hits else len(hits)
        case nodes.Ratio():
            return ratio_ppm(*parts)
        case nodes.Product():
            return max(min(parts[0] * parts[1], LARGEST), -LARGEST)
    raise AssertionError(node)


def ratio_ppm(above: int, below: int) -> int | None:
    """Parts per million rounded down, within range; missing when `below` is not positive."""
    if below <= 0:
        return None
    return max(min(above * PPM // below, LARGEST), -LARGEST)


def unfit(column: str, raw: object, what: str = "a number") -> Problem:
    """A value of the wrong kind, named with its column."""
    remedy = "Give digits." if what == "a number" else "Give a text."
    return Problem("score.type", f"{str(raw)[:40]!r} is not {what}.", remedy, None, column)
