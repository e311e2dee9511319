"""Webhook endpoints, their keys, their messages and the delivery log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from lenity.records import encrypted
from lenity.records.webhooks.models import Endpoint, WebhookAttempt, WebhookMessage
from lenity.records.webhooks.writes import PRIVATE


@dataclass(frozen=True)
class Tried:
    """One attempt as a page or a command shows it."""

    at: datetime
    status: int
    note: str
    milliseconds: int


@dataclass(frozen=True)
class Told:
    """One message with its attempts."""

    id: str
    endpoint: str
    kind: str
    state: str
    created_at: datetime
    next_at: datetime | None
    attempts: tuple[Tried, ...]


@dataclass(frozen=True)
class Listening:
    """One endpoint; `keys` are the public ones that sign now."""

    id: str
    url: str
    kinds: tuple[str, ...]
    added_at: datetime
    ended_at: datetime | None
    ended_reason: str
    keys: tuple[str, ...]


def endpoint_by_id(public_id: str) -> Endpoint | None:
    """An endpoint that has not ended."""
    return Endpoint.objects.filter(public_id=public_id, ended_at=None).first()


def has_due(now: datetime) -> bool:
    """Whether anything waits to be sent, or lost its sender."""
    due = Q(state="waiting", next_at__lte=now) | Q(state="leased", leased_until__lt=now)
    return WebhookMessage.objects.filter(due).exists()


def message_by_id(public_id: str) -> WebhookMessage | None:
    """A message."""
    return WebhookMessage.objects.select_related("endpoint").filter(public_id=public_id).first()


def endpoints(now: datetime) -> list[Listening]:
    """All endpoints, the newest first."""
    return [
        Listening(
            one.public_id,
            one.url,
            tuple(one.kinds),
            one.added_at,
            one.ended_at,
            one.ended_reason,
            tuple(key.public for key in one.keys.all() if key.ends_at is None or key.ends_at > now),
        )
        for one in Endpoint.objects.prefetch_related("keys").order_by("-id")
    ]


def signing_keys(endpoint: Endpoint, now: datetime) -> list[str]:
    """The private keys that sign now, the newest first."""
    live = endpoint.keys.filter(Q(ends_at=None) | Q(ends_at__gt=now)).order_by("-id")
    return [encrypted.unseal(key.private_sealed, row=key.public_id, **PRIVATE) for key in live]


def log(*, endpoint: str = "", most: int = 100) -> list[Told]:
    """The delivery log, the newest first."""
    rows = WebhookMessage.objects.select_related("endpoint").prefetch_related("tries").order_by("-id")
    if endpoint:
        rows = rows.filter(endpoint__public_id=endpoint)
    return [_told(row) for row in rows[:most]]


def _told(row: WebhookMessage) -> Told:
    tries = sorted(row.tries.all(), key=lambda one: one.pk)
    return Told(
        row.public_id,
        row.endpoint.public_id,
        row.kind,
        row.state,
        row.created_at,
        row.next_at if row.state == "waiting" else None,
        tuple(Tried(one.at, one.status, one.note, one.milliseconds) for one in tries),
    )


def heard_since(endpoint_pk: int, since: datetime) -> bool:
    """Whether an endpoint has taken any message since then."""
    return WebhookAttempt.objects.filter(
        message__endpoint_id=endpoint_pk, at__gte=since, status__gte=200, status__lt=300
    ).exists()
