"""The only place that seals values anew or lets them go: the guards of facts are down for one chunk.

Facts refuse every UPDATE, so only the tables' owner can do this, as with a migration: the application's own
role on PostgreSQL may neither alter a table nor update a fact (`docs/postgresql-role.sql`). The guards are up
again in the same transaction. Sealed anew, the clear value does not change: it is opened and sealed again for
the same place, or the chunk fails. What goes by HOUSE-RETAIN leaves its row, its digest in the evidence log, and
nothing to read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from lenity.records import encrypted
from lenity.records.keys.queries import SealedColumn
from lenity.records.keys.retention_queries import Due


def reseal(column: SealedColumn, key_id: str, *, at_most: int) -> int:
    """Seal up to `at_most` values of a column under `key_id`; returns how many. Call inside a transaction."""
    rows = column.older_than(key_id).order_by("pk").values_list("pk", column.field, column.row)
    if connection.features.has_select_for_update_of:
        rows = rows.select_for_update(of=("self",))
    found = list(rows[:at_most])
    if not found:
        return 0
    with _guards_down(column.table):
        for pk, sealed, row in found:
            place = {"table": column.table, "column": column.column, "row": str(row)}
            plain = encrypted.unseal(sealed, **place)
            same = column.model._default_manager.filter(pk=pk, **{column.field: sealed})
            same.update(**{column.field: encrypted.seal(plain, **place)})
    return len(found)


BESIDE: dict[tuple[str, str], dict[str, str]] = {
    ("people_borrower", "identity_number_sealed"): {"identity_index": ""},
    ("people_contactpoint", "person"): {"value_index": "", "mask": "***"},
}
"""What goes along with a value: the fingerprint by which a number is found, and what a mask still shows."""


def erase(due: Due, *, at_most: int) -> int:
    """Make up to `at_most` values unreadable for good, or delete their rows; returns how many.

    The key is not asked: the sealed text itself is overwritten. Call inside a transaction.
    """
    found = list(due.rows.values_list("pk", flat=True)[:at_most])
    if not found:
        return 0
    chosen = due.model._default_manager.filter(pk__in=found)
    if not due.part.column:
        chosen.delete()
        return len(found)
    with _guards_down(due.table):
        beside = BESIDE.get((due.table, due.part.column)) or BESIDE.get((due.table, due.kind.name), {})
        chosen.update(**{due.part.column: encrypted.GONE, **beside})
    return len(found)


@contextmanager
def _guards_down(table: str) -> Iterator[None]:
    """Take a table's triggers down; they are back when the block ends, or everything is undone."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            name = connection.ops.quote_name(table)
            cursor.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
            yield
            cursor.execute(f"ALTER TABLE {name} ENABLE TRIGGER USER")
            return
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table]
        )
        guards = cursor.fetchall()
        for name, _ in guards:
            cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
        yield
        for _, text in guards:
            cursor.execute(text)
