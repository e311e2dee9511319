"""The canonical bytes of an audit event that its leaf hash covers."""

from __future__ import annotations

from lenity.base import canonical, dates
from lenity.records.audit.models import AuditEvent

FIELDS = ("operation", "actor", "subject_kind", "subject_id", "borrower_id")


def plain(event: AuditEvent) -> dict[str, str]:
    """An event as plain values. The salt keeps small bodies unguessable from their hash."""
    return {
        **{name: getattr(event, name) for name in FIELDS},
        "happened_at": dates.instant_text(event.happened_at),
        "salt": event.salt,
        "body": event.body,
    }


def envelope(event: AuditEvent) -> bytes:
    """The bytes of a leaf."""
    return canonical.text(plain(event)).encode()
