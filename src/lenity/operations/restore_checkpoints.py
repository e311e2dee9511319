"""Checkpoints that were lost between their commit and their file are written outside again, byte for byte."""

from __future__ import annotations

from lenity.gateways import files
from lenity.records.audit import queries


def restore_checkpoints(*, actor: str) -> list[str]:
    """Write what is missing outside the database; returns the names. What is there is never written over.

    `actor` is whoever asked; like a seal it is no event: the signed note itself is what is kept.
    """
    return [files.put(path, note).name for path, note in queries.lost_checkpoints()]
