"""What a page says that could not be shown: what happened, whether anything was lost, what to do."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext


@dataclass(frozen=True)
class Said:
    """A problem in words, with its sign."""

    sign: str
    title: str
    lines: tuple[str, ...]


NOTHING_LOST = "Nothing was changed, and nothing of yours is lost."
SAID = {
    "400": Said(
        "wrong",
        "We could not read that",
        (
            "Something in the address or in the form was not readable. Go back and send it again.",
            NOTHING_LOST,
        ),
    ),
    "403": Said(
        "lock",
        "Not allowed",
        ("This page is not open to you. Go back, or start again from the first page.", NOTHING_LOST),
    ),
    "404": Said(
        "lost",
        "Page not found",
        ("Check the address, or go back to the first page.", NOTHING_LOST),
    ),
    "413": Said(
        "wrong",
        "That is too much at once",
        ("What was sent is too large. Send less of it, or a smaller file.", NOTHING_LOST),
    ),
    "429": Said("clock", "Too many tries", ("Please wait an hour and try again.", NOTHING_LOST)),
    "500": Said(
        "wrong",
        "Something went wrong",
        (
            "The fault is ours. Please try again in a few minutes.",
            "If you had just sent something, look whether it arrived before you send it again.",
        ),
    ),
    "signed_out": Said(
        "lock",
        "You are signed out",
        ("Nothing was sent. Copy what you had typed, sign in, and put it in again.",),
    ),
    "expired": Said(
        "clock",
        "The form was open for too long",
        ("Nothing was sent. Go back, load the page again, and send it once more.",),
    ),
}


def said(code: str) -> Said:
    """A problem in the reader's words."""
    one = SAID[code]
    return Said(one.sign, gettext(one.title), tuple(gettext(line) for line in one.lines))
