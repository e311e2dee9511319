"""The only place that seals values anew. It takes the guards of facts down for one chunk, in its transaction.

Facts refuse every UPDATE, so only the tables' owner can do this, as with a migration: the application's own
role on PostgreSQL may neither alter a table nor update a fact (`docs/postgresql-role.sql`). The clear value
does not change: it is opened and sealed again for the same place, or the chunk fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from lenity.records import encrypted
from lenity.records.keys.queries import SealedColumn


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
