"""An endpoint is sent an event that means nothing, to see that it listens and checks signatures."""

from __future__ import annotations

from lenity.base import dates, webhooks
from lenity.gateways import ids
from lenity.operations import servicing, unit
from lenity.records.webhooks import queries, writes
from lenity.records.webhooks.models import WebhookMessage


def send_test_webhook(*, endpoint_id: str, actor: str) -> WebhookMessage:
    """Queue a test event for one endpoint; it goes the same way as every other message."""
    with unit.of_work(operation="send_test_webhook", actor=actor) as work:
        endpoint = servicing.needed(queries.endpoint_by_id(endpoint_id), "endpoint", endpoint_id)
        text = webhooks.body(webhooks.TEST, dates.instant_text(work.now), "endpoint", endpoint_id, "")
        made = writes.message(
            endpoint.pk, public_id=ids.public_id(), kind=webhooks.TEST, body=text, now=work.now
        )
        made.save(force_insert=True)
        work.record(subject_kind="webhook_message", subject_id=made.public_id, body={"test": True})
    return made
