"""The only place that changes webhook tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q

from lenity.base import dates, webhooks
from lenity.records import encrypted, rows
from lenity.records.webhooks.models import Endpoint, EndpointKey, WebhookAttempt, WebhookMessage

LISTENING = "SELECT id, CAST(kinds AS text) FROM webhooks_endpoint WHERE ended_at IS NULL"
PRIVATE = {"table": "webhooks_endpointkey", "column": "private"}


def add_endpoint(
    *, public_id: str, url: str, kinds: Sequence[str], added_at: datetime, added_by: str
) -> Endpoint:
    """Register an endpoint."""
    return Endpoint.objects.create(
        public_id=public_id, url=url, kinds=list(kinds), added_at=added_at, added_by=added_by
    )


def add_key(
    endpoint: Endpoint, *, public_id: str, private: str, public: str, made_at: datetime
) -> EndpointKey:
    """Keep a key pair; the private half is sealed."""
    return EndpointKey.objects.create(
        public_id=public_id,
        endpoint=endpoint,
        private_sealed=encrypted.seal(private, row=public_id, **PRIVATE),
        public=public,
        made_at=made_at,
    )


def end_other_keys(endpoint: Endpoint, keep: EndpointKey, *, ends_at: datetime) -> int:
    """Let the older keys sign until an instant, and no longer."""
    older = endpoint.keys.exclude(pk=keep.pk).filter(Q(ends_at=None) | Q(ends_at__gt=ends_at))
    return older.update(ends_at=ends_at)


def end_endpoint(endpoint: Endpoint, *, ended_at: datetime, reason: str) -> None:
    """Stop an endpoint; what waits for it goes no further."""
    Endpoint.objects.filter(pk=endpoint.pk).update(ended_at=ended_at, ended_reason=reason[:60])
    endpoint.messages.filter(state__in=("waiting", "leased")).update(state="ended")


def reopen(endpoint: Endpoint) -> None:
    """An endpoint listens again."""
    Endpoint.objects.filter(pk=endpoint.pk).update(ended_at=None, ended_reason="")


def enqueue(
    events: Sequence[Mapping[str, Any]],
    new_id: Callable[[], str],
    listening: Sequence[tuple[int, str]] | None = None,
) -> int:
    """Write a message for each endpoint that listens to one of these audit events; in their transaction.

    `listening` are the ids and kinds of live endpoints, where this transaction has read them already.
    """
    named = ((webhooks.kind_of(event["operation"], event["subject_kind"]), event) for event in events)
    heard = [(kind, event) for kind, event in named if kind]
    if not heard:
        return 0
    if listening is None:
        listening = [(pk, kinds) for pk, kinds in rows.fetch(LISTENING, {})]
    endpoints = [(pk, json.loads(kinds)) for pk, kinds in listening]
    new = [
        message(pk, public_id=new_id(), kind=kind, body=_body(kind, event), now=event["happened_at"])
        for pk, kinds in endpoints
        for kind, event in heard
        if not kinds or kind in kinds
    ]
    if new:
        WebhookMessage.objects.bulk_create(new, batch_size=500)
    return len(new)


def message(endpoint_id: int, *, public_id: str, kind: str, body: str, now: datetime) -> WebhookMessage:
    """A message, not stored yet."""
    return WebhookMessage(
        public_id=public_id, endpoint_id=endpoint_id, kind=kind, body=body, created_at=now, next_at=now
    )


def send_again(found: WebhookMessage, *, now: datetime) -> None:
    """Make a message due again under its own id; the count of attempts begins anew."""
    WebhookMessage.objects.filter(pk=found.pk).update(state="waiting", attempts=0, next_at=now)


def claim(*, owner: str, now: datetime, until: datetime, at_most: int) -> list[WebhookMessage]:
    """Lease messages that are due, and those whose sender stopped. Another sender passes them over."""
    due = Q(state="waiting", next_at__lte=now) | Q(state="leased", leased_until__lt=now)
    found = WebhookMessage.objects.filter(due).order_by("next_at", "id")
    if connection.features.has_select_for_update_skip_locked:
        found = found.select_for_update(skip_locked=True)
    keys = list(found.values_list("pk", flat=True)[:at_most])
    WebhookMessage.objects.filter(pk__in=keys).update(state="leased", owner=owner, leased_until=until)
    return list(WebhookMessage.objects.filter(pk__in=keys).select_related("endpoint").order_by("id"))


def settle(found: WebhookMessage, *, owner: str, state: str, next_at: datetime) -> bool:
    """Write down how an attempt ended, if the lease is still this sender's."""
    mine = WebhookMessage.objects.filter(pk=found.pk, owner=owner, state="leased")
    return bool(
        mine.update(state=state, attempts=found.attempts + 1, next_at=next_at, owner="", leased_until=None)
    )


def add_attempts(made: Iterable[WebhookAttempt]) -> None:
    """Keep what attempts met."""
    WebhookAttempt.objects.bulk_create(list(made), batch_size=500)


def _body(kind: str, event: Mapping[str, Any]) -> str:
    at: datetime = event["happened_at"]
    text = webhooks.body(
        kind, dates.instant_text(at), event["subject_kind"], event["subject_id"], event["borrower_id"]
    )
    if len(text) >= webhooks.MOST_BYTES:
        raise ValueError("a webhook's payload is thin")
    return text


KEY_OVERLAP = timedelta(hours=24)
"""How long an old key goes on signing beside the new one."""
