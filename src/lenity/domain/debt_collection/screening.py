"""Screens free text (a collector's note, a call's transcript) for abuse either way and for signs of distress.

CN-CBA-BANS, Reg F 1006.14 to 1006.22: no threat, shame, false authority, false urgency, disclosure to others.
What is found is quoted with its place in the text as it was written; nothing is scored and nothing decided.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from lenity.base.outcomes import InputRefused, Problem

LONGEST = 200_000
SPEAKERS = ("collector", "borrower")
SEVERITIES = ("low", "medium", "high", "critical")
DISTRESS = frozenset({"self_harm", "hardship"})
LANGUAGES = ("zh", "en")
NEAR = 60
_STOPS = "。！？；;?!\n"
_LOOK_ALIKES = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "@": "a", "$": "s", "’": "'"})
_TRADITIONAL = str.maketrans(
    "賴諾還錢債訴訟師執凍結賬戶帳號單親屬鄰領導給轉專員癡騙無恥丟臉殺滅獄門後負傳銀紅燒們這個會讓來從",
    "赖诺还钱债诉讼师执冻结账户账号单亲属邻领导给转专员痴骗无耻丢脸杀灭狱门后负传银红烧们这个会让来从",
)
_SPACED = re.compile(r"(?<![A-Za-z])(?:[A-Za-z][\s.\-*_·]){2,}[A-Za-z](?![A-Za-z])")
_MASKED = re.compile(r"(?<![\w@$])(?=\w*[a-z@$])(?=\w*[0-9@$])[a-z0-9@$]{4,}(?![\w@$])")


@dataclass(frozen=True)
class Found:
    """One thing in a text: what it is, how grave, who said it, and the words with their place."""

    category: str
    severity: str
    said_by: str
    quote: str
    start: int
    end: int

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


@dataclass(frozen=True)
class _Reading:
    """A text as it is matched, with the place in the original of each of its signs."""

    text: str
    places: tuple[int, ...]


def screen(text: str, *, said_by: str = "collector") -> list[Found]:
    """What stands in a text, in its order. Lines that begin with a speaker ("Borrower:", "借款人：") are theirs."""
    _check(text, said_by)
    found: dict[tuple[str, int], Found] = {}
    for speaker, start, end in _turns(text, said_by):
        for one in _screen_turn(text[start:end], speaker, start):
            found.setdefault((one.category, one.start), one)
    kept = [one for one in found.values() if not any(_covers(other, one) for other in found.values())]
    return sorted(kept, key=lambda one: (one.start, one.category))


def gravest(found: list[Found]) -> str:
    """The highest severity among findings, empty when there are none."""
    return max((one.severity for one in found), key=SEVERITIES.index, default="")


@cache
def lexicon_digest() -> str:
    """Names exactly the lexicon in use."""
    return hashlib.sha256(_file().encode()).hexdigest()


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
    plain = _plain(text)
    tight = _squeezed(plain)
    for reading, squeezed in ((plain, False), (tight, True), (_sounded(tight), True)):
        for entry in _entries():
            if speaker in entry.by:
                found += _matches(entry, reading, text, squeezed=squeezed)
    return [
        Found(entry.category, entry.severity, speaker, text[start:end], start + offset, end + offset)
        for entry, start, end in found
    ]


def _matches(
    entry: _Entry, reading: _Reading, original: str, *, squeezed: bool
) -> list[tuple[_Entry, int, int]]:
    made = []
    for pattern in entry.patterns:
        for match in pattern.finditer(reading.text):
            if match.end() == match.start() or _harmless(entry, reading.text, match):
                continue
            start, end = reading.places[match.start()], reading.places[match.end() - 1] + 1
            if squeezed and any(stop in original[start:end] for stop in _STOPS):
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


def _plain(text: str) -> _Reading:
    """Half width, no case, simplified where it matters, nothing invisible."""
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        if unicodedata.category(sign) in ("Cf", "Mn"):
            continue
        for plain in unicodedata.normalize("NFKC", sign).casefold().translate(_TRADITIONAL):
            signs.append("'" if plain in "’‘" else plain)
            places.append(place)
    return _Reading("".join(signs), tuple(places))


def _squeezed(plain: _Reading) -> _Reading:
    """The same without what was put between the signs of a word, and with digits read as the letters they mimic."""
    text = _MASKED.sub(lambda match: match.group().translate(_LOOK_ALIKES), plain.text)
    drop: set[int] = set()
    for match in _SPACED.finditer(text):
        drop |= {at for at in range(match.start(), match.end()) if not text[at].isalnum()}
    for at, sign in enumerate(text):
        if not sign.isalnum() and sign not in _STOPS and _between_han(text, at):
            drop.add(at)
    kept = [at for at in range(len(text)) if at not in drop]
    return _Reading("".join(text[at] for at in kept), tuple(plain.places[at] for at in kept))


def _sounded(tight: _Reading) -> _Reading:
    """The same with words that are written as they sound read as what they mean; places stay."""
    text = tight.text
    for written, meant in _data()["sounds"]["pairs"]:
        text = text.replace(written, meant)
    return _Reading(text, tight.places)


def _between_han(text: str, at: int) -> bool:
    left = next((sign for sign in reversed(text[max(0, at - 3) : at]) if sign.isalnum()), "")
    right = next((sign for sign in text[at + 1 : at + 4] if sign.isalnum()), "")
    return bool(left and right) and left > "\u2e7f" and right > "\u2e7f"


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
        tuple(re.compile(_filled(pattern, words)) for pattern in raw[language]),
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
