"""A program is shut out at once."""

from __future__ import annotations

from lenity.operations import servicing, unit
from lenity.records.intake import queries, writes


def revoke_api_client(*, name: str, actor: str) -> None:
    """Shut a program out; a second time changes nothing."""
    client = servicing.needed(queries.client_by_name(name), "client", name)
    with unit.of_work(operation="revoke_api_client", actor=actor) as work:
        writes.revoke_client(client, at=work.now)
        work.record(subject_kind="api_client", subject_id=name, body={"revoked": True})
