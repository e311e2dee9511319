"""Book files that wait for a second click: sealed on disk, for a day at most, gone when they are imported."""

from __future__ import annotations

import base64
import csv
import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from lenity.records import encrypted

LIFE = timedelta(days=1)
BLOCK = 1 << 20
NAME = re.compile(r"[0-9A-Z]{20}")
BODY, REFUSED, HEAD = "body", "refused", "head"


@dataclass(frozen=True)
class Staged:
    """A book that was looked at: by which mapping, as of which day, and what the dry run found."""

    public_id: str
    name: str
    digest: str
    mapping: str
    as_of: date
    staged_by: str
    staged_at: datetime
    result: Mapping[str, Any]


def folder() -> Path:
    """Where they lie, for this process's user only."""
    place = Path(settings.HOME) / "staged"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def keep(public_id: str, head: Mapping[str, Any], *, book: Path, refused: Path) -> None:
    """Seal a book, its refused lines and its head; the head comes last, so that half of it is nothing."""
    for part, file in ((BODY, book), (REFUSED, refused)):
        with file.open("rb") as plain, _path(public_id, part).open("w", encoding="ascii") as sealed:
            for number, block in enumerate(iter(lambda plain=plain: plain.read(BLOCK), b"")):  # type: ignore[misc]
                text = base64.b64encode(block).decode()
                sealed.write(encrypted.seal(text, table="staged", column=part, row=f"{public_id}/{number}"))
                sealed.write("\n")
    text = encrypted.seal(json.dumps(head), table="staged", column=HEAD, row=public_id)
    _path(public_id, HEAD).write_text(text, "ascii")


def book(public_id: str, now: datetime) -> Staged | None:
    """A book that waits; None where there is none or its day is over."""
    if not NAME.fullmatch(public_id) or not _path(public_id, HEAD).is_file():
        return None
    text = _path(public_id, HEAD).read_text("ascii")
    raw = json.loads(encrypted.unseal(text, table="staged", column=HEAD, row=public_id))
    at = datetime.fromisoformat(raw["staged_at"])
    if now >= at + LIFE:
        return None
    as_of = date.fromisoformat(raw["as_of"])
    return Staged(public_id, **{**raw, "as_of": as_of, "staged_at": at})


def refused_lines(public_id: str) -> Iterator[list[str]]:
    """What was refused: line, column, code, what is wrong, what to do."""
    with _plain(public_id, REFUSED) as file, file.open(encoding="utf-8", newline="") as text:
        yield from csv.reader(text)


@contextmanager
def opened(public_id: str) -> Iterator[Path]:
    """The book in the clear while the block runs; when it ends well, nothing is left of it."""
    with _plain(public_id, BODY) as file:
        yield file
    drop(public_id)


def drop(public_id: str) -> None:
    """Take a book away."""
    for part in (HEAD, BODY, REFUSED):
        _path(public_id, part).unlink(missing_ok=True)


def drop_old(now: datetime) -> None:
    """Take away what is older than a day, and drafts that a fault left behind."""
    for one in folder().iterdir():
        if now.timestamp() - one.stat().st_mtime <= LIFE.total_seconds():
            continue
        if one.is_dir():
            shutil.rmtree(one, ignore_errors=True)
        else:
            one.unlink(missing_ok=True)


@contextmanager
def _plain(public_id: str, part: str) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile(dir=folder()) as plain:
        with _path(public_id, part).open(encoding="ascii") as sealed:
            for number, line in enumerate(sealed):
                place = {"table": "staged", "column": part, "row": f"{public_id}/{number}"}
                plain.write(base64.b64decode(encrypted.unseal(line.rstrip("\n"), **place)))
        plain.flush()
        yield Path(plain.name)


def _path(public_id: str, part: str) -> Path:
    if not NAME.fullmatch(public_id):
        raise ValueError("no id of a staged book")
    return folder() / f"{public_id}.{part}"
