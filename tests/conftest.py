"""What all tests share: emptying tables that refuse to be emptied, and a morning."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from lenity.gateways import clock
from tests import factories


@pytest.fixture(autouse=True, scope="session")
def _flush_past_the_guards() -> Iterator[None]:
    """Between transactional tests Django empties all tables; the append-only triggers would refuse.

    Only here, and only for that statement: PostgreSQL skips triggers as a replica would, SQLite's triggers
    are taken down and put back.
    """
    flush = connection.ops.__class__.execute_sql_flush

    def unguarded(self: Any, statements: Sequence[str]) -> None:
        with self.connection.cursor() as cursor:
            if self.connection.vendor == "postgresql":
                cursor.execute("SET session_replication_role = replica")
                flush(self, statements)
                cursor.execute("SET session_replication_role = DEFAULT")
                return
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
            flush(self, statements)
            for _, sql in triggers:
                cursor.execute(sql)

    patch = pytest.MonkeyPatch()
    patch.setattr(connection.ops.__class__, "execute_sql_flush", unguarded)
    yield
    patch.undo()


_FOLDERS = itertools.count()


@pytest.fixture(autouse=True)
def _own_checkpoints(tmp_path_factory: pytest.TempPathFactory, settings: Any) -> None:
    """Checkpoints lie outside the database, so that emptying it leaves them: each test has its own folder."""
    base: Path = tmp_path_factory.getbasetemp()
    settings.LENITY_CHECKPOINT_DIR = base / "checkpoints" / str(next(_FOLDERS))


@pytest.fixture
def now() -> Iterator[clock.ManualClock]:
    """A morning that moves only when a test moves it."""
    moving = clock.ManualClock(factories.MORNING)
    with clock.use(moving):
        yield moving
