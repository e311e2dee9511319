"""The state of the evidence log as compliance reads it: last seal, last verification, what is missing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from lenity.records.audit import queries
from lenity.records.audit.models import AuditEvent, Checkpoint


@dataclass(frozen=True)
class Verified:
    """The newest verification that was kept."""

    at: datetime
    by: str
    size: int
    holds: bool
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Seal:
    """A signed checkpoint, and whether the same one lies outside the database."""

    size: int
    root: str
    sealed_at: datetime
    is_outside: bool


@dataclass(frozen=True)
class LogStatus:
    """The evidence log. `oldest_unsealed` is when the oldest event happened that waits for its place."""

    events: int
    unsealed: int
    oldest_unsealed: datetime | None
    seals: tuple[Seal, ...]
    checkpoints: int
    missing_outside: tuple[int, ...]
    unknown_outside: tuple[str, ...]
    public_key: str
    verified: Verified | None
    grown: int


def status(*, most: int = 10) -> LogStatus:
    """Without recomputing the log: what is sealed, what lies outside, what the last verification found."""
    sizes = list(Checkpoint.objects.order_by("tree_size").values_list("tree_size", flat=True))
    folder = Path(settings.LENITY_CHECKPOINT_DIR)
    names = {path.name for path in folder.glob("*.checkpoint")}
    wanted = {f"{size:012d}.checkpoint": size for size in sizes}
    waiting = AuditEvent.objects.filter(leaf__isnull=True)
    oldest = waiting.order_by("id").first()
    verified = _verified()
    size = sizes[-1] if sizes else 0
    return LogStatus(
        size,
        waiting.count(),
        oldest.happened_at if oldest else None,
        tuple(
            Seal(row.tree_size, row.root_hash, row.sealed_at, f"{row.tree_size:012d}.checkpoint" in names)
            for row in Checkpoint.objects.order_by("-tree_size")[:most]
        ),
        len(sizes),
        tuple(place for name, place in wanted.items() if name not in names),
        tuple(sorted(names - set(wanted))),
        queries.public_key().public_bytes_raw().hex(),
        verified,
        size - verified.size if verified else size,
    )


def _verified() -> Verified | None:
    row = AuditEvent.objects.filter(operation="verify_evidence", subject_id="log").order_by("-id").first()
    if row is None:
        return None
    body = json.loads(row.body)
    return Verified(row.happened_at, row.actor, body["size"], body["holds"], tuple(body["faults"]))
