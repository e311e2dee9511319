"""A book file on disk, read row by row in flat memory: what makes it no book is refused, a bad row is told."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, AnyStr

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.lending.book_mapping import BookMapping

MOST_BYTES = 200_000_000
MOST_COLUMNS = 500
A_READ = 1 << 18
LONGEST_ROW = 20_000
LONGEST_LINE = 200_000
"""Signs of one row, and of one line of the file, where a row that is none would end."""
PACKED = {
    b"PK\x03\x04": "ZIP or spreadsheet",
    b"\x1f\x8b": "gzip",
    b"%PDF": "PDF",
    b"\xd0\xcf\x11\xe0": "Excel",
}

Row = Mapping[str, str] | Problem


def digest(file: Path) -> str:
    """The SHA-256 of the bytes."""
    if not file.is_file():
        raise InputRefused([Problem("book.file", f"There is no file {file.name}.", "Check the path.")])
    with file.open("rb") as raw:
        return hashlib.file_digest(raw, "sha256").hexdigest()


class _Counted(io.RawIOBase):
    """A file's bytes with their digest, taken as they are read."""

    def __init__(self, file: Path) -> None:
        self._raw, self.seen = file.open("rb"), hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = self._raw.readinto(buffer)
        self.seen.update(memoryview(buffer)[:count])
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


def rows(file: Path, mapping: BookMapping, expected: str) -> Iterator[tuple[int, Row]]:
    """Rows with their line numbers; a row that is ragged, too long or binary comes as its problem.

    Raises `InputRefused` for what cannot be read on: another encoding, a packed file, a missing column; and at
    the end, where the bytes that were read do not have the digest `expected`.
    """
    _check_bytes(file)
    raw = _Counted(file)
    encoding = "utf-8-sig" if mapping.encoding.lower() in ("utf-8", "utf8") else mapping.encoding
    try:
        with io.TextIOWrapper(io.BufferedReader(raw, A_READ), encoding=encoding, newline="") as text:
            reader = csv.reader(_lines(text), delimiter=mapping.delimiter, strict=True)
            header = next(reader, None)
            if not header:
                raise InputRefused([Problem("book.empty", "The file is empty.", "Give a header and rows.")])
            _check_header(header, mapping)
            for row in reader:
                if row:
                    line = reader.line_num
                    yield line, _problem(row, len(header), line) or dict(zip(header, row, strict=True))
        if raw.seen.hexdigest() != expected:
            says = "The file changed while it was read; nothing was stored."
            raise InputRefused([Problem("book.changed", says, "Wait until it is whole, then import it.")])
    except UnicodeDecodeError as error:
        raise InputRefused([_foreign(file, mapping, error)]) from error
    except LookupError as error:
        raw.close()
        raise InputRefused([Problem("mapping", f"encoding {mapping.encoding!r} is not known.")]) from error
    except csv.Error as error:
        raise InputRefused([Problem("book.csv", f"The file cannot be read as CSV: {error}.")]) from error


def _check_bytes(file: Path) -> None:
    if file.stat().st_size > MOST_BYTES:
        raise InputRefused([Problem("book.size", f"A book has at most {MOST_BYTES:,} bytes.", "Split it.")])
    with file.open("rb") as raw:
        head = raw.read(4)
    for sign, name in PACKED.items():
        if head.startswith(sign):
            raise InputRefused([Problem("book.packed", f"This is a {name} file.", "Save it as CSV.")])


def _lines(file: IO[AnyStr]) -> Iterator[AnyStr]:
    """The lines of a file, none of them longer than memory should hold."""
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            says = f"A line has {LONGEST_LINE:,} signs or more."
            raise InputRefused([Problem("book.long", says, "Is this a CSV with one loan a line?")])
        yield line


def _check_header(header: list[str], mapping: BookMapping) -> None:
    if len(header) > MOST_COLUMNS:
        says = f"The header has {len(header):,} columns; at most {MOST_COLUMNS} are taken."
        raise InputRefused([Problem("book.columns", says, "Leave out what the mapping does not name.", 1)])
    missing = [column for column in mapping.needed_columns() if column not in header]
    doubled = [column for column, times in Counter(header).items() if times > 1]
    problems = [
        Problem("book.column", "The column is missing.", "Add it or change the mapping.", 1, column)
        for column in dict.fromkeys(missing)
    ]
    problems += [
        Problem("book.column", "The column stands twice.", "Rename one.", 1, name) for name in doubled
    ]
    if problems:
        raise InputRefused(problems)


def _problem(row: list[str], width: int, line: int) -> Problem | None:
    if len(row) != width:
        says = f"The row has {len(row)} cells, the header {width}."
        return Problem("book.ragged", says, "Check quotes and delimiters.", line)
    if sum(map(len, row)) > LONGEST_ROW:
        return Problem("book.long", f"The row has more than {LONGEST_ROW:,} signs.", "", line)
    if any("\x00" in cell for cell in row):
        return Problem("book.binary", "The row has a zero byte in it.", "Is this text?", line)
    return None


def _foreign(file: Path, mapping: BookMapping, error: UnicodeDecodeError) -> Problem:
    remedy = f"Save the file as {mapping.encoding}, or set encoding (for instance gb18030) in the mapping."
    says = f"The file is not {mapping.encoding}: byte {error.object[error.start]:#04x}."
    return Problem("book.encoding", says, remedy, _line_of(file, error))


def _line_of(file: Path, error: UnicodeDecodeError) -> int:
    """The line of the first byte that cannot be decoded; chunks are read again as plain bytes."""
    line = 1
    with file.open("rb") as raw:
        for number, content in enumerate(_lines(raw), start=1):
            line = number
            try:
                content.decode(error.encoding.removesuffix("-sig"))
            except UnicodeDecodeError:
                break
    return line
