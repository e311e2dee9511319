"""A program gets a new token; the old one is refused from the next call on."""

from __future__ import annotations

import hashlib

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import ids
from lenity.operations import servicing, unit
from lenity.records.intake import queries, writes


def rotate_api_token(*, name: str, actor: str) -> str:
    """The new token, which cannot be shown again. A program that was shut out stays out."""
    token = ids.token() + ids.token()
    with unit.of_work(operation="rotate_api_token", actor=actor) as work:
        client = servicing.needed(queries.client_by_name(name), "client", name)
        if client.revoked_at is not None:
            raise InputRefused([Problem("client.revoked", "The program is shut out.", "Add a new one.")])
        writes.set_token(client, token_digest=hashlib.sha256(token.encode()).hexdigest(), by=actor)
        work.record(subject_kind="api_client", subject_id=name, body={"rotated": True})
    return token
