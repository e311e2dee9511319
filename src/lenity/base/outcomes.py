"""Refusals are values with a name, and problems say what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input: a stable code, where it is, what is wrong, what to do."""

    code: str
    says: str
    remedy: str = ""
    line: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        where = [f"line {self.line}"] if self.line is not None else []
        where += [f"column {self.column}"] if self.column else []
        place = f"{', '.join(where)}: " if where else ""
        return f"{place}{self.says}" + (f" {self.remedy}" if self.remedy else "")


class InputRefused(ValueError):
    """An input was refused as a whole; `problems` lists why. Nothing was stored."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("; ".join(str(problem) for problem in problems[:5]))
