"""Rules about who, what stands, and how. They refuse: waiting alone opens nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from lenity.domain.debt_collection.contact import Past
from lenity.domain.debt_collection.rules.view import ALLOWS, Answer, View, local_day, said

NOTHING_STANDS = Answer("allows", said("没有相应的停止情形。", "Nothing of the kind stands."))


def stops(view: View, value: Mapping[str, Any]) -> Answer:
    """A standing state of these kinds stops the contact, except for the templates named."""
    if view.facts.proposal.template in value.get("except_templates", ()):
        return ALLOWS
    standing = view.alive(value["kinds"])
    if not standing:
        return NOTHING_STANDS
    first = standing[0]
    names = value["names"][first.kind]
    since = first.since.date().isoformat()
    text = said(f"自 {since} 起：{names['zh']}。", f"Since {since}: {names['en']}.", kind=first.kind)
    return Answer("refuses", text)


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
        if view.alive(value.get("lost_kinds", ())) or is_lost(view, value["lost"]):
            return Answer("allows", said("债务人已失联。", "The borrower is lost as the rule defines it."))
        return Answer("refuses", said("债务人并未失联。", "The borrower is not lost."))
    return Answer(
        "refuses", said("对方不是债务人或担保人。", "This person is neither borrower nor guarantor.")
    )


def place(view: View, value: Mapping[str, Any]) -> Answer:
    """The point is not of a use that is closed (a workplace whose employer forbids, a place named)."""
    point = view.facts.proposal.point
    for wish in view.alive(value["kinds"]):
        if point.use and point.use == wish.value("use", value.get("use", "")):
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


def is_lost(view: View, lost: Mapping[str, Any]) -> bool:
    """Lost: so many calls in a row unanswered (from the next day), or on so many days in a row."""
    calls = [past for past in view.facts.history if past.channel == "call" and past.role == "borrower"]
    zone = lost["zone"]
    today = view.here(zone).date()
    tail: list[Past] = []
    for past in reversed(calls):
        if past.outcome not in ("no_answer", "not_connected"):
            break
        tail.append(past)
    if len(tail) >= lost["calls_in_a_row"] and local_day(tail[0].at, zone) < today:
        return True
    days = {local_day(past.at, zone) for past in tail}
    return _run(days, today) >= int(lost["days_in_a_row"])


def _run(days: set[date], today: date) -> int:
    length, day = 0, today if today in days else today - timedelta(days=1)
    while day in days:
        length, day = length + 1, day - timedelta(days=1)
    return length
