"""The canonical bytes of an audit event that its leaf hash covers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lenity.base import canonical, dates
from lenity.records.audit.models import AuditEvent

FIELDS = ("operation", "actor", "subject_kind", "subject_id", "borrower_id")


def plain(event: Mapping[str, Any]) -> dict[str, str]:
    """An event's fields as plain values. The salt keeps small bodies unguessable from their hash."""
    return {
        **{name: event[name] for name in FIELDS},
        "happened_at": dates.instant_text(event["happened_at"]),
        "salt": event["salt"],
        "body": event["body"],
    }


def of(event: Mapping[str, Any]) -> bytes:
    """The bytes of a leaf, from an event's fields."""
    return canonical.flat(plain(event)).encode()


def envelope(event: AuditEvent) -> bytes:
    """The bytes of a stored event's leaf."""
    return of(vars(event))
