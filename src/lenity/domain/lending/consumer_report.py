"""A consumer report that a decision was based on, as the US-FCRA-615a notice has to tell of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from lenity.base.outcomes import InputRefused, Problem

FIELDS = (
    "agency",
    "address",
    "telephone",
    "score",
    "lowest",
    "highest",
    "scored_on",
    "provider",
    "factors",
    "inquiries",
)
LONGEST = 200
HIGHEST_SCORE = 10_000
MOST_FACTORS = 5


@dataclass(frozen=True, slots=True)
class ConsumerReport:
    """Who furnished the report; its score with range, date, provider and key factors, where it had one.

    `inquiries`: the number of inquiries is among the factors, which then may be five.
    """

    agency: str
    address: str
    telephone: str
    score: int | None = None
    lowest: int | None = None
    highest: int | None = None
    scored_on: date | None = None
    provider: str = ""
    factors: tuple[str, ...] = ()
    inquiries: bool = False

    def plain(self) -> dict[str, Any]:
        """As it is stored with an application."""
        kept = asdict(self)
        return kept | {
            "scored_on": self.scored_on.isoformat() if self.scored_on else None,
            "factors": list(self.factors),
        }


def of(plain: Mapping[str, Any]) -> ConsumerReport:
    """A report as it was stored."""
    day = plain.get("scored_on")
    known = {key: plain[key] for key in FIELDS if key in plain}
    return ConsumerReport(
        **known | {"scored_on": date.fromisoformat(day) if day else None, "factors": tuple(plain["factors"])}
    )


def read(raw: object, today: date) -> ConsumerReport:
    """A report from a JSON object. Raises `InputRefused` with every fault found."""
    if not isinstance(raw, Mapping):
        says = "consumer_report: It is an object."
        raise InputRefused([_problem(says, f"Fields: {', '.join(FIELDS)}.")])
    problems = [
        _problem(f"consumer_report: {str(key)[:40]} is not a field.", f"Fields: {', '.join(FIELDS)}.")
        for key in raw
        if key not in FIELDS
    ]
    problems += [
        _problem(f"consumer_report: {key} is a text of 1 to {LONGEST} signs.")
        for key in ("agency", "address", "telephone")
        if not _is_text(raw.get(key))
    ]
    problems += [
        _problem("consumer_report: provider is a text.")
        for one in [raw.get("provider", "")]
        if one != "" and not _is_text(one)
    ]
    day = _day(raw.get("scored_on"), today)
    problems += _score_problems(raw, day)
    if problems:
        raise InputRefused(problems)
    return ConsumerReport(
        agency=raw["agency"].strip(),
        address=raw["address"].strip(),
        telephone=raw["telephone"].strip(),
        score=raw.get("score"),
        lowest=raw.get("lowest"),
        highest=raw.get("highest"),
        scored_on=day,
        provider=raw.get("provider", "").strip(),
        factors=tuple(one.strip() for one in raw.get("factors") or ()),
        inquiries=raw.get("inquiries", False),
    )


def _score_problems(raw: Mapping[str, Any], day: date | None) -> list[Problem]:
    """A score comes with its range, its date and its factors, or not at all."""
    factors = raw.get("factors") or []
    problems = []
    if not isinstance(factors, list) or not all(_is_text(one) for one in factors):
        problems.append(_problem("consumer_report: factors is a list of texts."))
    inquiries = raw.get("inquiries", False)
    if type(inquiries) is not bool:
        problems.append(_problem("consumer_report: inquiries is true or false."))
    if problems:
        return problems
    scale = [raw.get(key) for key in ("lowest", "score", "highest")]
    if scale == [None, None, None] and raw.get("scored_on") is None and not factors:
        return []
    whole = all(type(one) is int and 0 <= one <= HIGHEST_SCORE for one in scale)
    if not whole or not scale[0] <= scale[1] <= scale[2] or scale[0] == scale[2]:  # type: ignore[operator]
        problems.append(_problem("consumer_report: score lies between lowest and highest, whole numbers."))
    if day is None:
        problems.append(_problem("consumer_report: scored_on is a day up to today, such as 2026-11-24."))
    if not 1 <= len(factors) <= MOST_FACTORS - (not inquiries):
        says = "consumer_report: a score has 1 to 4 key factors, 5 where inquiries are one of them."
        problems.append(_problem(says))
    return problems


def _day(value: object, today: date) -> date | None:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return day if day and day <= today else None


def _is_text(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= LONGEST and value.isprintable()


def _problem(says: str, remedy: str = "") -> Problem:
    return Problem("application.consumer_report", says, remedy)
