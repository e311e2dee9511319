"""Which format a bank file has, and its reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.banking import bank_csv, camt053, mt940
from lenity.domain.banking.statement import Statement

MOST_BYTES = 50_000_000
MOST_ENTRIES = 100_000
"""A file is booked whole, in one transaction: more than this would hold the books for too long."""
READERS: Mapping[str, Callable[[bytes], tuple[Statement, ...]]] = {
    "camt053": camt053.read,
    "mt940": mt940.read,
    "csv": bank_csv.read,
}


def of(raw: bytes) -> str:
    """The format by what the file begins with."""
    head = raw[:4000].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \r\n\t")
    if head.startswith(b"<"):
        return "camt053"
    return "mt940" if b":20:" in head and b":25:" in head else "csv"


def read(raw: bytes, name: str) -> tuple[Statement, ...]:
    """The statements of a file in a named format."""
    if not raw or len(raw) > MOST_BYTES:
        raise InputRefused([Problem("bank.size", f"A bank file has 1 to {MOST_BYTES} bytes.")])
    if name not in READERS:
        raise InputRefused([Problem("bank.format", f"Known formats: {', '.join(READERS)}.")])
    statements = READERS[name](raw)
    if (entries := sum(len(one.entries) for one in statements)) > MOST_ENTRIES:
        says = f"The file tells {entries:,} movements; a file has at most {MOST_ENTRIES:,}."
        raise InputRefused([Problem("bank.entries", says, "Ask the bank for one file a day, or split it.")])
    return statements
