"""Key files: made once, of mode 600, and taken out of use by moving them aside.

A field key is `field-N.key`; the highest number seals, the others only open.
"""

from __future__ import annotations

import os
from pathlib import Path

LENGTH = 32
RETIRED = "retired"


def load_or_make(path: Path) -> bytes:
    """The key of a file; a missing one is made of 32 random bytes."""
    try:
        return _new(path)
    except FileExistsError:
        key = path.read_bytes()
    if len(key) != LENGTH:
        raise ValueError(f"{path.name} must hold {LENGTH} bytes; restore it from your key store")
    return key


def field_keys(folder: Path) -> dict[str, bytes]:
    """Every field key in use, by its number; the first one is made when there is none at all."""
    found = sorted(folder.glob("field-*.key"))
    if not found:
        found = [folder / "field-1.key"]
    return {path.stem.removeprefix("field-"): load_or_make(path) for path in found}


def add_field_key(folder: Path) -> str:
    """Make the next field key; returns its number. A number that was ever used is not used again."""
    used = [*folder.glob("field-*.key"), *(folder / RETIRED).glob("field-*.key")]
    numbers = [int(path.stem.removeprefix("field-")) for path in used]
    number = str(max(numbers, default=0) + 1)
    _new(folder / f"field-{number}.key")
    return number


def retire_field_keys(folder: Path, keep: str) -> list[str]:
    """Move every other field key aside; returns their numbers."""
    aside = folder / RETIRED
    aside.mkdir(mode=0o700, exist_ok=True)
    moved = []
    for path in sorted(folder.glob("field-*.key")):
        number = path.stem.removeprefix("field-")
        if number != keep:
            path.rename(aside / path.name)
            moved.append(number)
    return moved


def _new(path: Path) -> bytes:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    key = os.urandom(LENGTH)
    with os.fdopen(handle, "wb") as file:
        file.write(key)
    return key
