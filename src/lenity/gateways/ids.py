"""The one source of chance: public ids, codes, tokens. A lint bans every other way.

`use(SeededIds(seed))` makes a run repeatable; nothing secret may come from a seeded source.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Protocol

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 signs that are not mistaken for one another when read out."""

BYTE = 256
"""Where the number of signs divides it, a byte modulo that number favours none of them."""


class Ids(Protocol):
    """Something that draws signs."""

    def draw(self, signs: str, length: int) -> str: ...


class SystemIds:
    """The operating system's generator."""

    def draw(self, signs: str, length: int) -> str:
        if BYTE % len(signs):
            return "".join(secrets.choice(signs) for _ in range(length))
        return secrets.token_bytes(length).translate(_sign_of_byte(signs)).decode("ascii")


@cache
def _sign_of_byte(signs: str) -> bytes:
    """For each byte its sign; the number of signs divides the number of bytes."""
    return (signs * (BYTE // len(signs))).encode("ascii")


class SeededIds:
    """A repeatable generator for demos and simulations."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def draw(self, signs: str, length: int) -> str:
        return "".join(self._random.choices(signs, k=length))


_ids: Ids = SystemIds()


@contextmanager
def use(ids: Ids) -> Iterator[Ids]:
    """Put `ids` in for the length of a `with` block."""
    global _ids
    before = _ids
    _ids = ids
    try:
        yield ids
    finally:
        _ids = before


def public_id() -> str:
    """A public id: 20 signs, 100 bits."""
    return _ids.draw(ALPHABET, 20)


def contact_code() -> str:
    """A code that a borrower types to verify a contact: 10 signs, 50 bits."""
    return _ids.draw(ALPHABET, 10)


def one_time_code() -> str:
    """Six digits for a sign-in, always from the operating system."""
    return SystemIds().draw("0123456789", 6)


def token() -> str:
    """A secret token of 200 bits, always from the operating system."""
    return SystemIds().draw(ALPHABET, 40)


def seeded(seed: int) -> random.Random:
    """A seeded generator to hand to code that invents data; never for secrets."""
    return random.Random(seed)
