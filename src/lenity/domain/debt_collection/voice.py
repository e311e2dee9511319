"""What a borrower can say is wrong, which state it begins, and by when the lender answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from lenity.law.reader import Rulebook

KINDS: Mapping[str, str] = {
    "not_mine": "dispute",
    "already_paid": "dispute",
    "wrong_amount": "dispute",
    "how_contacted": "complaint",
    "other_complaint": "complaint",
    "cannot_pay": "hardship_review",
}
"""What is said, and the hold that it begins."""

MOST_FILES = 3
MOST_BYTES = 1_000_000
LONGEST_WORDS = 2000
SIGNS: Mapping[str, bytes] = {
    "application/pdf": b"%PDF-",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
}
"""How a file begins, by its type. What its sender calls it does not count."""


def media_type(content: bytes) -> str:
    """The type of a file by how it begins; empty where it is none that we take.

    >>> media_type(b"%PDF-1.7"), media_type(b"<html>")
    ('application/pdf', '')
    """
    return next((name for name, sign in SIGNS.items() if content.startswith(sign)), "")


def file_problem(contents: Sequence[bytes]) -> str:
    """What is wrong with files that are given: `file.size`, `file.type`, or nothing."""
    if len(contents) > MOST_FILES or any(not 0 < len(one) <= MOST_BYTES for one in contents):
        return "file.size"
    return "" if all(media_type(one) for one in contents) else "file.type"


def answer_by(about: str, on_date: date, rulebook: Rulebook) -> date:
    """The last day for the answer, by the house rule HOUSE-ANSWER."""
    days = rulebook.value("HOUSE-ANSWER", on_date)
    return on_date + timedelta(days=int(days[KINDS[about]]))
