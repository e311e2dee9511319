"""A request under its sender's key: what it does and the answer to it are one transaction."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lenity.operations import servicing, unit
from lenity.records.intake import queries, writes

Do = Callable[[], tuple[int, Mapping[str, object]]]


@dataclass(frozen=True)
class Answer:
    """`state` is new (done now), done (it was before), in_flight or other_body; the first two have an answer."""

    state: str
    status: int = 0
    text: str = ""


def answer_request(*, client_name: str, key: str, route: str, body_digest: str, do: Do) -> Answer:
    """Do it once for a key, and keep the answer with it: a process that dies leaves both or neither.

    What `do` raises undoes everything, and the key is free again.
    """
    client = servicing.needed(queries.client_by_name(client_name), "client", client_name)
    with unit.of_work(operation="answer_request", actor=client_name) as work:
        found = Answer("in_flight")
        if writes.hold_key(client, key):
            before = queries.request_by_key(client, key)
            if before is None:
                status, made = do()
                found = Answer("new", status, json.dumps(made, ensure_ascii=False))
                writes.keep_answer(
                    *(client, key, route, body_digest), status=status, text=found.text, at=work.now
                )
            elif (before.route, before.body_digest) != (route, body_digest):
                found = Answer("other_body")
            else:
                found = Answer("done", before.status, before.answer)
        work.record(
            subject_kind="request",
            subject_id=body_digest[:20],
            body={"state": found.state, "status": found.status},
        )
        return found
