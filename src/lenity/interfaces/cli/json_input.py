"""JSON in and out of commands: numbers keep their digits, faults are told in words."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

import typer

from lenity.base.outcomes import InputRefused, Problem

MOST = 2_000_000


def read(file: Path | None) -> object:
    """JSON from a file or standard input. Numbers with a point stay text, so that nothing is rounded."""
    if file is not None and not file.is_file():
        raise InputRefused([Problem("json.file", f"There is no file {file.name}.", "Check the path.")])
    if file is not None and file.stat().st_size > MOST:
        raise InputRefused([Problem("json.size", f"The input has more than {MOST} bytes.")])
    raw = file.read_bytes() if file is not None else sys.stdin.buffer.read(MOST + 1)
    if len(raw) > MOST:
        raise InputRefused([Problem("json.size", f"The input has more than {MOST} bytes.")])
    try:
        value: object = json.loads(
            raw.decode("utf-8-sig"), parse_float=str, parse_constant=_refuse, object_pairs_hook=_once
        )
    except InputRefused:
        raise
    except UnicodeDecodeError as error:
        raise InputRefused([Problem("json.encoding", "The input is not UTF-8.")]) from error
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        why = f" {error.msg}." if isinstance(error, json.JSONDecodeError) else ""
        raise InputRefused([Problem("json", f"The input is not JSON.{why}", line=line)]) from error
    return value


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object in which no name comes twice: the first of two would be lost without a word."""
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        says = f"The name {twice[:40]!r} comes twice in one object."
        raise InputRefused([Problem("json.twice", says, "Keep one of them.")])
    return found


def _refuse(word: str) -> object:
    raise ValueError(f"{word} is not a number")


def say(value: object) -> None:
    """Print a value as JSON."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))


def day(text: str) -> date:
    """A day of the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputRefused(
            [Problem("day", f"{text[:20]!r} is not a day.", "Write it as 2026-11-24.")]
        ) from error


def text(file: Path) -> str:
    """A text file of the command line."""
    try:
        return file.read_text("utf-8-sig")
    except OSError as error:
        says = f"{file.name} cannot be read: {error.strerror}."
        raise InputRefused([Problem("file", says, "Check the path.")]) from error
    except UnicodeDecodeError as error:
        raise InputRefused([Problem("file.encoding", f"{file.name} is not UTF-8 text.")]) from error
