"""The rotating code of a live call: six digits a minute, made from the call and a key of their own.

Two directions that cannot stand in for each other: the caller reads one out and the borrower types it, or the
borrower sees one and asks the caller to read it.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

STEP_SECONDS = 60
DIGITS = 6
PURPOSE = "live call 1"
CALL_LIFE = timedelta(hours=2)
DRIFT_STEPS = (-1, 0, 1)
CALLER_READS = "caller reads"
BORROWER_ASKS = "borrower asks"
CANDIDATES = 8


def step_of(at: datetime) -> int:
    """The number of the minute in which an instant lies."""
    return int(at.timestamp()) // STEP_SECONDS


def until(at: datetime) -> datetime:
    """When the minute of an instant ends, and with it the code that is shown."""
    return datetime.fromtimestamp((step_of(at) + 1) * STEP_SECONDS, tz=UTC)


def code(key: bytes, contact_id: str, direction: str, step: int) -> str:
    """The six digits of one call, direction and minute (RFC 4226's truncation of an HMAC)."""
    raw = hmac.digest(key, f"{direction}|{contact_id}|{step}".encode(), "sha256")
    at = raw[-1] & 0x0F
    number = int.from_bytes(raw[at : at + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def which(key: bytes, contact_ids: Sequence[str], typed: str, at: datetime) -> str:
    """The call whose code a borrower typed, a minute early or late included; empty when there is none.

    The work is the same whether or not there are calls, so that the time taken tells nothing.
    """
    asked = [*contact_ids[:CANDIDATES], *[""] * CANDIDATES][:CANDIDATES]
    found = ""
    for contact_id in asked:
        for drift in DRIFT_STEPS:
            made = code(key, contact_id, CALLER_READS, step_of(at) + drift)
            if hmac.compare_digest(made.encode(), typed.encode()) and contact_id:
                found = contact_id
    return found
