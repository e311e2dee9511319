"""A book file is looked at before it is imported: counted, summed, every refused line told; nothing is booked."""

from __future__ import annotations

import csv
import hashlib
import tempfile
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.lending import book_mapping
from lenity.domain.lending.book_mapping import BookMapping
from lenity.gateways import book_file, ids
from lenity.operations import book_checking, unit
from lenity.records import staged

MOST_TOLD = 100_000
FIRST_TOLD = 30


def stage_book(
    *,
    chunks: Iterable[bytes],
    name: str,
    mapping: str,
    as_of: date,
    actor: str,
    progress: Callable[[int], None] = lambda rows: None,
) -> str:
    """Keep a file sealed for a day with what its dry run found; returns the id under which it waits.

    Raises `InputRefused` for a mapping or a file that is none, or a file that was imported already by the same
    mapping: then nothing is kept. Lines that are refused are told, up to a hundred thousand of them.
    """
    read = book_mapping.read(mapping)
    with tempfile.TemporaryDirectory(dir=staged.folder()) as place:
        file, told = Path(place) / "book.csv", Path(place) / "refused.csv"
        digest = _write(file, chunks)
        result = _look(file, told, read, as_of, progress)
        with unit.of_work(operation="stage_book", actor=actor) as work:
            staged.drop_old(work.now)
            public_id = ids.public_id()
            head = {
                "name": name[:120],
                "digest": digest,
                "mapping": mapping,
                "as_of": as_of.isoformat(),
                "staged_by": actor,
                "staged_at": work.now.isoformat(),
                "result": result,
            }
            staged.keep(public_id, head, book=file, refused=told)
            work.record(
                subject_kind="staged_book",
                subject_id=public_id,
                body={
                    "file": digest,
                    "mapping": read.digest,
                    "loans": result["totals"]["loans"],
                    "refused_lines": result["refused_lines"],
                },
            )
            return public_id


def _write(file: Path, chunks: Iterable[bytes]) -> str:
    digest, size = hashlib.sha256(), 0
    with file.open("wb") as target:
        for chunk in chunks:
            size += len(chunk)
            if size > book_file.MOST_BYTES:
                says = f"A book has at most {book_file.MOST_BYTES:,} bytes."
                raise InputRefused([Problem("book.size", says, "Split it.")])
            digest.update(chunk)
            target.write(chunk)
    return digest.hexdigest()


def _look(
    file: Path, told: Path, mapping: BookMapping, as_of: date, progress: Callable[[int], None]
) -> dict[str, Any]:
    first: list[list[object]] = []
    lines: set[int | None] = set()
    number = 0
    with told.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)

        def tell(one: Problem) -> bool:
            nonlocal number
            row: list[object] = [one.line or "", one.column or "", one.code, one.says, one.remedy]
            writer.writerow(row)
            if len(first) < FIRST_TOLD:
                first.append(row)
            lines.add(one.line)
            number += 1
            return number < MOST_TOLD

        totals = book_checking.check(file, mapping, as_of, tell, progress)
    return {
        "totals": totals.plain(),
        "refused_lines": len(lines),
        "problems": number,
        "first": first,
        "cut": number >= MOST_TOLD,
        "mapping_name": mapping.name,
    }
