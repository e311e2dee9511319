"""A treatment strategy is data: it says which contacts to wish for. The gate decides on each."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any

from lenity.base.outcomes import InputRefused, Problem
from lenity.base.rates import PPM
from lenity.domain.debt_collection import messages


@dataclass(frozen=True)
class Step:
    """One line of a strategy: between two days past due, one wish every so many days."""

    name: str
    first_day: int
    last_day: int
    channels: tuple[str, ...]
    purpose: str
    every_days: int
    template: Mapping[str, Mapping[str, str]]
    worth_ppm: Mapping[str, int]
    """What a contact is expected to bring in, by channel, in millionths of what is overdue."""


@dataclass(frozen=True)
class HoldOut:
    """The part of the borrowers that is left alone in the first days, to measure what contacts are worth."""

    share_ppm: int
    first_day: int
    last_day: int


@dataclass(frozen=True)
class Alone:
    """Who is not contacted because she is likely to be back on time without it, and until which day."""

    cures_at_least_ppm: int
    last_day: int


NOBODY_ALONE = Alone(PPM + 1, 0)


@dataclass(frozen=True)
class Strategy:
    """All steps with a digest that names exactly this text."""

    name: str
    version: int
    steps: tuple[Step, ...]
    hold_out: HoldOut
    digest: str
    alone: Alone = NOBODY_ALONE


@dataclass(frozen=True)
class Cures:
    """How likely a loan is back on time within a month, by which model.

    Only a model of people left alone by lot says what happens without contact; another one only ranks.
    """

    ppm: int
    without_contact: bool
    model: str


@dataclass(frozen=True)
class Case:
    """What a strategy may look at: one loan in arrears and how its borrower can be reached."""

    borrower_id: str
    loan_id: str
    jurisdiction: str
    days_past_due: int
    points: Mapping[str, str]
    last_wishes: Mapping[str, date]
    overdue_minor: int = 0
    currency: str = ""
    cures: Cures | None = None


@dataclass(frozen=True)
class Planned:
    """One wish that follows from a step."""

    borrower_id: str
    loan_ids: tuple[str, ...]
    channel: str
    point_id: str
    purpose: str
    template: str
    step: str


def read(text: str) -> Strategy:
    """Read a strategy; raises `InputRefused` that names the key."""
    try:
        data = tomllib.loads(text)
        steps = tuple(_step(raw) for raw in data["step"])
        hold_out = HoldOut(**data["hold_out"])
        alone = Alone(**data["alone"]) if "alone" in data else NOBODY_ALONE
        name, version = str(data["name"]), int(data["version"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        problem = Problem("strategy", f"The strategy cannot be read: {error}.", "See strategies/gentle.toml.")
        raise InputRefused([problem]) from error
    problems = [problem for step in steps for problem in (*_problems(step), *_templates(step))]
    told = (
        hold_out.share_ppm,
        hold_out.first_day,
        hold_out.last_day,
        alone.cures_at_least_ppm,
        alone.last_day,
    )
    if any(type(one) is not int for one in told):
        says = "Shares and days of hold_out and alone are whole numbers."
        raise InputRefused([Problem("strategy", says, "See strategies/gentle.toml.")])
    if not 0 <= hold_out.share_ppm <= PPM:
        problems.append(Problem("hold_out", "share_ppm must lie between 0 and 1,000,000."))
    if "alone" in data and not 0 < alone.cures_at_least_ppm <= PPM:
        problems.append(Problem("alone", "cures_at_least_ppm lies between 1 and 1,000,000."))
    if problems:
        raise InputRefused(problems)
    return Strategy(name, version, steps, hold_out, hashlib.sha256(text.encode()).hexdigest(), alone)


def shipped(name: str = "gentle") -> Strategy:
    """A strategy that comes with Lenity."""
    return read(resources.files(__package__).joinpath(f"strategies/{name}.toml").read_text("utf-8"))


def plan(strategy: Strategy, case: Case, on_date: date) -> list[Planned]:
    """The wishes for one case on a day: the first channel of each step that is due, none for the held-out part."""
    return [wish for step in due_steps(strategy, case, on_date) for wish in wishes_of(step, case)[:1]]


def due_steps(strategy: Strategy, case: Case, on_date: date) -> list[Step]:
    """The steps that are due for a case on a day, none for the held-out part."""
    if held_out(strategy, case):
        return []
    return [step for step in strategy.steps if _is_due(step, case, on_date)]


def wishes_of(step: Step, case: Case) -> list[Planned]:
    """A step's wish over each of its channels that reaches the borrower, in the strategy's order."""
    templates = step.template.get(case.jurisdiction, {})
    return [
        Planned(
            case.borrower_id,
            (case.loan_id,),
            channel,
            case.points[channel],
            step.purpose,
            templates[channel],
            step.name,
        )
        for channel in step.channels
        if channel in case.points and channel in templates
    ]


def held_out(strategy: Strategy, case: Case) -> bool:
    """Whether the case belongs to the part that is left alone in its first days (a stable draw by id)."""
    rule = strategy.hold_out
    draw = int.from_bytes(hashlib.sha256(case.borrower_id.encode()).digest()[:8], "big") % PPM
    return rule.first_day <= case.days_past_due <= rule.last_day and draw < rule.share_ppm


def left_alone(strategy: Strategy, case: Case) -> bool:
    """Whether the borrower is likely enough to be back on time without any contact, in the days that allow it."""
    rule, cures = strategy.alone, case.cures
    likely = cures is not None and cures.without_contact and cures.ppm >= rule.cures_at_least_ppm
    return likely and case.days_past_due <= rule.last_day


def _is_due(step: Step, case: Case, on_date: date) -> bool:
    if not step.first_day <= case.days_past_due <= step.last_day:
        return False
    last = case.last_wishes.get(step.purpose)
    return last is None or (on_date - last).days >= step.every_days


def _step(raw: Mapping[str, Any]) -> Step:
    return Step(
        name=str(raw["name"]),
        first_day=int(raw["first_day"]),
        last_day=int(raw["last_day"]),
        channels=tuple(raw["channels"]),
        purpose=str(raw["purpose"]),
        every_days=int(raw["every_days"]),
        template=raw["template"],
        worth_ppm={name: int(worth) for name, worth in raw.get("worth_ppm", {}).items()},
    )


def _problems(step: Step) -> list[Problem]:
    problems = []
    if not 0 < step.first_day <= step.last_day:
        problems.append(
            Problem("step", f"Step {step.name!r}: first_day must be 1 or more and before last_day.")
        )
    if step.every_days < 1:
        problems.append(Problem("step", f"Step {step.name!r}: every_days must be 1 or more."))
    if any(not 0 <= worth <= PPM for worth in step.worth_ppm.values()):
        problems.append(Problem("step", f"Step {step.name!r}: worth_ppm lies between 0 and 1,000,000."))
    if not step.channels:
        problems.append(Problem("step", f"Step {step.name!r} names no channel."))
    return problems


def _templates(step: Step) -> list[Problem]:
    """Each message is one that there is, for its channel and its place."""
    return [
        Problem("step", f"Step {step.name!r}: {name!r} is no template for {channel} in {place}.")
        for place, by_channel in step.template.items()
        for channel, name in by_channel.items()
        if (found := messages.shipped().get(name)) is None
        or (found.channel, found.place) not in ((channel, place), (channel, messages.ANYWHERE))
    ]
