"""Weighs a sentence by the kinds of words that it brings together: what no list of phrases foresees.

A phrase can be written in a thousand ways; what it does to somebody is made of few parts: who (kin, employer,
police), which deed (tell, wait outside, arrest), which debt. A sentence's points are the sum of a table of whole
numbers (`points.json`, learned from labelled sentences by `lenity.training.phrases`): a kind, two kinds near each
other in their order, short runs of signs or words. What weighs at least the table's threshold is found, and its
heaviest words are quoted. Every sum can be shown (`lenity messages screen --why`).
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from lenity.domain.debt_collection import reading

LANGUAGES = ("zh", "en")
GAPS = {"zh": 12, "en": 30}
"""So many signs at most between two kinds that stand near each other."""
SHORT = {"zh": 14, "en": 40}
LEAST_SIGNS = 3
QUOTED = 3
"""So many of the heaviest words give the quote."""
OF_BORROWERS = ("threat", "insult", "self_harm")
ALONE = ("curse", "scorn", "despair", "harm", "dread")
"""Kinds that weigh more in a short sentence."""
BY_SPEAKER = ("harm", "curse", "despair", "court", "office", "kin")
"""Kinds that weigh differently by who says them."""
_WORD = re.compile(r"[\w']+")
_ENDS = re.compile(rf"[{re.escape(reading.STOPS)}]|\.(?=\s|$)")
Span = tuple[int, int]


@dataclass(frozen=True)
class Weighed:
    """A sentence that weighs enough: what it is, its points, where its heaviest words stand in what was read."""

    category: str
    points: int
    start: int
    end: int
    why: tuple[tuple[str, int], ...]


def weigh(text: str, speaker: str) -> list[Weighed]:
    """What a text that was read (`reading`) brings together, sentence by sentence."""
    found = []
    for start, end in pieces(text):
        sentence = text[start:end]
        language = language_of(sentence)
        table = tables()[language]
        parts = features(sentence, language, speaker)
        told = {name: table["points"][name] for name in parts if name in table["points"]}
        points = sum(told.values()) + table["base"]
        if points >= table["threshold"]:
            placed = [one for one in told if told[one] > 0 and parts[one][0] < parts[one][1]]
            heavy = sorted(placed, key=lambda one: -told[one])
            spans = [parts[one] for one in heavy[:QUOTED]] or [(0, len(sentence))]
            found.append(
                Weighed(
                    _category(table, told, parts, speaker),
                    points,
                    start + min(begin for begin, _ in spans),
                    start + max(close for _, close in spans),
                    tuple((one, told[one]) for one in heavy),
                )
            )
    return found


def pieces(text: str) -> Iterator[Span]:
    """The sentences of a text."""
    start = 0
    for stop in [*(match.start() for match in _ENDS.finditer(text)), len(text)]:
        if sum(sign.isalnum() for sign in text[start:stop]) >= LEAST_SIGNS:
            yield start, stop
        start = stop + 1


def language_of(sentence: str) -> str:
    """Chinese where any Chinese sign stands."""
    return "zh" if any("\u4e00" <= sign <= "\u9fff" for sign in sentence) else "en"


def features(sentence: str, language: str, speaker: str) -> dict[str, Span]:
    """The parts of a sentence by name, each with where it first stands (nowhere: an empty span).

    `kin` is a kind, `tell>kin` a kind near before another, `'你` a run of signs or words, `by:` who speaks.
    """
    text = _idioms(language).sub(lambda match: " " * len(match.group()), sentence)
    at = {
        name: found
        for name, sense in _senses(language).items()
        if (found := [match.span() for match in sense.finditer(text)])
    }
    parts: dict[str, Span] = {name: spans[0] for name, spans in at.items()}
    for first, ones in at.items():
        for second, others in at.items():
            if first != second and (near := _near(ones, others, GAPS[language])):
                parts[f"{first}>{second}"] = near
    if len(text) < SHORT[language]:
        parts |= {"short": (0, 0)} | {f"short:{one}": at[one][0] for one in ALONE if one in at}
    parts |= {f"by:{speaker}": (0, 0)} | {f"{speaker}:{one}": at[one][0] for one in BY_SPEAKER if one in at}
    return parts | _runs(text, language)


def _near(ones: list[Span], others: list[Span], gap: int) -> Span | None:
    for one in ones:
        for other in others:
            if 0 <= other[0] - one[1] <= gap:
                return one[0], other[1]
    return None


def _runs(text: str, language: str) -> dict[str, Span]:
    """Runs of one to three signs (Chinese), of one or two words (English)."""
    if language == "zh":
        units = [(at, at + 1) for at in range(len(text))]
        longest = 3
    else:
        units = [match.span() for match in _WORD.finditer(text)]
        longest = 2
    joint = "" if language == "zh" else " "
    parts: dict[str, Span] = {}
    for at in range(len(units)):
        for size in range(1, longest + 1):
            run = units[at : at + size]
            if len(run) == size:
                name = "'" + joint.join(text[begin:end] for begin, end in run)
                parts.setdefault(name, (run[0][0], run[-1][1]))
    return parts


def _category(
    table: Mapping[str, Any], told: Mapping[str, int], parts: Mapping[str, Span], speaker: str
) -> str:
    """What it most likely is, by a table of its own over the kinds."""
    allowed: tuple[str, ...] = OF_BORROWERS if speaker == "borrower" else tuple(table["categories"])

    def sum_of(category: str) -> int:
        points: Mapping[str, int] = table["categories"][category]
        return points.get("", 0) + sum(points.get(name, 0) for name in parts)

    return max(allowed, key=sum_of)


@cache
def _senses(language: str) -> Mapping[str, re.Pattern[str]]:
    raw = senses()[language]
    return {name: re.compile("|".join(words)) for name, words in raw.items()}


@cache
def _idioms(language: str) -> re.Pattern[str]:
    return re.compile("|".join(senses()["idioms"][language]))


@cache
def senses() -> Mapping[str, Any]:
    """The kinds of words, as they are kept."""
    return tomllib.loads(files()[0])


@cache
def tables() -> Mapping[str, Mapping[str, Any]]:
    """The points by language."""
    found: Mapping[str, Mapping[str, Any]] = json.loads(files()[1])
    return found


@cache
def files() -> tuple[str, str]:
    """The two files of the table, for whoever has to name exactly what was used."""
    here = resources.files(__package__)
    return here.joinpath("senses.toml").read_text("utf-8"), here.joinpath("points.json").read_text("utf-8")
