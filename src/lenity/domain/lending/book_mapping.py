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
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
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
    if problems:
        return problems
    given = {**raw["columns"], **DEFAULTS, **raw.get("constants", {})}
    for field, needed in FIELDS.items():
        if needed and field not in given:
            problems.append(Problem("mapping", f"columns.{field} is missing.", "Name its column."))
    for field in {**raw["columns"], **raw.get("constants", {})}:
        if field not in FIELDS:
            problems.append(Problem("mapping", f"{field} is not a field.", f"Use: {', '.join(FIELDS)}."))
    if "months_late" not in raw["values"]:
        problems.append(Problem("mapping", "values.months_late is missing.", "Say what each status means."))
    if not isinstance(raw["history"].get("months"), list) or not raw["history"]["months"]:
        problems.append(Problem("mapping", "history.months needs at least one month, newest first."))
    due = raw["due"]
    share, floor = due.get("share_ppm"), due.get("floor_minor")
    if not isinstance(share, int) or not 0 <= share <= 1_000_000:
        problems.append(Problem("mapping", "due.share_ppm must be a whole number from 0 to 1,000,000."))
    if not isinstance(floor, int) or floor < 0:
        problems.append(Problem("mapping", "due.floor_minor must be a whole number, 0 or more."))
    return problems
