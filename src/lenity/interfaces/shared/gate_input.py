"""A proposed contact as a person writes it down, checked field by field, becomes the gate's facts.

The models are the JSON Schema of `lenity gate check` (docs/gate.md).
"""

from __future__ import annotations

import difflib
import re
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from lenity.base import dates
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.debt_collection.contact import Facts, Past, Person, Point, Proposal, Standing

Channel = Literal["call", "sms", "email", "im", "letter", "visit", "report", "app"]
Role = Literal[
    "borrower", "guarantor", "contact_person", "spouse", "parent_of_minor", "guardian", "executor",
    "administrator", "personal_representative", "successor_in_interest", "attorney", "creditor",
    "creditor_attorney", "collector_attorney", "credit_bureau", "employer", "third_party",
]  # fmt: skip
Use = Literal["home", "work", "other", "unknown"]
Outcome = Literal[
    "unknown", "handed", "delivered", "no_answer", "unanswered", "voicemail", "limited_content_message",
    "conversation", "dropped", "not_connected", "busy", "not_in_service", "wrong_person", "refused_by_person",
    "returned",
]  # fmt: skip
StandingKind = Literal[
    "promise", "plan", "dispute", "complaint", "hardship_review", "bankruptcy", "deceased", "wrong_person",
    "attorney", "litigation", "channel_opt_out", "cease", "quiet_hours", "inconvenient_place", "employer_forbids",
    "employer_address", "stress_budget", "contact_person_refused", "location_unknown", "hours_consent",
    "direct_consent", "attempts_consent", "place_consent", "workplace_consent", "work_email_consent",
    "third_party_consent", "attorney_consent", "attorney_unresponsive", "asked_to_call_back",
    "earlier_answer_wrong", "verification_sent", "validation_notice", "debt_letter", "undeliverable",
    "negative_report_notice", "assignment_notice", "outsourcing_notice", "court_permission", "postjudgment_remedy",
    "time_barred", "original_creditor_request", "original_creditor_sent", "duplicative_notice_sent",
    "seen_by_others", "paid_or_settled", "discharged", "transfer_excepted",
    "identity_theft", "known_disclosure", "refuses_to_pay", "attorney_not_found", "prior_collector_used",
    "using_our_site", "at_place", "assigned",
]  # fmt: skip
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
NOON = time(12)
NOTICES = frozenset({
    "validation_notice", "debt_letter", "undeliverable", "verification_sent", "duplicative_notice_sent",
    "original_creditor_sent", "negative_report_notice", "assignment_notice", "outsourcing_notice",
})  # fmt: skip
"""Their channel says how they were sent, not which contacts they are about."""
GIVEN_IN_TALK = frozenset({"direct_consent", "asked_to_call_back"})
"""On a day alone they come at noon, as contacts do: the conversation of that day is the one they were given in."""
ONLY_THERE = {"using_our_site": "app"}
"""Kinds that are about one channel by their meaning."""
ASKED_FOR_LOCATION = frozenset({"third_party", "employer"})


def _moment(value: object) -> object:
    """A day alone is a day; a longer text an instant or a local time."""
    if not isinstance(value, str):
        raise ValueError("a day or an instant is text, such as 2026-11-24T10:12:00+08:00")
    return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value[:40])


def _clock_time(value: object) -> object:
    """An hour and minute; the end of a day is midnight."""
    if not isinstance(value, str) or not re.fullmatch(r"(([01]\d|2[0-3]):[0-5]\d|24:00)?", value):
        raise ValueError("a time of day is text from 00:00 to 24:00, such as 15:00")
    return "00:00" if value == "24:00" else value


Moment = Annotated[datetime | date, BeforeValidator(_moment)]
"""A day (noon is meant), a local time (in the person's first zone) or an instant with its offset."""
Clock = Annotated[
    str,
    BeforeValidator(_clock_time),
    Field(max_length=5, json_schema_extra={"pattern": r"^(([01]\d|2[0-3]):[0-5]\d|24:00)?$"}),
]
Texts = Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=200)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class RulesIn(_Strict):
    """Which rules are asked."""

    house: bool = Field(default=True, description="With the lender's house rules; false asks the law alone.")
    law_of: date | None = Field(
        default=None, description="The law of this day; the contact's own day without it."
    )


class PersonIn(_Strict):
    """The person."""

    id: str = Field(default="B", max_length=40)
    jurisdiction: str = Field(max_length=2, description="A place with a rulebook: CN, HK, US.")
    zones: list[str] = Field(default=[], max_length=12, description="IANA zones in which the person may be.")
    birth_date: date | None = None
    profile: Literal["creditor", "collector", "assignee"] = Field(
        default="creditor", description="Who contacts."
    )


class PointIn(_Strict):
    """A number or an address."""

    id: str = Field(default="P", max_length=40)
    kind: Literal["mobile", "landline", "email", "address", "im"] = "mobile"
    role: Role = Field(default="borrower", description="Whose it is.")
    who: str = Field(default="", max_length=40, description="Tells several people of one role apart.")
    use: Use = Field(
        default="unknown", description="Where it reaches the person: a landline or address at home or work."
    )
    source: str = Field(default="contract", max_length=40, description="Where it came from.")
    zones: list[str] = Field(
        default=[], max_length=12, description="Zones that the number or address points to."
    )


class ProposalIn(_Strict):
    """The contact that somebody would like to make."""

    contact_id: str = Field(default="C", max_length=40)
    at: Moment
    channel: Channel
    purpose: str = Field(default="collection", max_length=40)
    point: PointIn = PointIn()
    debts: Texts = Field(default=["D"], description="Every debt that the contact is about.")
    collectors: int = Field(default=1, ge=1, le=50)
    template: str = Field(default="", max_length=60, description="Such as us-opt-out-confirmation.")


class PastIn(_Strict):
    """A contact that happened. `times` repeats it."""

    contact_id: str = Field(default="", max_length=40)
    at: Moment
    times: int = Field(default=1, ge=1, le=200)
    channel: Channel
    direction: Literal["out", "in"] = Field(default="out", description="`in`: the person began it.")
    purpose: str = Field(default="collection", max_length=40)
    point: str = Field(
        "P", max_length=40, validation_alias=AliasChoices("point", "point_id"), description="Its id."
    )
    role: Role = "borrower"
    who: str = Field(default="", max_length=40)
    debts: Texts = Field(default=[], description="The debts it was about or is counted to; none: to each.")
    talked_about: Texts = Field(
        default=[], description="conversation: debts talked about besides; no call was placed about them."
    )
    outcome: Outcome = "unknown"


class StandingIn(_Strict):
    """A hold, a wish, a consent or a notice."""

    kind: StandingKind
    since: Moment = Field(description="When it was received; for a notice, when it was sent.")
    until: date | None = Field(default=None, description="The last day on which it holds.")
    channel: Channel | Literal[""] = Field(default="", description="Only this channel.")
    point: str = Field(
        default="",
        max_length=40,
        validation_alias=AliasChoices("point", "point_id"),
        description="Only this one.",
    )
    debts: Texts = Field(default=[], description="Only these debts.")
    weekdays: list[Weekday] = Field(default=[], description="quiet_hours: on these days only.")
    closed_from: Clock = Field(default="", description="quiet_hours: from; all day without.")
    closed_until: Clock = Field(default="", description="quiet_hours: until; 24:00 is the end of the day.")
    use: Use | Literal[""] = Field(default="", description="inconvenient_place, at_place: home or work.")
    in_writing: bool = Field(default=True, description="dispute, original_creditor_request: in writing.")
    received: date | None = Field(
        default=None, description="validation_notice: the day it was received, where that is known."
    )
    given: Literal["directly", "to_another", "in_breach"] = Field(
        default="directly",
        description="A consent: to the one who contacts; to a creditor or an earlier collector; "
        "in a contact that itself broke a rule. Only the first counts.",
    )
    ended_at: Moment | None = Field(default=None, description="From when it no longer holds: taken back.")
    points: int | None = Field(default=None, ge=0, le=1000, description="stress_budget: points a week.")
    message: str = Field(
        default="", max_length=40, description="A notice: its message; undeliverable: the one that came back."
    )
    words: str = Field(default="", max_length=300, description="What the person said, word for word.")


class GateQuestion(_Strict):
    """May this contact be made?"""

    rules: RulesIn = RulesIn()
    person: PersonIn
    proposal: ProposalIn
    history: list[PastIn] = Field(default=[], max_length=2000)
    standings: list[StandingIn] = Field(default=[], max_length=500)


def read(raw: object) -> tuple[Facts, RulesIn]:
    """The facts and the choice of rules. Raises `InputRefused` with every fault and where it is."""
    try:
        asked = GateQuestion.model_validate(raw)
    except ValidationError as error:
        raise InputRefused([_problem(one) for one in error.errors()[:40]]) from error
    return facts_of(asked)


def facts_of(asked: GateQuestion) -> tuple[Facts, RulesIn]:
    """The same for a question that was read already."""
    zones = [*asked.person.zones, *asked.proposal.point.zones]
    unknown = [zone for zone in zones if not _is_zone(zone)]
    if unknown:
        raise InputRefused(
            [Problem("gate.zone", f"{unknown[0][:40]!r} is not a time zone.", "Use IANA names.")]
        )
    return _facts(asked, _Times(zones)), asked.rules


def schema() -> dict[str, Any]:
    """The JSON Schema of the input."""
    return GateQuestion.model_json_schema()


def _problem(error: Any) -> Problem:
    where = ".".join(str(part) for part in error["loc"] if part not in ("date", "datetime"))
    hint = _nearest(error)
    return Problem(
        f"gate.{where or 'input'}", f"{where or 'The input'}: {error['msg']}.{hint}", "See docs/gate.md."
    )


def _nearest(error: Any) -> str:
    """For a name that is not known, the known one that looks most like it."""
    if error["type"] == "literal_error":
        given, known = str(error["input"]), re.findall(r"'([^']+)'", error["ctx"]["expected"])
    elif error["type"] == "extra_forbidden":
        given, known = str(error["loc"][-1]), sorted(_fields(tuple(error["loc"])))
    else:
        return ""
    near = difflib.get_close_matches(given[:60].lower(), known, 1, 0.5)
    return f" Did you mean {near[0]!r}?" if near else ""


def _fields(place: tuple[str | int, ...]) -> set[str]:
    models: dict[str, type[BaseModel]] = {
        "rules": RulesIn, "person": PersonIn, "proposal": ProposalIn, "point": PointIn, "history": PastIn,
        "standings": StandingIn,
    }  # fmt: skip
    inside = [part for part in place[:-1] if isinstance(part, str)]
    return set(models.get(inside[-1] if inside else "", GateQuestion).model_fields)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True


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
        "received": one.received.isoformat() if one.received else "",
        "given": "" if one.given == "directly" else one.given,
        "ended_at": "" if one.ended_at is None else dates.instant_text(times.instant(one.ended_at, time(0))),
    }
    detail = tuple((key, value) for key, value in named.items() if value)
    since = times.instant(one.since, NOON if one.kind in GIVEN_IN_TALK else time(0))
    channel = ONLY_THERE.get(one.kind, "" if one.kind in NOTICES else one.channel)
    return Standing(one.kind, since, one.until, channel, one.point, tuple(one.debts), detail)
