"""Triggers that make a table append-only: no UPDATE, no DELETE, no TRUNCATE, no INSERT OR REPLACE.

So no record of collection is lost before its time (CN-XJGS-RETAIN, CN-XYK-68, US-RF-100).

On SQLite `recursive_triggers` is on, so that REPLACE fires the delete trigger.
"""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = """
CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
"""
POSTGRESQL = """
CREATE OR REPLACE FUNCTION lenity_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION lenity_append_only();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION lenity_append_only();
"""
UNDO = {
    "sqlite": "DROP TRIGGER {table}_no_update; DROP TRIGGER {table}_no_delete;",
    "postgresql": ("DROP TRIGGER {table}_no_change ON {table}; DROP TRIGGER {table}_no_truncate ON {table};"),
}


def append_only(*tables: str) -> migrations.RunPython:
    """A migration operation that guards `tables`."""

    def forwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        text = POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE
        for table in tables:
            run(editor, text.format(table=table))

    def backwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        for table in tables:
            run(editor, UNDO[editor.connection.vendor].format(table=table))

    return migrations.RunPython(forwards, backwards, elidable=False)


class Aside:
    """On SQLite a table is rebuilt when a constraint changes: triggers that name it are put aside meanwhile."""

    def __init__(self, table: str) -> None:
        self.table = table
        self.kept: list[tuple[str, str]] = []

    def away(self, apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        """Take down every trigger in whose text the table stands."""
        if editor.connection.vendor != "sqlite":
            return
        with editor.connection.cursor() as cursor:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE %s",
                [f"%{self.table}%"],
            )
            self.kept = cursor.fetchall()
        for name, _ in self.kept:
            editor.execute(f"DROP TRIGGER {name}")

    def back(self, apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        """Put them back as they were."""
        for _, text in self.kept:
            editor.execute(text, params=None)
        self.kept = []

    @property
    def first(self) -> migrations.RunPython:
        """The operation before the change."""
        return migrations.RunPython(self.away, self.back)

    @property
    def last(self) -> migrations.RunPython:
        """The operation after the change."""
        return migrations.RunPython(self.back, self.away)


def run(editor: BaseDatabaseSchemaEditor, script: str) -> None:
    """Run several statements; a trigger body ends with `END;`, so lines are joined until one is whole."""
    if editor.connection.vendor == "postgresql":
        editor.execute(script, params=None)
        return
    statement = ""
    for line in script.strip().splitlines():
        statement += f"{line}\n"
        inside = "CREATE TRIGGER" in statement and not statement.rstrip().endswith("END;")
        if statement.rstrip().endswith(";") and not inside:
            for part in _whole(statement):
                editor.execute(part, params=None)
            statement = ""


def _whole(statement: str) -> list[str]:
    if "CREATE TRIGGER" in statement:
        return [statement]
    return [f"{part};" for part in statement.split(";") if part.strip()]
