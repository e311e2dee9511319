"""What a collector says first and after: words as data, for each place and language of the person called."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class Script:
    """Before the person is confirmed nothing tells of a debt; `source` says by what right each part is said."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    other_person: str
    source: str


def script(place: str, language: str, values: Mapping[str, str]) -> Script:
    """The script of a place in a language, with its places filled; English of the place where it has no other."""
    texts = _all()["script"]
    by_language = texts.get(place, texts["other"])
    raw = by_language.get(language, by_language["en"])
    return Script(
        tuple(_filled(line, values) for line in raw["before"]),
        tuple(_filled(line, values) for line in raw["after"]),
        _filled(raw["other_person"], values),
        raw["source"],
    )


def template(place: str, channel: str) -> str:
    """The standing words for one message that a collector asks for; empty where there are none."""
    return str(_all()["template"].get(place, {}).get(channel, ""))


def _filled(line: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        line = line.replace(f"{{{name}}}", value)
    return line


@cache
def _all() -> dict[str, Any]:
    text = resources.files("lenity.domain.debt_collection").joinpath("call_script.toml").read_text("utf-8")
    return tomllib.loads(text)
