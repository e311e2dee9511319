"""Rows without models, for the hot path: one statement read, many rows written, the same on both databases.

Statements are fixed texts with named values; nothing is ever pasted into them. On PostgreSQL they are
prepared once and several travel together (pipeline); many rows are written by COPY.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection

FEW = 8
"""Up to so many rows are inserted one by one; more are copied."""

AMONG = {"postgresql": "= ANY(%({name})s)", "sqlite": "IN (SELECT value FROM json_each(%({name})s))"}


def among(name: str) -> str:
    """The condition that a column is one of the values of the list `name`."""
    return AMONG[connection.vendor].format(name=name)


def fetch(statement: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
    """All rows of a fixed statement."""
    return fetch_all([(statement, values)])[0]


def fetch_all(statements: Sequence[tuple[str, Mapping[str, object]]]) -> list[list[tuple[Any, ...]]]:
    """The rows of several statements, each seeing what was committed before it; one trip to a server."""
    if connection.vendor == "postgresql":
        return _fetch_together(statements)
    found = []
    with connection.cursor() as cursor:
        for statement, values in statements:
            cursor.execute(statement, {name: _sqlite(value) for name, value in values.items()})
            found.append(cursor.fetchall())
    return found


def _fetch_together(statements: Sequence[tuple[str, Mapping[str, object]]]) -> list[list[tuple[Any, ...]]]:
    import psycopg

    with _together() as raw:
        cursors = []
        for statement, values in statements:
            cursor = psycopg.Cursor(raw)
            cursor.execute(statement, values, prepare=True)
            cursors.append(cursor)
        return [cursor.fetchall() for cursor in cursors]


@contextmanager
def _together() -> Iterator[Any]:
    """The driver's own connection, with several statements on their way at once."""
    connection.ensure_connection()
    raw = connection.connection
    with connection.wrap_database_errors, raw.pipeline():
        yield raw


Rows = Sequence[tuple[object, ...]]


def insert(batches: Sequence[tuple[str, tuple[str, ...], Rows]]) -> None:
    """Insert rows into tables, in the order given: (table, columns, rows)."""
    wanted = [batch for batch in batches if batch[2]]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for table, columns, rows in wanted:
                cursor.executemany(_insert(table, columns), [tuple(map(_sqlite, row)) for row in rows])
        return
    few = [batch for batch in wanted if len(batch[2]) <= FEW]
    if len(few) == len(wanted):
        _insert_together(few)
        return
    for batch in wanted:
        _copy(*batch)


def _insert_together(batches: Sequence[tuple[str, tuple[str, ...], Rows]]) -> None:
    import psycopg

    with _together() as raw:
        for table, columns, rows in batches:
            statement = _insert(table, columns)
            for row in rows:
                psycopg.Cursor(raw).execute(statement, row, prepare=True)


def _copy(table: str, columns: tuple[str, ...], rows: Rows) -> None:
    import psycopg

    connection.ensure_connection()
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.wrap_database_errors:
        cursor = psycopg.Cursor(connection.connection)
        with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)


def next_ids(table: str, number: int) -> tuple[str, Mapping[str, object]]:
    """The statement that draws `number` new ids of a table. Ids that are not used leave a gap, no harm."""
    if connection.vendor == "postgresql":
        drawn = "nextval(pg_get_serial_sequence(%(table)s, 'id'))"
        return f"SELECT {drawn} FROM generate_series(1, %(number)s)", {"table": table, "number": number}
    known = "coalesce((SELECT seq FROM sqlite_sequence WHERE name = %(table)s), 0)"
    counted = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %(number)s)"
    return f"{counted} SELECT {known} + i FROM n", {"table": table, "number": number}


def instant(text: str) -> datetime:
    """An instant as a database wrote it as text."""
    read = datetime.fromisoformat(text)
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def _insert(table: str, columns: tuple[str, ...]) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    return f'INSERT INTO "{table}" ({names}) VALUES ({", ".join(["%s"] * len(columns))})'


def _sqlite(value: object) -> Any:
    if isinstance(value, datetime):
        return str(value.astimezone(UTC).replace(tzinfo=None))
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value) if isinstance(value, list) else value
