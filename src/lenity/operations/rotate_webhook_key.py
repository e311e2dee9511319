"""A webhook endpoint gets a new signing key; the old one signs beside it for a day."""

from __future__ import annotations

from lenity.gateways import ids
from lenity.gateways import webhooks as gateway
from lenity.operations import servicing, unit
from lenity.records.webhooks import queries, writes


def rotate_webhook_key(*, endpoint_id: str, actor: str) -> str:
    """Make a new key and return its public half. Until the old one ends, messages carry both signatures."""
    with unit.of_work(operation="rotate_webhook_key", actor=actor) as work:
        endpoint = servicing.needed(queries.endpoint_by_id(endpoint_id), "endpoint", endpoint_id)
        private, public = gateway.new_key()
        key = writes.add_key(
            endpoint, public_id=ids.public_id(), private=private, public=public, made_at=work.now
        )
        ended = writes.end_other_keys(endpoint, key, ends_at=work.now + writes.KEY_OVERLAP)
        work.record(subject_kind="webhook_endpoint", subject_id=endpoint_id, body={"older_keys": ended})
    return public
