"""Which loan a payment is for: by the account number or loan id that stands in its references, never by name."""

from __future__ import annotations

import re
from collections.abc import Iterable

WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-_/.]{2,39}")
MOST = 60


def references(texts: Iterable[str]) -> tuple[str, ...]:
    """Words that may be an account number or a loan id; also without the reference's label and full stops."""
    found: dict[str, None] = {}
    for text in texts:
        for word in WORD.findall(text):
            for one in (word, word.rstrip("./-_"), *re.split(r"[/.]", word)):
                if len(one) >= 3:
                    found[one] = None
    return tuple(found)[:MOST]
