"""A database address becomes Django's settings: SQLite embedded by default, PostgreSQL as a server."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SQLITE_ON_CONNECT = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000;"
    "PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON;"
)


def from_url(url: str, home: Path) -> dict[str, Any]:
    """Settings for `url` (`sqlite:///path` or `postgresql://...`); empty means SQLite below `home`."""
    if not url:
        home.mkdir(parents=True, exist_ok=True)
        return _sqlite(str(home / "lenity.sqlite3"))
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(unquote(parts.path.removeprefix("/")) or ":memory:")
    if parts.scheme in ("postgres", "postgresql"):
        return _postgresql(url)
    raise ValueError(f"LENITY_DATABASE_URL: scheme {parts.scheme!r} is not sqlite or postgresql")


def _sqlite(name: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_ON_CONNECT},
        "TEST": {"NAME": str(Path(name).with_name("test.sqlite3"))},
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "lenity",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", parts.hostname or ""),
        "PORT": str(parts.port or query.get("port", "")),
        "CONN_MAX_AGE": 60,
        "OPTIONS": {"prepare_threshold": 5, "options": "-c plan_cache_mode=force_generic_plan"},
    }
