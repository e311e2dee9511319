"""The gate and an oracle that shares no code with it agree on random histories."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from lenity.domain.debt_collection import gate
from lenity.interfaces.shared import gate_input
from lenity.law import reader
from tests.domain import oracle

CASES = int(os.environ.get("LENITY_ORACLE_CASES", "1000"))
"""Run with more, such as LENITY_ORACLE_CASES=1000000, for a night's answer."""
START = datetime(2026, 3, 2, tzinfo=UTC)
"""A week with the American change of clocks in it."""
INSTANTS = st.one_of(
    st.integers(0, 14 * 24 * 60),
    st.builds(lambda day, hour, minute: (day * 24 + hour) * 60 + minute, st.integers(0, 13), st.integers(0, 23),
              st.sampled_from([0, 1, 59])),
)  # fmt: skip
ZONES = ["America/New_York", "America/Los_Angeles", "Asia/Shanghai"]
KINDS = {
    "US": ["cease", "dispute", "verification_sent", "channel_opt_out", "attorney", "employer_forbids",
           "hours_consent", "quiet_hours", "direct_consent", "direct_consent"],
    "CN": ["channel_opt_out", "plan", "hours_consent", "attempts_consent"],
}  # fmt: skip
OUTCOMES = [
    "no_answer",
    "conversation",
    "busy",
    "not_connected",
    "voicemail",
    "not_in_service",
    "limited_content_message",
]


def text(minutes: int) -> str:
    return (START + timedelta(minutes=minutes)).isoformat()


@st.composite
def questions(draw: Any, place: str) -> dict[str, Any]:
    at = draw(INSTANTS)
    debts = st.lists(st.sampled_from(["A", "B"]), unique=True, max_size=2)
    point = {
        "id": draw(st.sampled_from(["P", "Q"])),
        "role": draw(st.sampled_from(["borrower"] * 6 + ["spouse", "guarantor", "third_party", "attorney"])),
        "use": draw(st.sampled_from(["unknown", "work", "home"])),
        "zones": draw(st.lists(st.sampled_from(ZONES), max_size=1)),
    }
    history = [
        {
            "at": text(max(at - draw(st.integers(0, 9 * 24 * 60)), 0)),
            "channel": draw(st.sampled_from(["call", "call", "call", "email", "sms"])),
            "direction": draw(st.sampled_from(["out", "out", "out", "in"])),
            "outcome": draw(st.sampled_from(OUTCOMES)),
            "debts": draw(debts),
            "point": draw(st.sampled_from(["P", "Q"])),
            "role": draw(st.sampled_from(["borrower"] * 8 + ["spouse"])),
        }
        for _ in range(draw(st.integers(0, 14)))
    ]
    history.sort(key=lambda one: one["at"])
    return {
        "rules": {"house": False},
        "person": {
            "jurisdiction": place,
            "zones": draw(st.lists(st.sampled_from(ZONES), min_size=1, max_size=2, unique=True)),
            "birth_date": "1980-05-01",
            "profile": "collector" if place == "US" else "creditor",
        },
        "proposal": {
            "at": text(at),
            "channel": draw(st.sampled_from(["call", "call", "call", "sms", "email", "visit"])),
            "debts": draw(st.lists(st.sampled_from(["A", "B"]), unique=True, min_size=1, max_size=2)),
            "point": point,
            "collectors": draw(st.integers(1, 2)),
        },
        "history": history,
        "standings": [draw(_standing(place, at, debts)) for _ in range(draw(st.integers(0, 2)))],
    }


@st.composite
def _standing(draw: Any, place: str, at: int, debts: Any) -> dict[str, Any]:
    one = {
        "kind": draw(st.sampled_from(KINDS[place])),
        "since": text(max(at - draw(st.integers(-600, 9 * 24 * 60)), 0)),
        "debts": draw(debts),
        "channel": draw(st.sampled_from(["", "", "call", "email"])),
        "point": draw(st.sampled_from(["", "", "P"])),
    }
    if draw(st.booleans()):
        one["until"] = (
            (START + timedelta(minutes=at) + timedelta(days=draw(st.integers(-2, 2)))).date().isoformat()
        )
    if one["kind"] == "quiet_hours":
        one["weekdays"] = draw(st.lists(st.sampled_from(["mon", "wed", "sat"]), unique=True, max_size=2))
        if draw(st.booleans()):
            one["closed_from"], one["closed_until"] = draw(
                st.sampled_from([("15:00", "17:00"), ("20:00", "10:00"), ("08:00", "08:30")])
            )
    return one


def _agree(question: dict[str, Any]) -> None:
    facts, rules = gate_input.read(question)
    book = reader.narrowed(reader.rulebook(facts.person.jurisdiction), house=rules.house)
    decided = gate.decide(facts, book)
    assert (decided.verdict == "allowed") == oracle.may(question), decided.leading
    if decided.earliest is not None:
        later = {**question, "proposal": {**question["proposal"], "at": decided.earliest.isoformat()}}
        assert gate.decide(gate_input.read(later)[0], book).verdict == "allowed"


@st.composite
def focused(draw: Any, place: str) -> dict[str, Any]:
    """All in order but one matter, close to its edge: how often, consent, the person's own hours."""
    zone = draw(st.sampled_from(ZONES if place == "US" else ["Asia/Shanghai"]))
    noon = datetime(2026, 3, 11, 12, tzinfo=ZoneInfo(zone))
    matter = draw(st.sampled_from(["often", "often", "consent", "hours"]))
    at = noon + timedelta(minutes=draw(st.sampled_from([-241, -240, 0, 180, 299, 300, 539, 540, 599, 600])))
    point = {"id": "P", "role": "borrower"}
    question: dict[str, Any] = {
        "rules": {"house": False},
        "person": {
            "jurisdiction": place,
            "zones": [zone],
            "birth_date": "1980-05-01",
            "profile": "collector" if place == "US" else "creditor",
        },
        "proposal": {
            "at": at.isoformat(),
            "channel": "call",
            "debts": ["A"],
            "point": point,
            "collectors": 2,
        },
        "history": [],
        "standings": [],
    }
    if matter == "hours":
        question["standings"] = [_wish(draw, noon)]
        if draw(st.booleans()):
            question["history"] = [{**_call(noon - timedelta(hours=5), "no_answer"), "direction": "in"}]
        return question
    question["proposal"]["at"] = noon.isoformat()
    oldest = draw(st.integers(5, 8)) if place == "US" else draw(st.integers(0, 1))
    rare = "conversation" if draw(st.integers(0, 3)) == 0 else "no_answer"
    outcomes = st.sampled_from(["no_answer", "no_answer", "no_answer", "voicemail", "busy", rare])
    if place == "CN":
        outcomes = st.sampled_from(["no_answer", "conversation", "voicemail", "unknown", "busy"])
    ages = sorted((draw(st.integers(0, oldest)) for _ in range(draw(st.integers(4, 10)))), reverse=True)
    question["history"] = [_call(noon - timedelta(days=age, minutes=10), draw(outcomes)) for age in ages]
    if matter == "consent":
        kind = (
            "direct_consent"
            if place == "US"
            else draw(st.sampled_from(["attempts_consent", "hours_consent"]))
        )
        since = noon - timedelta(days=draw(st.integers(0, 9)), minutes=5)
        question["standings"] = [{"kind": kind, "since": since.isoformat()}]
    return question


def _call(when: datetime, outcome: str) -> dict[str, Any]:
    return {"at": when.isoformat(), "channel": "call", "outcome": outcome, "debts": ["A"]}


def _wish(draw: Any, noon: datetime) -> dict[str, Any]:
    hours = draw(st.sampled_from([("15:00", "17:00"), ("20:00", "10:00"), ("17:00", "17:00"), ("", "")]))
    wish = {"kind": "quiet_hours", "since": (noon - timedelta(days=9)).isoformat()}
    wish["closed_from"], wish["closed_until"] = hours
    return {**wish, "weekdays": draw(st.sampled_from([[], ["tue"], ["wed"], ["thu"], ["tue", "thu"]]))}


@settings(max_examples=CASES, deadline=None)
@given(focused("US"))
def test_regulation_f_at_its_edges(question: dict[str, Any]) -> None:
    _agree(question)


@settings(max_examples=CASES, deadline=None)
@given(focused("CN"))
def test_mainland_china_at_its_edges(question: dict[str, Any]) -> None:
    _agree(question)


@settings(max_examples=CASES, deadline=None)
@given(questions("US"))
def test_regulation_f(question: dict[str, Any]) -> None:
    _agree(question)


@settings(max_examples=CASES, deadline=None)
@given(questions("CN"))
def test_mainland_china(question: dict[str, Any]) -> None:
    _agree(question)
