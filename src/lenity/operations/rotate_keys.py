"""Sealed values are opened with the keys that sealed them and sealed again under the newest one."""

from __future__ import annotations

from lenity.operations import unit
from lenity.records import encrypted
from lenity.records.keys import queries, writes

ROWS = 500


def rotate_keys(*, actor: str, rows: int = ROWS) -> int:
    """Seal one chunk anew and return how many values it had; call again until it is 0.

    One chunk is one transaction with one audit event, so that it can be stopped anywhere and goes on where it
    stopped. Only the tables' owner may run it.
    """
    newest = encrypted.newest_key()
    for column in queries.columns():
        if not column.older_than(newest).exists():
            continue
        with unit.of_work(operation="rotate_keys", actor=actor) as work:
            done = writes.reseal(column, newest, at_most=rows)
            body = {"key": newest, "column": column.column, "values": done}
            work.record(subject_kind="table", subject_id=column.table, body=body)
        if done:
            return done
    return 0
