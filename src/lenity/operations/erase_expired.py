"""Personal data whose time is over goes: one chunk of one column, with its audit event (HOUSE-RETAIN)."""

from __future__ import annotations

from dataclasses import dataclass

from lenity.gateways import clock
from lenity.operations import unit
from lenity.records.keys import retention_queries, writes

ROWS = 500


@dataclass(frozen=True)
class Gone:
    """What one chunk let go."""

    kind: str
    table: str
    column: str
    rows: int


def erase_expired(*, actor: str, rows: int = ROWS) -> Gone | None:
    """Let one chunk go and say of which column; call again until there is none.

    It can be stopped anywhere and goes on where it stopped. Nothing of a person with an open hold, dispute,
    request, review or suit goes. The evidence log keeps ids, counts and digests, and still verifies. Only the
    tables' owner may run it.
    """
    for due in retention_queries.due(clock.business_day("CN")):
        if not due.rows.exists():
            continue
        with unit.of_work(operation="erase_expired", actor=actor) as work:
            done = writes.erase(due, at_most=rows)
            gone = Gone(due.kind.name, due.table, due.part.column.removesuffix("_sealed"), done)
            body = {
                "kind": gone.kind,
                "column": gone.column,
                "rows": done,
                "place": due.place,
                "basis": [one.id for one in due.kind.basis],
            }
            work.record(subject_kind="table", subject_id=due.table[:40], body=body)
        return gone
    return None
