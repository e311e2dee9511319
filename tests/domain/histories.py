"""Random questions to the gate from a seeded generator, or from one that Hypothesis plays and shrinks.

`anything` draws widely; `edge` has all in order but one matter, close to its limit: how often, consent, hours.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from random import Random  # noqa: TID251 - seeded, or played by Hypothesis
from typing import Any
from zoneinfo import ZoneInfo

Question = dict[str, Any]
START = datetime(2026, 3, 2, tzinfo=UTC)
"""A week with the American change of clocks in it."""
DAY = 24 * 60
ZONES = ["America/New_York", "America/Los_Angeles", "Asia/Shanghai"]
ROLES = ["borrower"] * 6 + ["spouse", "guarantor", "third_party", "attorney"]
KINDS = {
    "US": ["cease", "dispute", "verification_sent", "channel_opt_out", "attorney", "employer_forbids",
           "hours_consent", "quiet_hours", "quiet_hours", "direct_consent", "direct_consent", "refuses_to_pay",
           "known_disclosure", "validation_notice"],
    "CN": ["channel_opt_out", "plan", "hours_consent", "attempts_consent"],
}  # fmt: skip
OUTCOMES = ["no_answer", "conversation", "busy", "not_connected", "voicemail", "not_in_service", "wrong_person",
            "limited_content_message"]  # fmt: skip
FREQUENT = {
    "US": ["no_answer", "no_answer", "no_answer", "voicemail", "busy"],
    "CN": ["no_answer", "conversation", "voicemail", "unknown", "busy"],
}
MINUTES_FROM_NOON = [-241, -240, 0, 180, 299, 300, 539, 540, 599, 600]


def anything(chance: Random, place: str) -> Question:
    """A question drawn widely: any hour of two weeks, any history, any standing."""
    at = _minute(chance)
    point = {
        "id": chance.choice(["P", "Q"]),
        "role": chance.choice(ROLES),
        "use": chance.choice(["unknown", "work", "home"]),
        "zones": _some(chance, ZONES, 0, 1),
    }
    history = [
        {
            "at": _text(max(at - chance.randint(0, 9 * DAY), 0)),
            "channel": chance.choice(["call", "call", "call", "email", "sms"]),
            "direction": chance.choice(["out", "out", "out", "in"]),
            "outcome": chance.choice(OUTCOMES),
            "debts": _some(chance, ["A", "B"], 0, 2),
            "point": chance.choice(["P", "Q"]),
            "role": chance.choice(["borrower"] * 8 + ["spouse"]),
        }
        for _ in range(chance.randint(0, 14))
    ]
    return {
        "rules": {"house": False},
        "person": _person(place, _some(chance, ZONES, 1, 2)),
        "proposal": {
            "at": _text(at),
            "channel": chance.choice(["call", "call", "call", "sms", "email", "visit"]),
            "debts": _some(chance, ["A", "B"], 1, 2),
            "point": point,
            "collectors": chance.randint(1, 2),
        },
        "history": sorted(history, key=lambda one: str(one["at"])),
        "standings": [_standing(chance, place, at) for _ in range(chance.randint(0, 2))],
    }


def edge(chance: Random, place: str) -> Question:
    """All in order but one matter, close to its edge."""
    zone = chance.choice(ZONES) if place == "US" else "Asia/Shanghai"
    noon = datetime(2026, 3, 11, 12, tzinfo=ZoneInfo(zone))
    matter = chance.choice(
        ["often", "often", "consent", "hours", *(["period", "reply"] if place == "US" else [])]
    )
    question: Question = {
        "rules": {"house": False},
        "person": _person(place, [zone]),
        "proposal": {
            "at": noon.isoformat(),
            "channel": "call",
            "debts": ["A"],
            "point": {"id": "P", "role": "borrower"},
            "collectors": 2,
        },
        "history": [],
        "standings": [],
    }
    if matter == "hours":
        at = noon + timedelta(minutes=chance.choice(MINUTES_FROM_NOON))
        question["proposal"]["at"] = at.isoformat()
        question["standings"] = [_wish(chance, noon)]
        if chance.randint(0, 1):
            question["history"] = [{**_call(noon - timedelta(hours=5), "no_answer"), "direction": "in"}]
        return question
    if matter in ("period", "reply"):
        return _period(chance, question, noon) if matter == "period" else _reply(chance, question, noon)
    oldest = chance.randint(5, 8) if place == "US" else chance.randint(0, 1)
    rare = "no_answer" if place == "CN" or chance.randint(0, 3) else "conversation"
    outcomes = [*FREQUENT[place], rare]
    ages = sorted((chance.randint(0, oldest) for _ in range(chance.randint(4, 10))), reverse=True)
    question["history"] = [
        _call(noon - timedelta(days=age, minutes=10), chance.choice(outcomes)) for age in ages
    ]
    if matter == "consent":
        kind = "direct_consent" if place == "US" else chance.choice(["attempts_consent", "hours_consent"])
        since = noon - timedelta(days=chance.randint(0, 9), minutes=5)
        question["standings"] = [{"kind": kind, "since": since.isoformat()}]
    return question


def _period(chance: Random, question: Question, noon: datetime) -> Question:
    """A dispute close to the end of the period that a notice began."""
    notice: Question = {"kind": "validation_notice", "since": (noon - timedelta(days=60)).isoformat()}
    if chance.randint(0, 1):
        notice["received"] = (noon - timedelta(days=50)).date().isoformat()
    days = chance.choice([60, 23, 22, 21, 20, 19, 17, 16])
    dispute = {"kind": "dispute", "since": (noon - timedelta(days=days)).isoformat()}
    return {**question, "standings": [notice, dispute]}


def _reply(chance: Random, question: Question, noon: datetime) -> Question:
    """A message of the person, in closed hours or not, and an answer in the same ones or later."""
    at = noon + timedelta(minutes=chance.choice([180, 200, 300, 540, 600, 719, 721, 1199]))
    wrote = at - timedelta(minutes=chance.choice([1, 30, 120, 200, 700, 1440]))
    message = {"at": wrote.isoformat(), "channel": "email", "direction": "in", "outcome": "delivered"}
    question["proposal"] |= {"at": at.isoformat(), "channel": "email"}
    return {**question, "history": [message], "standings": [_wish(chance, noon), _wish(chance, noon)]}


DRAWN: dict[str, tuple[Callable[[Random, str], Question], str]] = {
    "Regulation F, anything": (anything, "US"),
    "Regulation F, at its edges": (edge, "US"),
    "mainland China, anything": (anything, "CN"),
    "mainland China, at its edges": (edge, "CN"),
}


def _person(place: str, zones: list[str]) -> Question:
    profile = "collector" if place == "US" else "creditor"
    return {"jurisdiction": place, "zones": zones, "birth_date": "1980-05-01", "profile": profile}


def _standing(chance: Random, place: str, at: int) -> Question:
    kind, since = chance.choice(KINDS[place]), max(at - chance.randint(-600, 9 * DAY), 0)
    one: Question = {
        "kind": kind,
        "since": _text(since),
        "debts": _some(chance, ["A", "B"], 0, 2),
        "channel": chance.choice(["", "", "call", "email"]),
        "point": chance.choice(["", "", "P"]),
    }
    if chance.randint(0, 1):
        last = START + timedelta(minutes=at) + timedelta(days=chance.randint(-2, 2))
        one["until"] = max(last, START + timedelta(minutes=since)).date().isoformat()
    if one["kind"] in ("dispute", "cease", "refuses_to_pay") and chance.randint(0, 1):
        one["in_writing"] = bool(chance.randint(0, 1))
    if one["kind"].endswith("consent") and not chance.randint(0, 3):
        one["given"] = chance.choice(["to_another", "in_breach"])
    if not chance.randint(0, 5):
        one["ended_at"] = _text(max(at - chance.choice([-60, 0, 1, DAY]), since))
    if one["kind"] == "quiet_hours":
        one["weekdays"] = _some(chance, ["mon", "wed", "sat"], 0, 2)
        if chance.randint(0, 1):
            hours = [("15:00", "17:00"), ("20:00", "10:00"), ("08:00", "08:30")]
            one["closed_from"], one["closed_until"] = chance.choice(hours)
    return one


def _wish(chance: Random, noon: datetime) -> Question:
    hours = chance.choice([("15:00", "17:00"), ("20:00", "10:00"), ("17:00", "17:00"), ("", "")])
    wish: Question = {"kind": "quiet_hours", "since": (noon - timedelta(days=9)).isoformat()}
    wish["closed_from"], wish["closed_until"] = hours
    return {**wish, "weekdays": chance.choice([[], ["tue"], ["wed"], ["thu"], ["tue", "thu"]])}


def _call(when: datetime, outcome: str) -> Question:
    return {"at": when.isoformat(), "channel": "call", "outcome": outcome, "debts": ["A"]}


def _minute(chance: Random) -> int:
    """Any minute of two weeks, or one beside a full hour."""
    if chance.randint(0, 1):
        return chance.randint(0, 14 * DAY)
    return chance.randint(0, 13) * DAY + chance.randint(0, 23) * 60 + chance.choice([0, 1, 59])


def _some(chance: Random, of: Sequence[str], least: int, most: int) -> list[str]:
    """So many different ones, in any order."""
    return chance.sample(list(of), chance.randint(least, most))


def _text(minutes: int) -> str:
    return (START + timedelta(minutes=minutes)).isoformat()
