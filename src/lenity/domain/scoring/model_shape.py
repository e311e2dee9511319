"""What a model file may be made of: kinds, sizes and bounds, checked before anything is made of it.

A file may be damaged, or written by someone who means harm. Within these bounds sums of points are exact in every
engine (32 bits in columns, doubles in PMML and ONNX), and no page or export meets a kind that it does not expect.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from lenity.base.rates import PPM
from lenity.domain.scoring import nodes

LONGEST_NAME = 200
MOST_POINTS = 100_000
"""Points of one cell, either way."""
MOST_SCORE = 1_000_000
"""Intercept, and the points of all tables together, either way."""
MOST_DIGITS = 20
MOST_FEATURES, MOST_TERMS, MOST_BINS, MOST_REASONS, MOST_SCORES = 1_000, 500, 10_000, 200, 200_000
Check = Callable[[Any, str], None]


def parse(text: str) -> dict[str, Any]:
    """The file as plain values; raises `ValueError` that says where it is not what a model is made of."""
    try:
        plain = json.loads(
            text,
            parse_float=str,
            parse_int=_int,
            parse_constant=_no_constant,
            object_pairs_hook=_without_doubles,
        )
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not JSON (line {error.lineno}, character {error.colno})") from None
    _record(PARTS, OPTIONAL)(plain, "the model")
    found: dict[str, Any] = plain
    most = sum(max(abs(cell) for cell in _cells(term["points"])) for term in found["terms"])
    if most > MOST_SCORE or abs(found["intercept"]) > MOST_SCORE:
        raise ValueError(f"points add up to more than {MOST_SCORE:,}")
    return found


def _int(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"a number has {len(digits):,} digits")
    return int(digits)


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is not a whole number")


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of a key that comes twice, readers choose differently."""
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice[:40]!r} comes twice")
    return found


def _cells(points: Any) -> list[int]:
    return [cell for one in points for cell in (one if isinstance(one, list) else [one])]


def _text(value: Any, where: str) -> None:
    if type(value) is not str or not 0 < len(value) <= LONGEST_NAME or not value.isprintable():
        raise ValueError(f"{where} is not a text of 1 to {LONGEST_NAME} printable characters")


def _whole(low: int, high: int) -> Check:
    def check(value: Any, where: str) -> None:
        if type(value) is not int:
            raise ValueError(f"{where}: {str(value)[:40]!r} is not a whole number")
        if not low <= value <= high:
            raise ValueError(f"{where} is not between {low:,} and {high:,}")

    return check


def _list(of: Check, least: int, most: int) -> Check:
    def check(value: Any, where: str) -> None:
        if type(value) is not list or not least <= len(value) <= most:
            raise ValueError(f"{where} is not a list of {least:,} to {most:,} parts")
        for number, one in enumerate(value, 1):
            of(one, f"{where}, part {number:,}")

    return check


def _record(parts: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    def check(value: Any, where: str) -> None:
        if type(value) is not dict:
            raise ValueError(f"{where} is not an object")
        for name, of in parts.items():
            if name not in value:
                raise ValueError(f"{where} has no {name}")
            of(value[name], f"{where}: {name}")
        for name, of in (optional or {}).items():
            if name in value:
                of(value[name], f"{where}: {name}")

    return check


def _named(of: Check, most: int = MOST_TERMS) -> Check:
    """An object of any names."""

    def check(value: Any, where: str) -> None:
        if type(value) is not dict or len(value) > most:
            raise ValueError(f"{where} is not an object of at most {most:,} parts")
        for name, one in value.items():
            _text(name, f"a name in {where}")
            of(one, f"{where}, {name}")

    return check


def _different(of: Check) -> Check:
    """Parts with a name that differ in it."""

    def check(value: Any, where: str) -> None:
        of(value, where)
        names = [one["name"] for one in value]
        if len(set(names)) != len(names):
            raise ValueError(f"two of {where} have the same name")

    return check


def _points(value: Any, where: str) -> None:
    inner = _whole(-MOST_POINTS, MOST_POINTS)
    row = _list(inner, 1, MOST_BINS)

    def cell(one: Any, at: str) -> None:
        (row if type(one) is list else inner)(one, at)

    _list(cell, 1, MOST_BINS)(value, where)


def _flag(value: Any, where: str) -> None:
    if type(value) is not bool:
        raise ValueError(f"{where} is not true or false")


def _told(value: Any, where: str) -> None:
    """What a card prints as it is: a text, a whole number, or a list of texts."""
    if type(value) is list:
        _list(_text, 0, MOST_FEATURES)(value, where)
    elif type(value) is not int:
        _text(value, where)


_CUT, _PPM = _whole(-nodes.EXACT, nodes.EXACT), _whole(0, PPM)
_SCORE, _COUNT = _whole(-2 * MOST_SCORE, 2 * MOST_SCORE), _whole(0, nodes.EXACT)
_TERM = _record(
    {
        "name": _text,
        "features": _list(_text, 1, 2),
        "cuts": _list(_list(_CUT, 0, MOST_BINS), 1, 2),
        "points": _points,
        "reference": _whole(-MOST_POINTS, MOST_POINTS),
        "reason": _text,
    }
)
_TENTH = _record(
    {
        "from": _SCORE,
        "to": _SCORE,
        "rows": _whole(1, nodes.EXACT),
        "defaults": _COUNT,
        "estimate_ppm": _PPM,
    }
)
PARTS: Mapping[str, Check] = {
    "format": _text,
    "name": _text,
    "intercept": _whole(-MOST_SCORE, MOST_SCORE),
    "features": _different(_list(_record({"name": _text, "operation": _text}), 1, MOST_FEATURES)),
    "terms": _different(_list(_TERM, 1, MOST_TERMS)),
    "reasons": _named(_record({"zh": _text, "en": _text}, {"told": _flag}), MOST_REASONS),
    "default": _record({"first_score": _SCORE, "ppm": _list(_PPM, 1, MOST_SCORES)}),
}
OPTIONAL: Mapping[str, Check] = {
    "use": _text,
    "scaling": _record(
        {name: _whole(1, MOST_SCORE) for name in ("points_to_double_odds", "base_score", "base_odds")}
    ),
    "metrics": _named(_told),
    "training": _named(_told),
    "parcelling": _record(
        {
            "accepted_column": _text,
            "factor": _text,
            "bands": _whole(1, MOST_FEATURES),
            "assumption": _text,
            "accepted_rows": _COUNT,
            "declined_rows": _COUNT,
            "expected_ppm": _PPM,
            "assumed_ppm": _PPM,
        }
    ),
    "calibration": _list(_TENTH, 0, MOST_FEATURES),
    "importance": _named(_COUNT),
}
