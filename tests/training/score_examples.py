"""A small model that uses every kind of expression, and rows at its edges."""

from __future__ import annotations

import itertools
import json
from decimal import Decimal
from typing import Any

from lenity.domain.scoring import model as models

FEATURES: list[dict[str, Any]] = [
    {"name": "a", "operation": "column", "columns": ["A"]},
    {"name": "s", "operation": "sum", "columns": ["A", "B"]},
    {"name": "w", "operation": "sum", "columns": ["A", "B", "C"], "weights": [5, 1, -2]},
    {"name": "hi", "operation": "maximum", "columns": ["A", "B", "C"]},
    {"name": "lo", "operation": "minimum", "columns": ["B", "C"]},
    {"name": "n", "operation": "count_at_least", "columns": ["A", "B"], "value": 2},
    {"name": "e", "operation": "count_equal", "columns": ["A", "B", "C"], "value": 0},
    {"name": "m", "operation": "months_since", "columns": ["A", "B", "C"], "value": 1},
    {"name": "k", "operation": "streak_at_least", "columns": ["C", "B", "A"], "value": 0},
    {"name": "u", "operation": "streak_below", "columns": ["A", "C"], "value": 3},
    {"name": "d", "operation": "difference", "columns": ["B", "C"]},
    {"name": "g", "operation": "sum", "columns": ["A", "B"], "special": [-1, 3]},
    {"name": "r", "operation": "ratio_ppm", "columns": ["A", "B"], "over": ["C"]},
    {"name": "rp", "operation": "ratio_ppm", "columns": ["A"], "over": ["C"], "plus": 1},
    {"name": "rx", "operation": "ratio_ppm", "columns": ["X"], "by": 1000, "over": ["C"]},
    {"name": "rm", "operation": "maximum_ratio_ppm", "columns": ["A", "B"], "over": ["C", "A"]},
    {"name": "rl", "operation": "minimum_ratio_ppm", "columns": ["A", "B"], "over": ["C"]},
    {"name": "rc", "operation": "count_ratio_at_least", "columns": ["A", "B"], "over": ["C", "A"],
     "value": 500_000},
    {"name": "x", "operation": "scaled", "columns": ["X"], "by": 1000},
    {"name": "p", "operation": "product", "columns": ["A"], "over": ["B", "C"], "plus": 1},
    {"name": "t", "operation": "category", "columns": ["T"], "values": ["own", "rent", "it's \\ else"]},
]  # fmt: skip
CUTS: dict[str, list[int]] = {
    "a": [-5, 0, 3], "s": [0, 10], "w": [-257, 0, 12, 1024], "hi": [1, 2, 100_000], "lo": [-1], "n": [1, 2],
    "e": [1, 2, 3], "m": [1, 2, 3], "k": [1, 2], "u": [1, 2], "d": [], "g": [0, 4],
    "r": [-500_000, 0, 250_000, 1_000_000],
    "rp": [-1_000_000, 1, 750_000], "rx": [0, 500_000_000], "rm": [0, 1_000_000], "rl": [-333_334, 0, 400_000],
    "rc": [1, 2], "x": [-250, 0, 1500], "p": [-5, 0, 7], "t": [1, 2, 3],
}  # fmt: skip
CODES = ("one", "two", "three", "four", "five")


def model(**changes: Any) -> models.Model:
    """The model; `changes` replace parts of its file."""
    terms: list[dict[str, Any]] = [
        {
            "name": name, "features": [name], "cuts": [cuts], "reference": 20, "reason": CODES[at % 5],
            "points": [7 + at, *((31 * at + 17 * place) % 53 for place in range(len(cuts) + 1))],
        }
        for at, (name, cuts) in enumerate(CUTS.items())
    ]  # fmt: skip
    terms.append(
        {"name": "a x r", "features": ["a", "r"], "cuts": [[0], [0, 500_000]],
         "points": [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]], "reference": 6, "reason": "hidden"}
    )  # fmt: skip
    raw = {
        "format": models.FORMAT, "name": "small", "intercept": 500, "features": FEATURES, "terms": terms,
        "reasons": {**{code: {"zh": code, "en": code} for code in CODES},
                    "hidden": {"zh": "x", "en": "x", "told": False}},
        "default": {"first_score": 450, "ppm": list(range(400_000, 0, -1000))},
        **changes,
    }  # fmt: skip
    return models.read(json.dumps(raw))


def rows() -> list[dict[str, Any]]:
    """Every combination of values at the edges; X in thousandths."""
    found = itertools.product(
        (None, -6, -5, 0, 1, 3, 40), (None, -1, 0, 2), (None, -3, 0, 7), (None, -251, 0, 1499)
    )
    texts = itertools.cycle(["own", None, "rent", "it's \\ else", "boat"])
    return [
        {"A": a, "B": b, "C": c, "X": x, "T": text}
        for (a, b, c, x), text in zip(found, texts, strict=False)
    ]  # fmt: skip


HUGE = 9 * 10**12 - 1


def huge_rows(below: int = HUGE) -> list[dict[str, Any]]:
    """Values as large as they may be, what ratios divide by up to `below`, and texts that no list has."""
    sizes = (-(10**14), -HUGE, -1, 0, 3, HUGE - 1, HUGE, 10**14)
    found = itertools.product(sizes, (-1, 1, HUGE, 10**14), (1, 7, below - 1, below), (0, 10**9 + 1))
    texts = itertools.cycle(["castle", "OWN", "own", None, "租房"])
    # A is what one feature divides by, too.
    return [
        {"A": a, "B": b, "C": c, "X": x, "T": text}
        for (a, b, c, x), text in zip(found, texts, strict=False) if a <= below
    ]  # fmt: skip


def decimal_rows() -> list[dict[str, Any]]:
    """Amounts with decimals, as files of a bank have them: on both sides of zero and of special codes."""
    sizes = (None, "-1.01", "-0.99", "0.29", "0.99", "1.005", "2.999", "7654321.87")
    found = itertools.product(sizes, sizes[1:6], (None, "-0.5", "0.38", "2.5", "6.99"), (-290, 579, 999))
    return [
        {"A": a and Decimal(a), "B": Decimal(b), "C": c and Decimal(c), "X": x, "T": None}
        for a, b, c, x in found
        if b is not None
    ]


def as_texts(row: dict[str, Any]) -> dict[str, str]:
    """The row as a CSV file tells it."""
    return {
        key: "" if value is None else f"{value / 1000:.3f}" if key == "X" else str(value)
        for key, value in row.items()
    }
