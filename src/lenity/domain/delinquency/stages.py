"""Stages of delinquency: days past due in steps, as data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Stage:
    """One step: from which day past due on, and its name."""

    code: str
    from_day: int
    zh: str
    en: str


@dataclass(frozen=True)
class Stages:
    """All steps, lowest first."""

    steps: tuple[Stage, ...]

    def of(self, days_past_due: int) -> Stage:
        """The stage of a number of days past due."""
        return [step for step in self.steps if step.from_day <= days_past_due][-1]

    def to_plain(self) -> list[dict[str, str | int]]:
        """Plain values for a digest."""
        return [{"code": step.code, "from_day": step.from_day} for step in self.steps]


THIRTY = 30


def months_late(days_past_due: int) -> int:
    """Months late as a bureau and a book count them: k months late is (k-1) times thirty days or more.

    >>> [months_late(days) for days in (0, 1, 29, 30, 59, 60)]
    [0, 1, 1, 2, 2, 3]
    """
    return days_past_due // THIRTY + 1 if days_past_due > 0 else 0


def read(text: str) -> Stages:
    """Read stages; they begin at day 0 and rise."""
    steps = tuple(Stage(**raw) for raw in tomllib.loads(text)["stage"])
    days = [step.from_day for step in steps]
    if not days or days[0] != 0 or days != sorted(set(days)):
        raise ValueError("stages begin at day 0 and rise")
    return Stages(steps)


@cache
def standard() -> Stages:
    """The stages that come with Lenity."""
    return read(resources.files(__package__).joinpath("stages.toml").read_text("utf-8"))
