"""Keys are made on the first start and kept in files that only the owner may read.

A production installation mounts the same files from its key store.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

NAMES = ("session", "field-1", "index", "code", "checkpoint")


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
    keys = {name: _key(folder / f"{name}.key") for name in NAMES}
    fields = {path.stem.removeprefix("field-"): path.read_bytes() for path in folder.glob("field-*.key")}
    return Secrets(keys["session"].hex(), fields, keys["index"], keys["code"], keys["checkpoint"])


def _key(path: Path) -> bytes:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = path.read_bytes()
        if len(key) != 32:
            raise ValueError(f"{path.name} must hold 32 bytes; restore it from your key store") from None
        return key
    key = os.urandom(32)
    with os.fdopen(handle, "wb") as file:
        file.write(key)
    return key
