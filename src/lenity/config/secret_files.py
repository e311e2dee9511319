"""Keys are made on the first start and kept in files that only the owner may read.

A production installation mounts the same files from its key store.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from lenity.gateways import key_files

NAMES = ("session", "index", "code", "checkpoint")


@dataclass(frozen=True)
class Secrets:
    """Key material; `repr` shows none of it."""

    session_key: str = field(repr=False)
    field_keys: dict[str, bytes] = field(repr=False)
    index_key: bytes = field(repr=False)
    code_key: bytes = field(repr=False)
    checkpoint_key: bytes = field(repr=False)


def load(folder: Path) -> Secrets:
    """Read the keys below `folder`, making those that are missing (32 random bytes each)."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys = {name: key_files.load_or_make(folder / f"{name}.key") for name in NAMES}
    fields = key_files.field_keys(folder)
    return Secrets(keys["session"].hex(), fields, keys["index"], keys["code"], keys["checkpoint"])
