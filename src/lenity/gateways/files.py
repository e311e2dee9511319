"""Files for others to read: whole or not there at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def put(path: Path, content: bytes) -> Path:
    """Write `content` to `path`, making its folder; a reader sees the whole file or the one before.

    Each writer drafts beside the goal under a name of its own, so that two of them at once cannot take
    each other's draft away; the later one wins. Raises OSError when the folder cannot be written, and then
    leaves no draft behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".draft", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).chmod(0o644)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return path
