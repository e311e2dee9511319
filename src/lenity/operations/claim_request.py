"""A request that moves money is claimed under its sender's key before anything is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError

from lenity.operations import servicing, unit
from lenity.records.intake import queries, writes
from lenity.records.intake.models import IdempotentRequest

LEASE = timedelta(seconds=60)
"""How long an unanswered claim is in flight; then its process is taken for dead and the work is done again."""


@dataclass(frozen=True)
class Claim:
    """`state` is new (do the work), done (give `status` and `answer`), in_flight or other_body."""

    state: str
    status: int = 0
    answer: str = ""


def claim_request(*, client_name: str, key: str, route: str, body_digest: str) -> Claim:
    """Claim a key for a request. The work itself must be safe to do again under the same key."""
    client = servicing.needed(queries.client_by_name(client_name), "client", client_name)
    try:
        with unit.of_work(operation="claim_request", actor=client_name) as work:
            before = queries.request_by_key(client, key)
            found = Claim("new") if before is None else _known(before, work, route, body_digest)
            if before is None:
                writes.claim(client, key=key, route=route, body_digest=body_digest, claimed_at=work.now)
            work.record(subject_kind="request", subject_id=body_digest[:20], body={"state": found.state})
            return found
    except IntegrityError:
        return Claim("in_flight")


def _known(before: IdempotentRequest, work: unit.Work, route: str, body_digest: str) -> Claim:
    if (before.route, before.body_digest) != (route, body_digest):
        return Claim("other_body")
    if before.status is not None:
        return Claim("done", before.status, before.answer)
    if work.now - before.claimed_at > LEASE and writes.claim_again(before, claimed_at=work.now):
        return Claim("new")
    return Claim("in_flight")
