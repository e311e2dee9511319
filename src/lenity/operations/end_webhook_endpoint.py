"""A program hears of nothing any more."""

from __future__ import annotations

from lenity.operations import servicing, unit
from lenity.records.webhooks import queries, writes


def end_webhook_endpoint(*, endpoint_id: str, reason: str, actor: str) -> None:
    """Stop an endpoint at once; messages that wait for it go no further."""
    with unit.of_work(operation="end_webhook_endpoint", actor=actor) as work:
        endpoint = servicing.needed(queries.endpoint_by_id(endpoint_id), "endpoint", endpoint_id)
        writes.end_endpoint(endpoint, ended_at=work.now, reason=reason)
        work.record(subject_kind="webhook_endpoint", subject_id=endpoint_id, body={"reason": reason[:60]})
