"""The answer to a claimed request is kept for good, or the claim is given back."""

from __future__ import annotations

from lenity.operations import servicing, unit
from lenity.records.intake import queries, writes


def answer_request(*, client_name: str, key: str, status: int, answer: str) -> None:
    """Keep an answer. A refusal (status 400 and above) gives the claim back: nothing was done under it."""
    client = servicing.needed(queries.client_by_name(client_name), "client", client_name)
    with unit.of_work(operation="answer_request", actor=client_name) as work:
        request = servicing.needed(queries.request_by_key(client, key), "request", key)
        if status < 400:
            writes.answer(request, status=status, text=answer)
        else:
            writes.release(request)
        work.record(subject_kind="request", subject_id=request.body_digest[:20], body={"status": status})
