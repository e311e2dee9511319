"""A program is let in: its token is shown once and only a digest is kept."""

from __future__ import annotations

import hashlib
import re

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import ids
from lenity.operations import unit
from lenity.records.intake import queries, writes

SCOPES = (
    "payments",
    "loans",
    "gate",
    "contacts",
    "borrowers",
    "holds",
    "concerns",
    "decisions",
    "applications",
    "offers",
    "webhooks",
)
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")


def add_api_client(*, name: str, scopes: tuple[str, ...], actor: str) -> str:
    """Let a program in; returns its token, which cannot be shown again."""
    problems = []
    if not NAME.fullmatch(name) or queries.client_by_name(name):
        says = "The name has 1 to 31 small letters, digits and hyphens, and is new."
        problems.append(Problem("client.name", says))
    if not scopes or set(scopes) - set(SCOPES):
        problems.append(Problem("client.scope", f"Scopes are: {', '.join(SCOPES)}."))
    if problems:
        raise InputRefused(problems)
    token = ids.token() + ids.token()
    with unit.of_work(operation="add_api_client", actor=actor) as work:
        digest = hashlib.sha256(token.encode()).hexdigest()
        writes.add_client(name=name, token_digest=digest, scopes=scopes, added_at=work.now, by=actor)
        work.record(subject_kind="api_client", subject_id=name, body={"scopes": list(scopes)})
    return token
