"""A proposed contact as a person writes it down: the JSON Schema of `lenity gate check` (docs/gate.md)."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

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
    "using_our_site", "at_place", "assigned", "number_invalid", "incapacitated",
]  # fmt: skip
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


WRITTEN = re.compile(
    r"\d{4}-\d{2}-\d{2}([Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?([Zz]|[+-]\d{2}:\d{2})?)?", re.ASCII
)
YEARS = range(1970, 2200)


def _moment(value: object) -> object:
    """A day alone is a day; a longer text an instant or a local time."""
    if not isinstance(value, str) or not WRITTEN.fullmatch(value):
        raise ValueError("write a day as 2026-11-24, an instant as 2026-11-24T10:12:00+08:00")
    if int(value[:4]) not in YEARS:
        raise ValueError(f"a year from {YEARS[0]} to {YEARS[-1]} is meant")
    return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value.upper())


def _day(value: object) -> object:
    """A day of the calendar; a birthday may be long ago."""
    if value is None or (
        isinstance(value, str) and re.fullmatch(r"(19|20|21)\d\d-\d\d-\d\d", value, re.ASCII)
    ):
        return value
    raise ValueError("write a day as 2026-11-24")


def _clock_time(value: object) -> object:
    """An hour and minute; the end of a day is midnight."""
    if not isinstance(value, str) or not re.fullmatch(r"(([01]\d|2[0-3]):[0-5]\d|24:00)?", value):
        raise ValueError("a time of day is text from 00:00 to 24:00, such as 15:00")
    return "00:00" if value == "24:00" else value


Moment = Annotated[datetime | date, BeforeValidator(_moment)]
"""A day (noon is meant), a local time (in the person's first zone) or an instant with its offset."""
Day = Annotated[date, BeforeValidator(_day)]
Clock = Annotated[
    str,
    BeforeValidator(_clock_time),
    Field(max_length=5, json_schema_extra={"pattern": r"^(([01]\d|2[0-3]):[0-5]\d|24:00)?$"}),
]
Texts = Annotated[list[Annotated[str, Field(min_length=1, max_length=60)]], Field(max_length=200)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class RulesIn(_Strict):
    """Which rules are asked."""

    house: bool = Field(default=True, description="With the lender's house rules; false asks the law alone.")
    law_of: Day | None = Field(
        default=None, description="The law of this day; the contact's own day without it."
    )


class PersonIn(_Strict):
    """The person."""

    id: str = Field(default="B", max_length=40)
    jurisdiction: Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")] = Field(
        description="A place with a rulebook: CN, HK, US."
    )
    zones: list[str] = Field(default=[], max_length=12, description="IANA zones in which the person may be.")
    birth_date: Day | None = None
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
    collectors: int = Field(default=1, ge=1, le=50, strict=True)
    template: str = Field(default="", max_length=60, description="Such as us-opt-out-confirmation.")


class PastIn(_Strict):
    """A contact that happened. `times` repeats it."""

    contact_id: str = Field(default="", max_length=40)
    at: Moment
    times: int = Field(default=1, ge=1, le=200, strict=True)
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
    until: Day | None = Field(default=None, description="The last day on which it holds.")
    channel: Channel | Literal[""] = Field(default="", description="Only this channel.")
    point: str = Field(
        default="",
        max_length=40,
        validation_alias=AliasChoices("point", "point_id"),
        description="Only this one.",
    )
    debts: Texts = Field(default=[], description="Only these debts.")
    weekdays: list[Weekday] = Field(default=[], description="quiet_hours: on these days only.")
    closed_from: Clock = Field(
        default="", description="quiet_hours: from; all day without, or if it is closed_until."
    )
    closed_until: Clock = Field(default="", description="quiet_hours: until; 24:00 is the end of the day.")
    use: Use | Literal[""] = Field(default="", description="inconvenient_place, at_place: home or work.")
    in_writing: bool = Field(default=True, description="dispute, original_creditor_request: in writing.")
    received: Day | None = Field(
        default=None,
        description="The day it was received: validation_notice, where that is known; what the person sent, "
        "where `since` is when she sent it.",
    )
    given: Literal["directly", "to_another", "in_breach"] = Field(
        default="directly",
        description="A consent: to the one who contacts; to a creditor or an earlier collector; "
        "in a contact that itself broke a rule. Only the first counts.",
    )
    ended_at: Moment | None = Field(default=None, description="From when it no longer holds: taken back.")
    points: int | None = Field(
        default=None, ge=0, le=1000, strict=True, description="stress_budget: points a week."
    )
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
