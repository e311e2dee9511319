"""The canonical bytes of an audit event that its leaf hash covers."""

from __future__ import annotations

from lenity.base import canonical, dates
from lenity.records.audit.models import AuditEvent


def plain(event: AuditEvent) -> dict[str, str]:
    """An event as plain values. The salt keeps small bodies unguessable from their hash."""
    return {
        "operation": event.operation,
        "actor": event.actor,
        "subject_kind": event.subject_kind,
        "subject_id": event.subject_id,
        "borrower_id": event.borrower_id,
        "happened_at": dates.instant_text(event.happened_at),
        "salt": event.salt,
        "body": event.body,
    }


def envelope(event: AuditEvent) -> bytes:
    """The bytes of a leaf."""
    return canonical.text(plain(event)).encode()
