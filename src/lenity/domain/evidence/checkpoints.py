"""A signed head of the log: what it says and how it is written down."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from lenity.base import dates

TITLE = "lenity evidence checkpoint v1"


@dataclass(frozen=True)
class Head:
    """The log of a lender at a size: its root and when it was sealed."""

    origin: str
    size: int
    root: str
    sealed_at: datetime

    def note(self) -> bytes:
        """The exact bytes that are signed: five lines."""
        lines = (TITLE, self.origin, str(self.size), self.root, dates.instant_text(self.sealed_at))
        return ("\n".join(lines) + "\n").encode()


def written(head: Head, signature: str) -> bytes:
    """A checkpoint as it lies outside the database: the head, and its signature in hex."""
    return head.note() + f"{signature}\n".encode()


def file_name(size: int) -> str:
    """The name of the checkpoint of so many events.

    >>> file_name(11)
    '000000000011.checkpoint'
    """
    return f"{size:012d}.checkpoint"


def parse(note: bytes) -> tuple[Head, str]:
    """Read a checkpoint file: the head and its signature in hex. Raises `ValueError` for anything else."""
    lines = note.decode().splitlines()
    if len(lines) != 6 or lines[0] != TITLE:
        raise ValueError("this is not a checkpoint")
    return Head(lines[1], int(lines[2]), lines[3], dates.parse_instant(lines[4])), lines[5]


def key_id(public_key: bytes) -> str:
    """The first 16 hex digits of the public key's SHA-256."""
    return hashlib.sha256(public_key).hexdigest()[:16]
