"""The only place that adds to the audit trail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from lenity.base import canonical
from lenity.domain.evidence import checkpoints, merkle
from lenity.records import rows
from lenity.records.audit import envelopes
from lenity.records.audit.models import AuditEvent, Checkpoint, EvidenceLeaf

COLUMNS = (*envelopes.FIELDS, "happened_at", "salt", "body", "leaf_hash")


def append_many(events: Sequence[Mapping[str, Any]]) -> None:
    """Add several events in the order given; each leaf hash is fixed here."""
    rows.insert([("audit_auditevent", COLUMNS, [_row(event) for event in events])])


def lock_log() -> None:
    """Let one seal run at a time. SQLite's IMMEDIATE transactions already do."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('lenity evidence log'))")


def add_leaves(*, first: int) -> list[str]:
    """Give each event without a position the next one, from `first` on; returns their leaf hashes."""
    new = AuditEvent.objects.filter(leaf__isnull=True).order_by("id").values_list("id", "leaf_hash")
    leaves = [
        EvidenceLeaf(position=position, event_id=event_id, leaf_hash=leaf_hash)
        for position, (event_id, leaf_hash) in enumerate(new, start=first)
    ]
    EvidenceLeaf.objects.bulk_create(leaves, batch_size=500)
    return [leaf.leaf_hash for leaf in leaves]


def add_checkpoint(head: checkpoints.Head, *, key_id: str, signature: str) -> Checkpoint:
    """Store a signed head."""
    return Checkpoint.objects.create(
        tree_size=head.size,
        root_hash=head.root,
        sealed_at=head.sealed_at,
        key_id=key_id,
        signature=signature,
    )


def _row(event: Mapping[str, Any]) -> tuple[Any, ...]:
    """The values of `COLUMNS`."""
    body = canonical.text(event["body"])
    leaf = merkle.leaf_hash(envelopes.of({**event, "body": body})).hex()
    named = [event[name] for name in envelopes.FIELDS]
    return (*named, event["happened_at"], event["salt"], body, leaf)
