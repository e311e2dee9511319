"""The only place that adds to the audit trail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from lenity.base import canonical, dates
from lenity.domain.evidence import merkle
from lenity.records.audit.models import AuditEvent


def append(
    *,
    operation: str,
    actor: str,
    subject_kind: str,
    subject_id: str,
    borrower_id: str,
    happened_at: datetime,
    salt: str,
    body: Mapping[str, object],
) -> AuditEvent:
    """Add one event; its leaf hash is fixed here."""
    event = _event(
        operation=operation,
        actor=actor,
        subject_kind=subject_kind,
        subject_id=subject_id,
        borrower_id=borrower_id,
        happened_at=happened_at,
        salt=salt,
        body=body,
    )
    event.save(force_insert=True)
    return event


def append_many(events: Sequence[Mapping[str, Any]]) -> list[AuditEvent]:
    """Add several events in the order given."""
    return AuditEvent.objects.bulk_create([_event(**event) for event in events], batch_size=500)


def envelope(event: AuditEvent) -> bytes:
    """The canonical bytes of an event that its leaf hash covers. The salt keeps small bodies unguessable."""
    return canonical.text(
        {
            "operation": event.operation,
            "actor": event.actor,
            "subject_kind": event.subject_kind,
            "subject_id": event.subject_id,
            "borrower_id": event.borrower_id,
            "happened_at": dates.instant_text(event.happened_at),
            "salt": event.salt,
            "body": event.body,
        }
    ).encode()


def _event(*, body: Mapping[str, object], **fields: Any) -> AuditEvent:
    event = AuditEvent(body=canonical.text(body), **fields)
    event.leaf_hash = merkle.leaf_hash(envelope(event)).hex()
    return event
