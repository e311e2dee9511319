"""A question to the gate, read and checked, becomes the gate's facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from lenity.base import dates
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.debt_collection.contact import Facts, Past, Person, Point, Proposal, Standing
from lenity.interfaces.shared import gate_faults
from lenity.interfaces.shared.gate_question import GateQuestion, PastIn, RulesIn, StandingIn

MOST_TOLD = 40
NOON = time(12)
GIVEN_IN_TALK = frozenset({"direct_consent", "asked_to_call_back"})
"""On a day alone they come at noon, as contacts do: the conversation of that day is the one they were given in."""
ONLY_THERE = {"using_our_site": "app"}
"""Kinds that are about one channel by their meaning."""
ASKED_FOR_LOCATION = frozenset({"third_party", "employer"})


def read(raw: object) -> tuple[Facts, RulesIn]:
    """The facts and the choice of rules. Raises `InputRefused` with every fault and where it is."""
    try:
        asked = GateQuestion.model_validate(raw)
    except ValidationError as error:
        raise InputRefused([gate_faults.of_shape(one) for one in error.errors()[:MOST_TOLD]]) from error
    return facts_of(asked)


def facts_of(asked: GateQuestion) -> tuple[Facts, RulesIn]:
    """The same for a question that was read already."""
    zones = [*asked.person.zones, *asked.proposal.point.zones]
    faults = [*gate_faults.of_zones(zones), *gate_faults.of_meaning(asked)]
    if faults:
        raise InputRefused(faults[:MOST_TOLD])
    return _facts(asked, _Times(zones)), asked.rules


def schema() -> dict[str, Any]:
    """The JSON Schema of the input."""
    return GateQuestion.model_json_schema()


class _Times:
    """Days and local times become instants in the first zone that is known."""

    def __init__(self, zones: list[str]) -> None:
        self.zone = ZoneInfo(zones[0]) if zones else None

    def instant(self, value: date | datetime, clock: time = NOON) -> datetime:
        """An instant, in UTC: two times of one zone that the clocks show alike are then told apart."""
        if not isinstance(value, datetime):
            return datetime.combine(value, clock, tzinfo=self.zone or ZoneInfo("UTC")).astimezone(UTC)
        if value.tzinfo is None and self.zone is None:
            says = f"{value.isoformat()} has no offset and no zone is known."
            raise InputRefused([Problem("gate.at", says, "Give person.zones, or write an offset.")])
        return (self._shown(value) if value.tzinfo is None else value).astimezone(UTC)

    def _shown(self, value: datetime) -> datetime:
        """A local time that the clocks show; of one shown twice, the first."""
        local = value.replace(tzinfo=self.zone)
        if local.astimezone(UTC).astimezone(self.zone).replace(tzinfo=None) != value:
            says = f"The clocks of {self.zone} never show {value.isoformat()}: they go forward there."
            raise InputRefused([Problem("gate.at", says, "Give a time that exists, or write its offset.")])
        return local


def _facts(asked: GateQuestion, times: _Times) -> Facts:
    who, what, point = asked.person, asked.proposal, asked.proposal.point
    return Facts(
        Person(who.id, who.jurisdiction, tuple(who.zones), who.birth_date, who.profile),
        Proposal(
            what.contact_id,
            times.instant(what.at),
            what.channel,
            what.purpose,
            Point(
                point.id,
                point.kind,
                _role(point.role, what.purpose),
                point.use,
                point.source,
                tuple(point.zones),
                point.who,
            ),
            tuple(what.debts),
            what.collectors,
            what.template,
        ),
        tuple(sorted((past for one in asked.history for past in _pasts(one, times) * one.times), key=_at)),
        tuple(_standing(one, times) for one in asked.standings),
    )


def _role(role: str, purpose: str) -> str:
    """Whoever is asked where the person is, is a contact person of the rules."""
    return "contact_person" if purpose == "locate" and role in ASKED_FOR_LOCATION else role


def _at(past: Past) -> datetime:
    return past.at


def _pasts(one: PastIn, times: _Times) -> list[Past]:
    """A contact; of a conversation, what else was talked about counts as begun by the person."""
    past = _past(one, times)
    besides = tuple(sorted(set(one.talked_about) - set(one.debts)))
    if not besides or one.outcome != "conversation":
        return [past]
    return [replace(past, debts=besides, initiated_by="person"), past]


def _past(one: PastIn, times: _Times) -> Past:
    begun = "person" if one.direction == "in" else "lender"
    outcome = "no_answer" if one.outcome == "unanswered" else one.outcome
    return Past(
        one.contact_id,
        times.instant(one.at),
        one.channel,
        one.purpose,
        one.point,
        _role(one.role, one.purpose),
        tuple(one.debts),
        outcome,
        begun,
        one.who,
    )


def _standing(one: StandingIn, times: _Times) -> Standing:
    named = {
        "weekdays": ",".join(one.weekdays),
        "closed_from": one.closed_from,
        "closed_until": one.closed_until,
        "use": one.use,
        "points": "" if one.points is None else str(one.points),
        "message": one.message,
        "words": one.words,
        "in_writing": "" if one.in_writing else "no",
        "received": one.received.isoformat() if one.received and one.kind in gate_faults.NOTICES else "",
        "given": "" if one.given == "directly" else one.given,
        "ended_at": "" if one.ended_at is None else dates.instant_text(times.instant(one.ended_at, time(0))),
    }
    detail = tuple((key, value) for key, value in named.items() if value)
    since = times.instant(one.since, NOON if one.kind in GIVEN_IN_TALK else time(0))
    if one.received and one.kind not in gate_faults.NOTICES:
        since = max(since, times.instant(one.received, time(0)))
    channel = ONLY_THERE.get(one.kind, "" if one.kind in gate_faults.NOTICES else one.channel)
    return Standing(one.kind, since, one.until, channel, one.point, tuple(one.debts), detail)
