"""What a borrower can say is wrong, which state it begins, and by when the lender answers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lenity.law.reader import Rulebook

KINDS: Mapping[str, str] = {
    "not_mine": "dispute",
    "identity_theft": "identity_theft",
    "already_paid": "dispute",
    "wrong_amount": "dispute",
    "how_contacted": "complaint",
    "unlisted_contact": "complaint",
    "other_complaint": "complaint",
    "cannot_pay": "hardship_review",
}
"""What is said, and the hold that it begins."""
LASTING = frozenset({"identity_theft"})
"""What goes on standing after an answer that agrees: the debt is not hers."""

MOST_FILES = 3
MOST_BYTES = 1_000_000
LONGEST_WORDS = 2000
OLDEST_TOLD = timedelta(days=3 * 366)
"""A contact may be told of as long as a claim about it could be brought."""
SIGNS: Mapping[str, bytes] = {
    "application/pdf": b"%PDF-",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
}
"""How a file begins, by its type. What its sender calls it does not count."""
RECORDINGS: Mapping[str, re.Pattern[bytes]] = {
    "audio/mp4": re.compile(rb".{4}ftyp(M4A |mp42|isom|3gp)", re.DOTALL),
    "audio/mpeg": re.compile(rb"ID3|\xff[\xfb\xf3\xf2]"),
    "audio/wav": re.compile(rb"RIFF.{4}WAVE", re.DOTALL),
    "audio/ogg": re.compile(rb"OggS"),
    "audio/amr": re.compile(rb"#!AMR"),
}
"""How a recording begins, as phones make them."""
TOLD_CHANNELS = ("call", "sms", "im", "visit", "email", "letter")
LONGEST_TOLD = 80


@dataclass(frozen=True)
class Told:
    """A contact that is not in the log: how and when, the number or account, the name that was given."""

    channel: str
    happened_at: datetime
    number: str = ""
    who: str = ""


def told_problem(told: Told, now: datetime) -> str:
    """What is wrong with a contact that is told of, by its field; nothing where it is sound."""
    if told.channel not in TOLD_CHANNELS:
        return "how"
    if not now - OLDEST_TOLD <= told.happened_at <= now:
        return "when"
    return "number" if max(len(told.number), len(told.who)) > LONGEST_TOLD else ""


def media_type(content: bytes, *, recordings: bool = False) -> str:
    """The type of a file by how it begins; empty where it is none that we take.

    >>> media_type(b"%PDF-1.7"), media_type(b"<html>"), media_type(b"ID3"), media_type(b"ID3", recordings=True)
    ('application/pdf', '', '', 'audio/mpeg')
    """
    found = next((name for name, sign in SIGNS.items() if content.startswith(sign)), "")
    if found or not recordings:
        return found
    return next((name for name, sign in RECORDINGS.items() if sign.match(content)), "")


def file_problem(contents: Sequence[bytes], *, recordings: bool = False) -> str:
    """What is wrong with files that are given: `file.size`, `file.type`, or nothing."""
    if len(contents) > MOST_FILES or any(not 0 < len(one) <= MOST_BYTES for one in contents):
        return "file.size"
    return "" if all(media_type(one, recordings=recordings) for one in contents) else "file.type"


def answer_by(about: str, on_date: date, rulebook: Rulebook) -> date:
    """The last day for the answer, by the house rule HOUSE-ANSWER."""
    days = rulebook.value("HOUSE-ANSWER", on_date)
    return on_date + timedelta(days=int(days[KINDS[about]]))
