"""How the columns of another system's file become loans. The mapping is data; see `docs/import.md`."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.lending.imported_loan import MinimumPayment

FIELDS = {
    "account_number": True,
    "borrower_reference": False,
    "name": True,
    "identity_number": False,
    "birth_date": False,
    "mobile": False,
    "email": False,
    "address": False,
    "jurisdiction": True,
    "language": False,
    "zones": False,
    "currency": True,
    "product": False,
    "portfolio_type": False,
    "opened_on": True,
    "credit_limit": True,
    "balance": True,
    "billing_day": True,
}
"""The fields of a loan; true where each row needs one."""

DEFAULTS = {"product": "card", "portfolio_type": "R", "language": "", "zones": ""}
SECTIONS = ("name", "encoding", "delimiter", "columns", "constants", "history", "values", "due", "amounts")
MOST_MONTHS, LONGEST_NAME, LONGEST_MAPPING = 84, 200, 100_000
EXTRA = ("invented", "note", "source")


@dataclass(frozen=True)
class BookMapping:
    """A mapping file, read and checked."""

    name: str
    encoding: str
    delimiter: str
    columns: Mapping[str, str]
    constants: Mapping[str, str]
    months: tuple[tuple[str, str, str], ...]
    months_late: Mapping[str, int]
    minimum: MinimumPayment
    negative_balance: bool
    invented: tuple[str, ...]
    note: Mapping[str, str]
    digest: str

    def needed_columns(self) -> list[str]:
        """Every column that the file has to have."""
        history = [column for month in self.months for column in month if column]
        return [*self.columns.values(), *history]


def shipped(name: str) -> str:
    """The text of a mapping that comes with Lenity."""
    return resources.files(__package__).joinpath(f"mappings/{name}.toml").read_text("utf-8")


def read(text: str) -> BookMapping:
    """Read a mapping; `InputRefused` names each key that is wrong."""
    if len(text) > LONGEST_MAPPING:
        raise InputRefused([Problem("mapping", f"A mapping has at most {LONGEST_MAPPING:,} signs.")])
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise InputRefused([Problem("mapping", f"The mapping is not TOML: {error}.")]) from error
    problems = _problems(raw)
    if problems:
        raise InputRefused(problems)
    late = {str(key): int(value) for key, value in raw["values"]["months_late"].items()}
    return BookMapping(
        name=raw["name"],
        encoding=raw.get("encoding", "utf-8"),
        delimiter=raw.get("delimiter", ","),
        columns=raw["columns"],
        constants={**DEFAULTS, **{key: str(value) for key, value in raw.get("constants", {}).items()}},
        months=tuple(
            (month["status"], month.get("billed", ""), month.get("paid", ""))
            for month in raw["history"]["months"]
        ),
        months_late=late,
        minimum=MinimumPayment(int(raw["due"]["share_ppm"]), int(raw["due"]["floor_minor"])),
        negative_balance=bool(raw.get("amounts", {}).get("negative_balance", False)),
        invented=tuple(raw.get("invented", {}).get("fields", ())),
        note=raw.get("note", {}),
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )


def shipped_names() -> list[str]:
    """The mappings that come with Lenity, by the names of their files."""
    found = resources.files(__package__).joinpath("mappings").iterdir()
    return sorted(one.name.removesuffix(".toml") for one in found if one.name.endswith(".toml"))


def as_of_month_end(business_date: date) -> date:
    """The last day of the month before the business date: where a set's newest month is laid."""
    return date.fromordinal(business_date.replace(day=1).toordinal() - 1)


def _problems(raw: Mapping[str, Any]) -> list[Problem]:
    problems = [
        Problem("mapping", f"{key} is not a key of a mapping.", f"Use: {', '.join(SECTIONS + EXTRA)}.")
        for key in raw
        if key not in SECTIONS + EXTRA
    ]
    for key in ("name", "columns", "history", "values", "due"):
        if not raw.get(key):
            problems.append(Problem("mapping", f"{key} is missing.", "See docs/import.md."))
    problems += _shapes(raw) if not problems else []
    if problems:
        return problems
    given = {**raw["columns"], **DEFAULTS, **raw.get("constants", {})}
    for field, needed in FIELDS.items():
        if needed and field not in given:
            problems.append(Problem("mapping", f"columns.{field} is missing.", "Name its column."))
    for field in {**raw["columns"], **raw.get("constants", {})}:
        if field not in FIELDS:
            problems.append(Problem("mapping", f"{field} is not a field.", f"Use: {', '.join(FIELDS)}."))
    due = raw["due"]
    share, floor = due.get("share_ppm"), due.get("floor_minor")
    if not isinstance(share, int) or not 0 <= share <= 1_000_000:
        problems.append(Problem("mapping", "due.share_ppm must be a whole number from 0 to 1,000,000."))
    if not isinstance(floor, int) or floor < 0:
        problems.append(Problem("mapping", "due.floor_minor must be a whole number, 0 or more."))
    return problems


def _shapes(raw: Mapping[str, Any]) -> list[Problem]:
    """Every part is of the kind that it has to be, so that a mapping written elsewhere can do no harm."""
    says: list[str] = []
    tables = {
        key: raw.get(key, {}) for key in ("columns", "constants", "history", "values", "due", "amounts")
    }
    says += [f"{key} must be a table." for key, value in tables.items() if not isinstance(value, dict)]
    if says:
        return [Problem("mapping", one, "See docs/import.md.") for one in says]
    for key in ("name", "encoding", "delimiter"):
        if not isinstance(raw.get(key, ""), str):
            says.append(f"{key} must be a text.")
    if len(str(raw.get("delimiter", ","))) != 1:
        says.append("delimiter must be one sign.")
    says += [f"columns.{key} must be a text." for key, one in raw["columns"].items() if not _is_text(one)]
    months = raw["history"].get("months")
    if not isinstance(months, list) or not 0 < len(months) <= MOST_MONTHS:
        says.append(f"history.months needs 1 to {MOST_MONTHS} months, newest first.")
    elif not all(
        isinstance(one, dict) and "status" in one and all(map(_is_text, one.values())) for one in months
    ):
        says.append("each of history.months needs a status, and its columns are texts.")
    late = raw["values"].get("months_late")
    if not isinstance(late, dict) or not all(type(one) is int and 0 <= one <= 999 for one in late.values()):
        says.append("values.months_late is missing, or a value of it is no whole number from 0 to 999.")
    note, invented = raw.get("note", {}), raw.get("invented", {})
    if not isinstance(note, dict) or not isinstance(invented, dict):
        says.append("note and invented must be tables.")
    return [Problem("mapping", one, "See docs/import.md.") for one in says]


def _is_text(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_NAME
