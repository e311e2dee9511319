"""Rules about who, what stands, and how. They refuse: waiting alone opens nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from lenity.domain.debt_collection.contact import Standing
from lenity.domain.debt_collection.rules.view import (
    ALLOWS,
    WEEKDAYS,
    Answer,
    View,
    local_day,
    said,
    share,
)

NOTHING_STANDS = Answer("allows", said("没有相应的停止情形。", "Nothing of the kind stands."))


def stops(view: View, value: Mapping[str, Any]) -> Answer:
    """A standing state of these kinds stops the contact, except for the templates named.

    Where the value says so, one that was not put in writing does not, nor one that came after the period for it.
    """
    if view.facts.proposal.template in value.get("except_templates", ()):
        return ALLOWS
    standing = view.alive(value["kinds"])
    if value.get("in_writing"):
        standing = [one for one in standing if one.value("in_writing", "yes") == "yes"]
    if standing and "period" in value:
        standing = [one for one in standing if _in_period(view, one, value)]
    if not standing:
        return NOTHING_STANDS
    first = standing[0]
    names = value["names"][first.kind]
    since = first.since.date().isoformat()
    text = said(f"自 {since} 起：{names['zh']}。", f"Since {since}: {names['en']}.", kind=first.kind)
    return Answer("refuses", text)


def _in_period(view: View, one: Standing, value: Mapping[str, Any]) -> bool:
    """Whether it came within the period of the last notice before it; with no notice the period has not begun."""
    period = value["period"]
    notices = [
        notice
        for notice in view.facts.standings
        if notice.kind in period["kinds"] and notice.since <= one.since and share(notice.debts, one.debts)
    ]
    ends = [period_end(notice, view.zones("person"), value) for notice in notices]
    last = max((end for end in ends if end is not None), default=None)
    if last is None or None in ends:
        return True
    return any(local_day(one.since, zone) <= last for zone in view.zones("person") or ("UTC",))


def period_end(notice: Standing, zones: tuple[str, ...], value: Mapping[str, Any]) -> date | None:
    """The last day of the period after a notice: so many days after it was, or is taken to be, received.

    None where the calendar does not reach so far.
    """
    period, holidays = value["period"], value["days"]
    sent = max(local_day(notice.since, zone) for zone in zones or ("UTC",))
    if notice.value("received"):
        return date.fromisoformat(notice.value("received")) + timedelta(days=period["days"])
    received, left = sent, int(period["assumed_receipt_business_days"])
    while left:
        received += timedelta(days=1)
        left -= received not in holidays and WEEKDAYS[received.weekday()] not in period["weekend"]
    return received + timedelta(days=period["days"]) if received <= value["valid_until"] else None


def needs(view: View, value: Mapping[str, Any]) -> Answer:
    """A notice or consent of one of these kinds must stand before the contact."""
    if view.granted(value["kinds"]):
        return ALLOWS
    return Answer("refuses", said("缺少必要的事先通知或同意。", "The notice or consent it needs is missing."))


def known_purpose(view: View, value: Mapping[str, Any]) -> Answer:
    """A contact has a purpose that the rulebook knows; doubt closes the gate."""
    if view.facts.proposal.purpose in value["purposes"]:
        return ALLOWS
    return Answer("refuses", said("联系目的不在规则之内。", "No rule knows this purpose."))


def known_source(view: View, value: Mapping[str, Any]) -> Answer:
    """The number or address came by one of the lawful ways."""
    if view.facts.proposal.point.source in value["sources"]:
        return ALLOWS
    return Answer(
        "refuses", said("联系方式来源不明。", "Where this number or address came from is not known.")
    )


def enough_people(view: View, value: Mapping[str, Any]) -> Answer:
    """At least so many collectors together."""
    if view.facts.proposal.collectors >= value["at_least"]:
        return ALLOWS
    return Answer("refuses", said("同行人数不足。", "Too few collectors together."))


def old_enough(view: View, value: Mapping[str, Any]) -> Answer:
    """The person is of age, where the birth date is known."""
    born = view.facts.person.birth_date
    if born is None:
        return ALLOWS
    today = max((view.here(zone).date() for zone in view.zones("person")), default=view.at.date())
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if years >= value["years"]:
        return ALLOWS
    return Answer("refuses", said("对方未成年。", "The person is a minor."))


def roles(view: View, value: Mapping[str, Any]) -> Answer:
    """Only these roles may be contacted; another contact only to locate, and only when the person is lost."""
    proposal = view.facts.proposal
    role = proposal.point.role
    if role in value["roles"]:
        return ALLOWS
    if role == "contact_person" and proposal.purpose in value.get("locate_purposes", ()):
        if "lost" not in value:
            return Answer("allows", said("只询问下落。", "Only asked where the person is."))
        if view.alive(value.get("lost_kinds", ())) or is_lost(view, value["lost"]):
            return Answer("allows", said("债务人已失联。", "The borrower is lost as the rule defines it."))
        return Answer("refuses", said("债务人并未失联。", "The borrower is not lost."))
    return Answer(
        "refuses", said("对方不是债务人或担保人。", "This person is neither borrower nor guarantor.")
    )


def place(view: View, value: Mapping[str, Any]) -> Answer:
    """The point is not of a use that is closed (a workplace whose employer forbids, a place named).

    `media` are the channels that reach a place by themselves; by any other the person is there only where
    that is known (`known_at`).
    """
    point, channel = view.facts.proposal.point, view.facts.proposal.channel
    uses = {point.use} if channel in value.get("media", (channel,)) else set()
    uses |= {one.value("use") for one in view.alive(value.get("known_at", ()))}
    for wish in view.alive(value["kinds"]):
        closed = wish.value("use", value.get("use", ""))
        if closed and closed in uses:
            return Answer(
                "refuses", said("该地点不便或被禁止联系。", "This place is inconvenient or forbidden.")
            )
    return ALLOWS


def at_most_ever(view: View, value: Mapping[str, Any]) -> Answer:
    """At most so many contacts of this purpose with this point, ever."""
    used = len(view.past(value))
    if used < value["at_most"]:
        return ALLOWS
    return Answer("refuses", said(f"已联系 {used} 次。", f"{used} contacts were made already."))


UNREACHED = ("no_answer", "not_connected", "not_in_service")


def is_lost(view: View, lost: Mapping[str, Any]) -> bool:
    """Lost: so many calls in a row that reached nobody (from the day after), or on so many days in a row.

    A row ends with a talk, with any other outcome of a call, and with whatever the person began.
    """
    zone = lost["zone"]
    today, row = view.here(zone).date(), list[date]()
    for past in reversed(view.facts.history):
        if past.at > view.at or past.role != "borrower":
            continue
        if past.initiated_by == "person" or past.outcome == "conversation":
            break
        if past.channel == "call":
            if past.outcome not in UNREACHED:
                break
            row.append(local_day(past.at, zone))
    enough = int(lost["calls_in_a_row"])
    if len(row) >= enough and row[-enough] < today:
        return True
    return _run(set(row), today) >= int(lost["days_in_a_row"])


def _run(days: set[date], today: date) -> int:
    length, day = 0, today if today in days else today - timedelta(days=1)
    while day in days:
        length, day = length + 1, day - timedelta(days=1)
    return length
