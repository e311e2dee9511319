"""What is wrong with a question to the gate, where it is, and what to write instead.

A field that its kind does not read is a fault: what was meant by it would be lost without a word.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel

from lenity.base.outcomes import Problem
from lenity.interfaces.shared.gate_question import (
    GateQuestion,
    PastIn,
    PersonIn,
    PointIn,
    ProposalIn,
    RulesIn,
    StandingIn,
)

SEE = "See docs/gate.md."
MOST_CONTACTS = 2000
MOST_PAIRS = 20_000
ALSO_CALLED = {
    "phone": "call", "telephone": "call", "text": "sms", "text_message": "sms", "mail": "letter", "post": "letter",
    "wechat": "im", "web": "app", "neighbor": "third_party", "neighbour": "third_party", "friend": "third_party",
    "coworker": "third_party", "relative": "third_party", "consumer": "borrower", "debtor": "borrower",
    "lawyer": "attorney", "opt_out": "channel_opt_out", "do_not_call": "channel_opt_out",
    "inconvenient_time": "quiet_hours", "stop": "cease", "consent": "direct_consent", "answered": "conversation",
    "friday": "fri", "monday": "mon", "tuesday": "tue", "wednesday": "wed", "thursday": "thu",
    "saturday": "sat", "sunday": "sun", "workplace": "work", "office": "work",
}  # fmt: skip
"""Everyday words for names that the schema has."""
NOTICES = frozenset({
    "validation_notice", "debt_letter", "undeliverable", "verification_sent", "duplicative_notice_sent",
    "original_creditor_sent", "negative_report_notice", "assignment_notice", "outsourcing_notice",
})  # fmt: skip
PLACES = frozenset({"inconvenient_place", "at_place"})
HOURS = frozenset({"quiet_hours"})
CONSENTS = frozenset({"asked_to_call_back", "prior_collector_used"})
WORK = frozenset({"employer_forbids", "employer_address", "workplace_consent", "work_email_consent"})
"""They are about work by their meaning; saying so is no fault."""
READ_BY = {
    "weekdays": HOURS,
    "closed_from": HOURS,
    "closed_until": HOURS,
    "use": PLACES | WORK,
    "points": frozenset({"stress_budget"}),
    "message": NOTICES,
}
"""Fields of a standing, and the kinds that read them."""
SOME_HOURS = "Did she agree to some hours only? Close the others with quiet_hours."
ONE_PLACE = "Did she agree to one place only? Name its point."
NO_PLACE = re.compile(r"Factory|localtime|posixrules|(posix|right)/.*")
"""Files of the zone database that are no place's own time."""


def of_shape(error: Any) -> Problem:
    """What a field of the wrong shape should be."""
    where = ".".join(str(part) for part in error["loc"] if part not in ("date", "datetime"))
    says = error["msg"].removeprefix("Value error, ").replace("\\d", "0-9")
    return Problem(f"gate.{where or 'input'}", f"{where or 'The input'}: {says}.{_nearest(error)}", SEE)


def of_zones(zones: list[str]) -> list[Problem]:
    """Names that are no time zone."""
    return [_not_a_zone(name) for name in zones if not _is_zone(name)]


def of_meaning(asked: GateQuestion) -> list[Problem]:
    """What contradicts itself, or says something that nothing would read."""
    found = list(_of_size(asked))
    for place, past in enumerate(asked.history):
        if past.talked_about and past.outcome != "conversation":
            says = f"history.{place}.talked_about: only a conversation talks about a debt."
            found.append(Problem(f"gate.history.{place}", says, 'Write "outcome": "conversation".'))
    for place, one in enumerate(asked.standings):
        found += [
            Problem(f"gate.standings.{place}", f"standings.{place}.{says}") for says in _of_standing(one)
        ]
    return found


def _of_size(asked: GateQuestion) -> Iterator[Problem]:
    """More than one person's record could hold: weighing it would take a machine's minutes."""
    contacts = sum(past.times for past in asked.history)
    if contacts > MOST_CONTACTS or contacts * len(asked.standings) > MOST_PAIRS:
        says = f"history and standings: {contacts} contacts (times counted) and {len(asked.standings)} standings."
        remedy = (
            f"At most {MOST_CONTACTS} contacts, and {MOST_PAIRS} of both multiplied: leave old ones away."
        )
        yield Problem("gate.size", says, remedy)


def _of_standing(one: StandingIn) -> Iterator[str]:
    for name, kinds in READ_BY.items():
        value = getattr(one, name)
        if value not in ("", "unknown", [], None) and one.kind not in kinds:
            readers = ", ".join(sorted(kinds))
            yield f"{name}: {one.kind} does not read it (these do: {readers}). {_instead(name, one.kind)}"
    if one.received and one.kind in NOTICES - {"validation_notice"}:
        yield f"received: {one.kind} counts from the day it was sent. Leave it away."
    if one.given != "directly" and not (one.kind in CONSENTS or one.kind.endswith("_consent")):
        yield f"given: {one.kind} is no consent. Leave it away."
    if one.kind in PLACES and one.use not in ("home", "work", "other"):
        yield f'use: {one.kind} needs the place. Write "use": "home", "work" or "other".'
    if one.kind == "stress_budget" and one.points is None:
        yield 'points: stress_budget needs the points a week, such as "points": 3.'
    if one.until and _is_before(one.until, one.since):
        yield f"until: {one.until} is before since."
    if one.ended_at and _is_before(one.ended_at, one.since):
        yield "ended_at: it is before since."


def _instead(name: str, kind: str) -> str:
    if kind.endswith("_consent"):
        return ONE_PLACE if name == "use" else SOME_HOURS if READ_BY[name] is HOURS else "Leave it away."
    return "Leave it away."


def _is_before(one: date, other: date) -> bool:
    """Whether a day or local time is of an earlier day; with an offset it may be another day where she is."""
    if any(isinstance(each, datetime) and each.tzinfo is not None for each in (one, other)):
        return False
    return one.isoformat()[:10] < other.isoformat()[:10]


def _nearest(error: Any) -> str:
    """For a name that is not known, the known one that is meant by it or looks most like it."""
    if error["type"] == "literal_error":
        given, known = str(error["input"]), re.findall(r"'([^']+)'", error["ctx"]["expected"])
    elif error["type"] == "extra_forbidden":
        given, known = str(error["loc"][-1]), sorted(_fields(tuple(error["loc"])))
    else:
        return ""
    word = re.sub(r"[\s-]+", "_", given[:60].strip().lower())
    meant = ALSO_CALLED.get(word)
    near = [meant] if meant in known else difflib.get_close_matches(word, known, 1, 0.6)
    return f" Did you mean {near[0]!r}?" if near else ""


def _fields(place: tuple[str | int, ...]) -> set[str]:
    models: dict[str, type[BaseModel]] = {
        "rules": RulesIn, "person": PersonIn, "proposal": ProposalIn, "point": PointIn, "history": PastIn,
        "standings": StandingIn,
    }  # fmt: skip
    inside = [part for part in place[:-1] if isinstance(part, str)]
    return set(models.get(inside[-1] if inside else "", GateQuestion).model_fields)


def _is_zone(name: str) -> bool:
    if NO_PLACE.fullmatch(name):
        return False
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True


def _not_a_zone(name: str) -> Problem:
    near = difflib.get_close_matches(name[:40].replace(" ", "_").lower(), _zones(), 1, 0.6)
    hint = f"Did you mean {_zones()[near[0]]!r}?" if near else "Use an IANA name, such as America/New_York."
    return Problem("gate.zone", f"{name[:40]!r} is not a time zone.", hint)


@cache
def _zones() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones() if not NO_PLACE.fullmatch(name)}
