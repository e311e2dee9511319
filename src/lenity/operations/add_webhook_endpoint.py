"""A program begins to hear of events: its address is checked, and a signing key is made for it."""

from __future__ import annotations

from dataclasses import dataclass

from lenity.base import webhooks
from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import ids
from lenity.gateways import webhooks as gateway
from lenity.operations import unit
from lenity.records.webhooks import writes
from lenity.records.webhooks.models import Endpoint


@dataclass(frozen=True)
class Added:
    """The endpoint, and the public key with which its program checks what it hears."""

    endpoint: Endpoint
    public_key: str


def add_webhook_endpoint(*, url: str, kinds: tuple[str, ...], rules: gateway.Rules, actor: str) -> Added:
    """Register an address; without kinds it hears of every kind."""
    gateway.check_url(url, rules)
    if unknown := sorted(set(kinds) - set(webhooks.kinds())):
        says = f"{unknown[0][:40]!r} is no kind of event."
        raise InputRefused([Problem("webhook.kind", says, f"Kinds are: {', '.join(webhooks.kinds())}.")])
    with unit.of_work(operation="add_webhook_endpoint", actor=actor) as work:
        endpoint = writes.add_endpoint(
            public_id=ids.public_id(), url=url, kinds=kinds, added_at=work.now, added_by=actor
        )
        private, public = gateway.new_key()
        writes.add_key(endpoint, public_id=ids.public_id(), private=private, public=public, made_at=work.now)
        work.record(
            subject_kind="webhook_endpoint", subject_id=endpoint.public_id, body={"kinds": list(kinds)}
        )
    return Added(endpoint, public)
