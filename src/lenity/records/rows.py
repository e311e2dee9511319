"""Rows without models, for the hot path: one statement read, many rows written, the same on both databases.

Statements are fixed texts with named values; nothing is ever pasted into them. On PostgreSQL they are
prepared once and several travel together (pipeline); many rows are written by COPY.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime
from functools import cache
from itertools import chain
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

Statement = tuple[str, Mapping[str, object]]
Rows = Sequence[tuple[Any, ...]]
FEW = 8
"""Up to so many rows are inserted by one prepared statement; more are copied."""

AMONG = {"postgresql": "= ANY(%({name})s)", "sqlite": "IN (SELECT value FROM json_each(%({name})s))"}


def among(name: str) -> str:
    """The condition that a column is one of the values of the list `name`."""
    return AMONG[connection.vendor].format(name=name)


OF_EACH = {
    "postgresql": (
        "CROSS JOIN LATERAL (SELECT * FROM {table} {alias} WHERE {match} AND {condition} OFFSET 0) {alias}"
    ),
    "sqlite": "CROSS JOIN {table} {alias} ON {match} AND {condition}",
}


def of_each(key: str, column: str, table: str, alias: str, condition: str) -> str:
    """A join that looks up a table's rows for each key by its index, whatever the server knows of its size.

    Without the fence (`OFFSET 0`) a plan that is kept may read the whole table for each of many keys.
    """
    match = f"{alias}.{column} = {key}"
    return OF_EACH[connection.vendor].format(table=table, alias=alias, match=match, condition=condition)


def fetch(statement: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
    """All rows of a fixed statement."""
    return fetch_all([(statement, values)])[0]


def fetch_all(statements: Sequence[Statement]) -> list[list[tuple[Any, ...]]]:
    """The rows of several statements, each seeing what was committed before it; one trip to a server."""
    if connection.vendor == "postgresql":
        return _fetch_together(statements)
    found = []
    with connection.cursor() as cursor:
        for statement, values in statements:
            cursor.execute(statement, {name: _sqlite(value) for name, value in values.items()})
            found.append(cursor.fetchall())
    return found


def _fetch_together(statements: Sequence[Statement]) -> list[list[tuple[Any, ...]]]:
    with _together() as raw:
        cursors = [_sent(raw, statement, values) for statement, values in statements]
        return [cursor.fetchall() for cursor in cursors]


def _sent(raw: Any, statement: str, values: Any) -> Any:
    """A statement on its way, prepared where this connection has not met it before."""
    import psycopg

    return psycopg.Cursor(raw).execute(statement, values, prepare=True)


@contextmanager
def travelling() -> Iterator[None]:
    """Around a transaction: what it writes waits for nothing and travels with its commit; a server answers once.

    What the server refuses is then raised at the commit. Inside another transaction nothing is different.
    """
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        yield
        return
    with _together():
        yield


@contextmanager
def _together() -> Iterator[Any]:
    """The driver's own connection, with several statements on their way at once."""
    own = connections[DEFAULT_DB_ALIAS]
    own.ensure_connection()
    raw: Any = own.connection
    with own.wrap_database_errors, nullcontext() if raw.pgconn.pipeline_status else raw.pipeline():
        yield raw


def _is_travelling() -> bool:
    raw: Any = connection.connection
    return raw is not None and bool(raw.pgconn.pipeline_status)


def insert(batches: Sequence[tuple[str, tuple[str, ...], Rows]]) -> None:
    """Insert rows into tables, in the order given: (table, columns, rows)."""
    wanted = [batch for batch in batches if batch[2]]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for table, columns, rows in wanted:
                cursor.executemany(_insert(table, columns), [tuple(map(_sqlite, row)) for row in rows])
        return
    if _is_travelling() or all(len(batch[2]) <= FEW for batch in wanted):
        shape = tuple((table, columns, len(many)) for table, columns, many in wanted)
        if shape:
            _execute_together([(_insert_all(shape), tuple(chain(*(chain(*many) for _, _, many in wanted))))])
        return
    for batch in wanted:
        _copy(*batch)


def insert_new(table: str, columns: tuple[str, ...], rows: Rows) -> None:
    """Insert rows unless their key is there already. For rows that are named after what they hold."""
    statement = f"{_insert(table, columns)} ON CONFLICT DO NOTHING"
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.executemany(statement, list(rows))
        return
    _execute_together([(statement, row) for row in rows])


def _execute_together(statements: Sequence[tuple[str, tuple[object, ...]]]) -> None:
    with _together() as raw:
        for statement, row in statements:
            _sent(raw, statement, row)


def _copy(table: str, columns: tuple[str, ...], rows: Rows) -> None:
    import psycopg

    connection.ensure_connection()
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.wrap_database_errors:
        cursor = psycopg.Cursor(connection.connection)
        with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)


def fresh_ids(table: str) -> str:
    """A query that draws `number` new ids of a table. Ids that are not used leave a gap, no harm."""
    if connection.vendor == "postgresql":
        drawn = f"nextval(pg_get_serial_sequence('{table}', 'id'))"
        return f"SELECT {drawn} AS id FROM generate_series(1, %(number)s)"
    known = f"coalesce((SELECT seq FROM sqlite_sequence WHERE name = '{table}'), 0)"
    counted = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %(number)s)"
    return f"{counted} SELECT {known} + i AS id FROM n"


def drop_pattern_indexes(*tables: str) -> migrations.RunPython:
    """A migration operation: the indexes that Django adds on PostgreSQL for looking up a text by its beginning."""

    def forwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor != "postgresql":
            return
        with editor.connection.cursor() as cursor:
            cursor.execute(
                "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()"
                " AND tablename = ANY(%s) AND indexdef LIKE '%%varchar_pattern_ops%%'",
                [list(tables)],
            )
            names = [str(name) for (name,) in cursor.fetchall()]
        for name in names:
            editor.execute(f"DROP INDEX {editor.quote_name(name)}")

    return migrations.RunPython(forwards, migrations.RunPython.noop)


def instant(text: str) -> datetime:
    """An instant as a database wrote it as text."""
    read = datetime.fromisoformat(text)
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


@cache
def _insert_all(shape: tuple[tuple[str, tuple[str, ...], int], ...]) -> str:
    """One statement for rows of several tables: keys are checked at its end, so it may name its own rows."""
    *first, last = [_insert(*one) for one in shape]
    before = ", ".join(f"w{place} AS ({statement})" for place, statement in enumerate(first))
    return f"WITH {before} {last}" if before else last


@cache
def _insert(table: str, columns: tuple[str, ...], number: int = 1) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    row = f"({', '.join(['%s'] * len(columns))})"
    return f'INSERT INTO "{table}" ({names}) VALUES {", ".join([row] * number)}'


def _sqlite(value: object) -> Any:
    if isinstance(value, datetime):
        return str(value.astimezone(UTC).replace(tzinfo=None))
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value) if isinstance(value, list) else value
