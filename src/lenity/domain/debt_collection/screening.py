"""Screens free text (a collector's note, a call's transcript) for abuse either way and for signs of distress.

CN-CBA-BANS, Reg F 1006.14 to 1006.22: no threat, shame, false authority, false urgency, disclosure to others.
What is found is quoted with its place in the text as it was written; nothing is scored and nothing decided.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.debt_collection import reading, weighing

LONGEST = 200_000
SPEAKERS = ("collector", "borrower")
SEVERITIES = ("low", "medium", "high", "critical")
DISTRESS = frozenset({"self_harm", "hardship"})
LANGUAGES = ("zh", "en")
NEAR = 60
STARTS: Mapping[str, str] = {"zh": "", "en": "(?<![a-z])"}
"""No English pattern begins within a word."""
WEIGHED: Mapping[str, str] = {
    "threat": "high",
    "shame": "medium",
    "third_party": "high",
    "posing": "critical",
    "legal_claim": "high",
    "false_deadline": "medium",
    "private_account": "critical",
    "insult": "medium",
    "self_harm": "critical",
}
"""How grave a sentence is that was found by its points."""


@dataclass(frozen=True)
class Found:
    """One thing in a text: what it is, how grave, who said it, and the words with their place."""

    category: str
    severity: str
    said_by: str
    quote: str
    start: int
    end: int
    why: tuple[tuple[str, int], ...] = ()
    """The points that it was found by, where no pattern of the lexicon knows it."""

    def meets(self, other: Found) -> bool:
        """Whether two findings stand in the same words."""
        return self.start < other.end and other.start < self.end

    @property
    def is_distress(self) -> bool:
        """Somebody needs care, rather than somebody having done wrong."""
        return self.category in DISTRESS


@dataclass(frozen=True)
class _Entry:
    category: str
    severity: str
    by: tuple[str, ...]
    patterns: tuple[re.Pattern[str], ...]
    before: tuple[re.Pattern[str], ...]
    whole: tuple[re.Pattern[str], ...]


def screen(text: str, *, said_by: str = "collector") -> list[Found]:
    """What stands in a text, in its order. Lines that begin with a speaker ("Borrower:", "借款人：") are theirs."""
    _check(text, said_by)
    found: dict[tuple[str, int], Found] = {}
    for speaker, start, end in _turns(text, said_by):
        for one in _screen_turn(text[start:end], speaker, start):
            found.setdefault((one.category, one.start), one)
    kept = [one for one in found.values() if not any(_covers(other, one) for other in found.values())]
    return sorted(kept, key=lambda one: (one.start, one.category))


def readings(text: str) -> tuple[reading.Reading, reading.Reading, reading.Reading]:
    """A text as it stands, without what was put between its signs, and as it sounds."""
    plain = reading.plain(text)
    tight = reading.squeezed(plain)
    return plain, tight, reading.sounded(tight, _data()["sounds"]["pairs"])


def gravest(found: list[Found]) -> str:
    """The highest severity among findings, empty when there are none."""
    return max((one.severity for one in found), key=SEVERITIES.index, default="")


@cache
def lexicon_digest() -> str:
    """Names exactly the lexicon and the table of points in use."""
    return hashlib.sha256("\0".join((_file(), *weighing.files())).encode()).hexdigest()


def _check(text: str, said_by: str) -> None:
    if said_by not in SPEAKERS:
        raise InputRefused([Problem("screening.by", f"Say who spoke: {' or '.join(SPEAKERS)}.")])
    if len(text) > LONGEST:
        raise InputRefused([Problem("screening.size", f"A text has at most {LONGEST:,} signs.", "Split it.")])


def _covers(other: Found, one: Found) -> bool:
    inside = other.start <= one.start and one.end <= other.end
    return other.category == one.category and inside and other != one


def _turns(text: str, said_by: str) -> list[tuple[str, int, int]]:
    """Who speaks from where to where."""
    marks = [(match.start("who"), match.end(), _speaker(match["who"])) for match in _label().finditer(text)]
    if not marks:
        return [(said_by, 0, len(text))]
    turns = [(said_by, 0, marks[0][0])]
    ends = [mark[0] for mark in marks[1:]] + [len(text)]
    turns += [(who, begin, end) for (_, begin, who), end in zip(marks, ends, strict=True)]
    return [turn for turn in turns if turn[1] < turn[2]]


def _speaker(label: str) -> str:
    words = _data()["words"]["borrower"]
    return "borrower" if label.casefold() in (*words["zh"], *words["en"]) else "collector"


def _screen_turn(text: str, speaker: str, offset: int) -> list[Found]:
    found = []
    plain, tight, sounded = readings(text)
    for read, squeezed in ((plain, False), (tight, True), (sounded, True)):
        for entry in _entries():
            if speaker in entry.by:
                found += _matches(entry, read, text, squeezed=squeezed)
    told = [
        Found(entry.category, entry.severity, speaker, text[start:end], start + offset, end + offset)
        for entry, start, end in found
    ]
    return told + [one for one in _weighed(text, sounded, speaker, offset) if not any(map(one.meets, told))]


def _weighed(text: str, read: reading.Reading, speaker: str, offset: int) -> list[Found]:
    """Sentences that no pattern knows, by what they bring together."""
    made = []
    for one in weighing.weigh(read.text, speaker):
        start, end = read.places[one.start], read.places[one.end - 1] + 1
        severity = WEIGHED[one.category]
        made.append(
            Found(one.category, severity, speaker, text[start:end], start + offset, end + offset, one.why)
        )
    return made


def _matches(
    entry: _Entry, read: reading.Reading, original: str, *, squeezed: bool
) -> list[tuple[_Entry, int, int]]:
    made = []
    for pattern in entry.patterns:
        for match in pattern.finditer(read.text):
            if match.end() == match.start() or _harmless(entry, read.text, match):
                continue
            start, end = read.places[match.start()], read.places[match.end() - 1] + 1
            if squeezed and any(stop in original[start:end] for stop in reading.STOPS):
                continue
            made.append((entry, start, end))
    return made


def _harmless(entry: _Entry, text: str, match: re.Match[str]) -> bool:
    ahead = text[max(0, match.start() - NEAR) : match.start()]
    if any(pattern.search(ahead) for pattern in entry.before):
        return True
    return any(
        other.start() <= match.start() and match.end() <= other.end()
        for pattern in entry.whole
        for other in pattern.finditer(text)
    )


@cache
def _label() -> re.Pattern[str]:
    words = [re.escape(word) for who in _data()["words"].values() for kind in LANGUAGES for word in who[kind]]
    return re.compile(rf"^\s*(?P<who>{'|'.join(words)})\s*[:：]", re.IGNORECASE | re.MULTILINE)


@cache
def _entries() -> tuple[_Entry, ...]:
    return tuple(
        _entry(raw, language) for raw in _data()["entry"] for language in LANGUAGES if raw.get(language)
    )


def _entry(raw: Mapping[str, Any], language: str) -> _Entry:
    turned = [] if raw.get("never_turned") else _data()["harmless"][language]
    words = _lists(language)
    return _Entry(
        raw["category"],
        raw["severity"],
        tuple(raw["by"]),
        tuple(re.compile(STARTS[language] + f"(?:{_filled(one, words)})") for one in raw[language]),
        tuple(re.compile(f"(?:{one})$") for one in [*turned, *raw.get(f"before_{language}", ())]),
        tuple(re.compile(one) for one in raw.get(f"whole_{language}", ())),
    )


@cache
def _lists(language: str) -> Mapping[str, str]:
    """The lists that patterns name, each as one choice."""
    return {name: f"(?:{'|'.join(words)})" for name, words in _data()["lists"][language].items()}


def _filled(pattern: str, words: Mapping[str, str]) -> str:
    return re.sub(r"\{([a-z]+)\}", lambda match: words[match.group(1)], pattern)


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(_file())


@cache
def _file() -> str:
    return resources.files(__package__).joinpath("lexicon.toml").read_text("utf-8")
