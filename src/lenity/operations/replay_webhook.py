"""A webhook message is sent again under its own id."""

from __future__ import annotations

from lenity.base import webhooks
from lenity.base.outcomes import InputRefused, Problem
from lenity.operations import servicing, unit
from lenity.records.webhooks import queries, writes


def replay_webhook(*, message_id: str, actor: str) -> None:
    """Make a message due again, whatever became of it; its receiver knows it by its id.

    An endpoint that had ended because it took nothing listens again by it: who sends again knows that it is back.
    """
    with unit.of_work(operation="replay_webhook", actor=actor) as work:
        found = servicing.needed(queries.message_by_id(message_id), "webhook", message_id)
        if found.endpoint.ended_at is not None and found.endpoint.ended_reason == webhooks.SILENT:
            writes.reopen(found.endpoint)
        elif found.endpoint.ended_at is not None:
            raise InputRefused(
                [Problem("webhook.ended", "Its endpoint has ended.", "Add the endpoint again.")]
            )
        if found.state == "leased":
            raise InputRefused(
                [Problem("webhook.leased", "It is on its way.", "Look at the log in a minute.")]
            )
        writes.send_again(found, now=work.now)
        work.record(subject_kind="webhook_message", subject_id=message_id, body={"was": found.state})
