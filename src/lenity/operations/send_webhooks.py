"""Webhook messages that are due are sent: claim, post, write down.

Two units of work with the network between them, at least once: a sender that stops leaves a lease that ends,
and the receiver knows a message that comes twice by its id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from lenity.base import webhooks
from lenity.gateways import clock, ids
from lenity.gateways import webhooks as gateway
from lenity.operations import unit
from lenity.records.webhooks import queries, writes
from lenity.records.webhooks.models import WebhookAttempt, WebhookMessage

LEASE = timedelta(minutes=10)
GONE = 410
Post = Callable[[str, str, Mapping[str, str], gateway.Rules], gateway.Answer]


@dataclass(frozen=True)
class Sent:
    """What became of one round."""

    claimed: int
    delivered: int
    waiting: int
    given_up: int


def send_webhooks(*, rules: gateway.Rules, actor: str, at_most: int = 50, post: Post = gateway.post) -> Sent:
    """Send up to `at_most` messages that are due; call again until `claimed` is 0."""
    if not queries.has_due(clock.now()):
        return Sent(0, 0, 0, 0)
    owner = ids.public_id()
    with unit.of_work(operation="claim_webhooks", actor=actor) as work:
        claimed = writes.claim(owner=owner, now=work.now, until=work.now + LEASE, at_most=at_most)
        keys = {one.endpoint_id: queries.signing_keys(one.endpoint, work.now) for one in claimed}
        work.record(subject_kind="webhooks", subject_id=owner, body={"claimed": len(claimed)})
    met = [(one, *_send(one, keys[one.endpoint_id], rules, post)) for one in claimed]
    states: list[str] = []
    with unit.of_work(operation="settle_webhooks", actor=actor) as work:
        writes.add_attempts(attempt for _, attempt, _ in met)
        for message, attempt, answer in met:
            state, next_at = _after(message, answer, work.now)
            if writes.settle(message, owner=owner, state=state, next_at=next_at):
                states.append(state)
            if attempt.status == GONE:
                writes.end_endpoint(message.endpoint, ended_at=work.now, reason="answered 410 Gone")
            elif state == "given_up" and not queries.heard_since(message.endpoint_id, message.created_at):
                writes.end_endpoint(message.endpoint, ended_at=work.now, reason=webhooks.SILENT)
        counted = {name: states.count(name) for name in ("delivered", "waiting", "given_up")}
        work.record(subject_kind="webhooks", subject_id=owner, body=counted)
    return Sent(len(claimed), **counted)


def _send(
    message: WebhookMessage, keys: list[str], rules: gateway.Rules, post: Post
) -> tuple[WebhookAttempt, gateway.Answer]:
    """One attempt; its timestamp is its own, its id the message's."""
    at, begun = clock.now(), clock.stopwatch()
    signed = gateway.headers(message.public_id, int(at.timestamp()), message.body, keys)
    answer = post(message.endpoint.url, message.body, signed, rules)
    taken = int((clock.stopwatch() - begun) * 1000)
    return WebhookAttempt(
        message=message, at=at, status=answer.status, note=answer.note, milliseconds=taken
    ), answer


def _after(message: WebhookMessage, answer: gateway.Answer, now: datetime) -> tuple[str, datetime]:
    if 200 <= answer.status < 300:
        return "delivered", now
    if answer.status == GONE:
        return "given_up", now
    wait = webhooks.wait_after(message.attempts + 1)
    return ("waiting", now + wait) if wait is not None else ("given_up", now)
