"""Whom a person can turn to in a place: complaint bodies, legal aid, help in distress, police.

Lines are data of a place's rulebook: a provision whose value holds `lines`, each with a number or address, the
body, what it is for, and its kinds. A line whose source was not read is kept apart and never shown as official.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from lenity.law import reader

UNIT = "lines"
KINDS = ("complaint", "legal_aid", "free_help", "distress", "danger", "impostor")


@dataclass(frozen=True)
class Line:
    """A number or address, whose it is, and what it is for. `named` lines stand in messages and on calls."""

    number: str
    kinds: tuple[str, ...]
    body: Mapping[str, str]
    use: Mapping[str, str]
    named: bool
    provision: reader.Provision

    @property
    def is_confirmed(self) -> bool:
        """A source was read for it."""
        return self.provision.confidence != "M"


def of(place: str, on_date: date, kind: str = "", *, confirmed: bool = True) -> list[Line]:
    """The lines of a place on a day, of one kind or all; those that nobody confirmed only when asked for."""
    found = [
        _line(one, raw)
        for one in reader.rulebook(place).provisions
        if (dated := one.on(on_date)) and dated.unit == UNIT
        for raw in dated.value["lines"]
    ]
    return [one for one in found if (not kind or kind in one.kinds) and one.is_confirmed == confirmed]


@lru_cache(maxsize=64)
def numbers(place: str, on_date: date) -> str:
    """The first complaint line by its number alone, for a short message; empty where a place has none."""
    return next((one.number for one in _named(place, on_date)), "")


@lru_cache(maxsize=64)
def in_words(place: str, on_date: date, language: str) -> str:
    """The complaint lines with whose they are, for a letter, an e-mail or a call; empty where a place has none."""
    is_chinese = language.startswith("zh")
    shape, between = ("{}（{}）", "、") if is_chinese else ("{} ({})", ", ")
    key = "zh" if is_chinese else "en"
    return between.join(shape.format(one.number, one.body[key]) for one in _named(place, on_date))


def _named(place: str, on_date: date) -> list[Line]:
    return [one for one in of(place, on_date, "complaint") if one.named]


def _line(provision: reader.Provision, raw: Mapping[str, object]) -> Line:
    return Line(
        number=str(raw["number"]),
        kinds=tuple(raw["kinds"]),  # type: ignore[arg-type]
        body=raw["body"],  # type: ignore[arg-type]
        use=raw["use"],  # type: ignore[arg-type]
        named=bool(raw.get("named", False)),
        provision=provision,
    )
