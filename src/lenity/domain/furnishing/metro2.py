"""Writes and reads Metro 2 files in character format, one 426-character record a line.

A file is a header, a base segment for each account and a trailer that counts them. What is written, read
and written again is the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.furnishing.layout import BASE, COUNTED_STATUSES, HEADER, RECORD, TRAILER, Field

Record = Mapping[str, str]
LARGEST_DOLLARS = 999_999_999
LONGEST_RECORD = 20_000


@dataclass(frozen=True)
class File:
    """A file as it was read: its records by field name, reserved fields left out where blank."""

    header: Record
    accounts: tuple[Record, ...]
    trailer: Record


def day(value: date | None) -> str:
    """MMDDYYYY, zeros when there is none."""
    return value.strftime("%m%d%Y") if value else "00000000"


def dollars(minor: int) -> str:
    """Whole dollars, cents cut off, never negative; an amount past nine digits is refused."""
    whole = max(minor, 0) // 100
    if whole > LARGEST_DOLLARS:
        raise InputRefused([Problem("metro2.amount", f"{whole} dollars do not fit nine digits.")])
    return str(whole)


def write(header: Record, accounts: Sequence[Record]) -> bytes:
    """A whole file. Values that do not fit their field, or are not printable ASCII, are refused."""
    lines = [_line(HEADER, {**header, "rdw": str(RECORD), "identifier": "HEADER"}, "header")]
    for number, account in enumerate(accounts, start=2):
        base = {**account, "rdw": str(RECORD), "processing_indicator": "1"}
        lines.append(_line(BASE, base, f"line {number}"))
    lines.append(_line(TRAILER, trailer(accounts), "trailer"))
    return ("\n".join(lines) + "\n").encode("ascii")


def trailer(accounts: Sequence[Record]) -> dict[str, str]:
    """The counts of a trailer."""
    statuses = [account["account_status"].strip() for account in accounts]
    counts = {f"status_{status}": statuses.count(status) for status in (*COUNTED_STATUSES, "DA", "DF")}
    counts |= {
        "base_records": len(accounts),
        "ecoa_z": sum(account.get("ecoa", "") == "Z" for account in accounts),
        "ssn_all": _filled(accounts, "ssn"),
        "ssn_base": _filled(accounts, "ssn"),
        "birth_all": _filled(accounts, "birth_date"),
        "birth_base": _filled(accounts, "birth_date"),
        "telephones": _filled(accounts, "telephone"),
    }
    return {"rdw": str(RECORD), "identifier": "TRAILER", **{key: str(value) for key, value in counts.items()}}


def read(content: bytes) -> File:
    """Read a file; a record's length comes from its descriptor word and is bounded by its line."""
    try:
        text = content.decode("ascii")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputRefused([Problem("metro2.encoding", "A sign is not ASCII.", "", line)]) from error
    lines = [line.rstrip("\r") for line in text.split("\n") if line.strip()]
    if len(lines) < 2:
        raise InputRefused([Problem("metro2.empty", "A file has a header and a trailer at least.")])
    problems = [problem for number, line in enumerate(lines, start=1) for problem in _shape(line, number)]
    if problems:
        raise InputRefused(problems)
    file = File(
        _cut(HEADER, lines[0]),
        tuple(_cut(BASE, line) for line in lines[1:-1]),
        _cut(TRAILER, lines[-1]),
    )
    problems = _frame(file)
    if problems:
        raise InputRefused(problems)
    return file


def _shape(line: str, number: int) -> Iterable[Problem]:
    word = line[:4]
    if not word.isdigit():
        yield Problem("metro2.rdw", f"The descriptor word {word!r} is not a number.", "", number, "1-4")
    elif not RECORD <= int(word) <= LONGEST_RECORD:
        yield Problem("metro2.rdw", f"The descriptor word says {int(word)}.", "", number, "1-4")
    elif len(line) < RECORD:
        says = f"The record has {len(line)} of {RECORD} signs."
        yield Problem("metro2.length", says, "Is the file cut off?", number)


def _frame(file: File) -> list[Problem]:
    problems = []
    if file.header["identifier"] != "HEADER":
        problems.append(Problem("metro2.header", "The first record is not a header.", "", 1, "5-10"))
    if file.trailer["identifier"] != "TRAILER":
        problems.append(Problem("metro2.trailer", "The last record is not a trailer."))
        return problems
    for name, expected in trailer(file.accounts).items():
        if file.trailer[name].lstrip("0") != expected.lstrip("0"):
            says = f"The trailer says {name} {file.trailer[name]}, the records {expected}."
            problems.append(Problem("metro2.count", says))
    return problems


def _line(layout: Sequence[Field], values: Record, where: str) -> str:
    unknown = set(values) - {field.name for field in layout}
    if unknown:
        raise InputRefused([Problem("metro2.field", f"{where}: no field {', '.join(sorted(unknown))}.")])
    return "".join(_cell(field, values.get(field.name, ""), where) for field in layout)


def _cell(field: Field, value: str, where: str) -> str:
    text = value.upper()
    if not text.isascii() or (text and not text.isprintable()):
        says = f"{where}: {field.name} has signs that the file cannot carry."
        raise InputRefused(
            [Problem("metro2.sign", says, "Give the name in Latin letters.", None, field.name)]
        )
    if len(text) > field.length or (field.kind == "n" and text and not text.isdigit()):
        says = f"{where}: {field.name} {text[:40]!r} does not fit {field.length} {field.kind}."
        raise InputRefused([Problem("metro2.fit", says, "", None, field.name)])
    return text.rjust(field.length, "0") if field.kind == "n" else text.ljust(field.length)


def _cut(layout: Sequence[Field], line: str) -> Record:
    return {field.name: line[field.start - 1 : field.end].strip() for field in layout}


def _filled(accounts: Sequence[Record], name: str) -> int:
    return sum(account.get(name, "").strip("0 9") != "" for account in accounts)
