"""An oracle of contact law that shares no code with the gate: the provisions read again, in the plainest way.

It takes the question as it is written down (docs/gate.md) and says yes or no. Only the law of 2026 is in it:
Regulation F for the United States; the Civil Code, the collection standard and the banking association's
guidance for mainland China. House rules are not.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Question = dict[str, Any]
CONSUMER = {"borrower", "guarantor", "spouse", "executor"}


def may(question: Question) -> bool:
    """Whether the law lets this contact happen."""
    return {"US": _regulation_f, "CN": _mainland}[question["person"]["jurisdiction"]](question)


def _when(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _zones(question: Question) -> list[ZoneInfo]:
    names = set(question["person"]["zones"]) | set(question["proposal"]["point"].get("zones", []))
    return [ZoneInfo(name) for name in names]


def _days(instant: datetime, zones: list[ZoneInfo]) -> list[date]:
    return [instant.astimezone(zone).date() for zone in zones]


def _stands(question: Question, *kinds: str) -> list[dict[str, Any]]:
    """What has begun, has not ended in every zone, and is about this channel, number and debt."""
    proposal, found = question["proposal"], []
    at = _when(proposal["at"])
    for one in question.get("standings", []):
        if one["kind"] not in kinds or _when(one["since"]) > at:
            continue
        if one.get("ended_at") and _when(one["ended_at"]) <= at:
            continue
        last = one.get("until")
        if last and all(day > date.fromisoformat(last) for day in _days(at, _zones(question))):
            continue
        sent = one["kind"] == "verification_sent"  # its channel says how it was sent
        if one.get("channel") and not sent and one["channel"] != proposal["channel"]:
            continue
        if one.get("point") and one["point"] != proposal["point"]["id"]:
            continue
        if one.get("debts") and not set(one["debts"]) & set(proposal["debts"]):
            continue
        found.append(one)
    return found


def _granted(question: Question, kind: str, days: int | None = None) -> bool:
    """A consent that is sure: in every zone, for all debts, and within its days, the first one counted."""
    at, zones = _when(question["proposal"]["at"]), _zones(question)
    for one in _stands(question, kind):
        if one.get("given", "directly") != "directly":
            continue
        if one.get("until") and any(day > date.fromisoformat(one["until"]) for day in _days(at, zones)):
            continue
        if one.get("debts") and not set(question["proposal"]["debts"]) <= set(one["debts"]):
            continue
        if days is not None:
            starts = _days(_when(one["since"]), zones)
            if any(
                now >= start + timedelta(days=days)
                for now, start in zip(_days(at, zones), starts, strict=True)
            ):
                continue
        return True
    return False


def _asked(question: Question) -> datetime | None:
    """When the person last wrote or called in this medium, if nobody has answered her there yet.

    A call of hers in which they talked was answered in it.
    """
    proposal = question["proposal"]
    same = [one for one in question.get("history", []) if one["channel"] == proposal["channel"]]
    same = [one for one in same if _when(one["at"]) <= _when(proposal["at"])]
    mine = [one for one in same if one.get("role", "borrower") == proposal["point"]["role"]]
    if not mine or mine[-1].get("direction") != "in":
        return None
    if mine[-1]["channel"] == "call" and mine[-1]["outcome"] == "conversation":
        return None
    return _when(mine[-1]["at"])


def _hours_last(question: Question, asked: datetime | None) -> tuple[bool, bool]:
    """Whether she wrote in closed hours, of the law and of her own, that have lasted until now."""
    if asked is None:
        return False, False
    zones, then = (
        _zones(question),
        {**question, "proposal": {**question["proposal"], "at": asked.isoformat()}},
    )
    wishes = _stands(then, "quiet_hours")
    moments = [asked]
    step = asked.replace(minute=asked.minute // 30 * 30, second=0, microsecond=0)
    while (step := step + timedelta(minutes=30)) < _when(question["proposal"]["at"]):
        moments.append(step)
    moments.append(_when(question["proposal"]["at"]))
    law = any(all(_night(one.astimezone(zone)) for one in moments) for zone in zones)
    own = any(
        None not in windows and len(windows) == 1
        for zone in zones
        for wish in wishes
        if (windows := {_window(one.astimezone(zone), wish) for one in moments})
    )
    return law, own


def _night(here: datetime) -> bool:
    return here.hour < 8 or here.hour >= 21


def _regulation_f(question: Question) -> bool:
    proposal = question["proposal"]
    at, zones, asked = _when(proposal["at"]), _zones(question), _asked(question)
    role, use = proposal["point"]["role"], proposal["point"].get("use", "unknown")
    if role not in CONSUMER | {"attorney"}:
        return False  # 1006.6(d)(1)
    if any(one.get("in_writing", True) for one in _stands(question, "cease", "refuses_to_pay")):
        return False  # 1006.6(c)
    if any(_disputed(question, one) for one in _stands(question, "dispute")) and not _granted(
        question, "verification_sent"
    ):
        return False  # 1006.38(d)(2)
    if _stands(question, "channel_opt_out") and asked is None:
        return False  # 1006.14(h)
    if proposal["channel"] in ("email", "sms") and _stands(question, "known_disclosure"):
        return False  # 1006.6(d)(3)
    if role in CONSUMER and _stands(question, "attorney") and asked is None:
        return False  # 1006.6(b)(2)
    if use == "work" and _stands(question, "employer_forbids"):
        return False  # 1006.6(b)(3)
    if not _granted(question, "hours_consent"):
        law_lasts, own_last = _hours_last(question, asked)
        for zone in zones:  # 1006.6(b)(1)(i)
            here = at.astimezone(zone)
            if _night(here) and not law_lasts:
                return False
            if not own_last and any(_window(here, wish) for wish in _stands(question, "quiet_hours")):
                return False
    return proposal["channel"] != "call" or role == "attorney" or _often(question)


def _disputed(question: Question, dispute: dict[str, Any]) -> bool:
    """In writing, and not after the period that a validation notice began, where one was sent before it."""
    if not dispute.get("in_writing", True):
        return False
    ends, zones = [], _zones(question)
    for one in question.get("standings", []):
        if one["kind"] != "validation_notice" or _when(one["since"]) > _when(dispute["since"]):
            continue
        if one.get("debts") and dispute.get("debts") and not set(one["debts"]) & set(dispute["debts"]):
            continue
        ends.append(_period_ends(max(_days(_when(one["since"]), zones)), one.get("received")))
    return not ends or any(day <= max(ends) for day in _days(_when(dispute["since"]), zones))


def _period_ends(sent: date, received: str | None) -> date:
    """1006.34(b)(5): thirty days after receipt, or after five days that are no weekend and no legal holiday."""
    if received:
        return date.fromisoformat(received) + timedelta(days=30)
    day, counted = sent, 0
    while counted < 5:
        day += timedelta(days=1)
        counted += day.weekday() < 5 and not _legal_holiday(day)
    return day + timedelta(days=30)


def _legal_holiday(day: date) -> bool:
    if (day.month, day.day) in ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25)):
        return True
    which, last = (day.day + 6) // 7, (day + timedelta(days=7)).month != day.month
    if day.weekday() == 3:
        return day.month == 11 and which == 4
    monday = {1: 3, 2: 3, 9: 1, 10: 2}.get(day.month) == which or (day.month == 5 and last)
    return day.weekday() == 0 and monday


def _window(here: datetime, wish: dict[str, Any]) -> date | None:
    """The day on which the hours began that a local time lies in, of those the person named; all day without."""
    names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    minute = here.hour * 60 + here.minute
    start = int(wish["closed_from"][:2]) * 60 + int(wish["closed_from"][3:]) if wish.get("closed_from") else 0
    end = (
        int(wish["closed_until"][:2]) * 60 + int(wish["closed_until"][3:]) if wish.get("closed_until") else 0
    )
    days = wish.get("weekdays") or names
    today, before = names[here.weekday()], names[here.weekday() - 1]
    if today in days and start <= minute and (start >= end or minute < end):
        return here.date()
    return here.date() - timedelta(days=1) if start >= end and before in days and minute < end else None


def _often(question: Question) -> bool:
    """1006.14(b)(2): seven calls in seven days and seven days after a conversation, for each debt and person."""
    proposal = question["proposal"]
    at = _when(proposal["at"])
    calls_to = proposal["point"]["role"]
    for consent in _consents(question):
        if not _talked_since(question, consent, at, calls_to, proposal["debts"]):
            return True
    for zone in _zones(question):
        today = at.astimezone(zone).date()
        for debt in proposal["debts"]:
            calls = 0
            for one in question.get("history", []):
                then = _when(one["at"])
                if (
                    one["channel"] != "call"
                    or then > at
                    or one.get("role", "borrower") != proposal["point"]["role"]
                ):
                    continue
                if one.get("debts") and debt not in one["debts"]:
                    continue
                age = (today - then.astimezone(zone).date()).days
                if one["outcome"] == "conversation" and age < 7:
                    return False
                counts = one.get("direction") != "in" and one["outcome"] not in (
                    "busy",
                    "not_in_service",
                    "not_connected",
                    "wrong_person",
                )
                if counts and age < 7 and not _excused(question, one):
                    calls += 1
            if calls >= 7:
                return False
    return True


def _excused(question: Question, call: dict[str, Any]) -> bool:
    """1006.14(b)(3)(i): a call within seven days of direct consent does not count, then or later."""
    then = _when(call["at"])
    for one in question.get("standings", []):
        if one["kind"] != "direct_consent" or _when(one["since"]) > then:
            continue
        if one.get("given", "directly") != "directly" or (
            one.get("ended_at") and _when(one["ended_at"]) <= then
        ):
            continue
        if one.get("channel") and one["channel"] != "call":
            continue
        if one.get("debts") and call.get("debts") and not set(one["debts"]) & set(call["debts"]):
            continue
        lasts = True
        for zone in _zones(question):
            last = _when(one["since"]).astimezone(zone).date() + timedelta(days=6)
            if one.get("until"):
                last = min(last, date.fromisoformat(one["until"]))
            lasts = lasts and then.astimezone(zone).date() <= last
        whom, about = call.get("role", "borrower"), call.get("debts") or []
        if lasts and not _talked_since(question, one, then, whom, about, before=True):
            return True
    return False


def _consents(question: Question) -> list[dict[str, Any]]:
    """Direct consents that are sure, and of the last seven days."""
    return [
        one
        for one in question.get("standings", [])
        if _granted({**question, "standings": [one]}, "direct_consent", 7)
    ]


def _talked_since(
    question: Question,
    consent: dict[str, Any],
    at: datetime,
    whom: str,
    debts: list[str],
    before: bool = False,
) -> bool:
    """A conversation about the debt ends the consent (the one in which it was given does not)."""
    for one in question.get("history", []):
        then = _when(one["at"])
        if one["channel"] != "call" or one["outcome"] != "conversation" or then <= _when(consent["since"]):
            continue
        if then > at or (before and then == at) or one.get("role", "borrower") != whom:
            continue
        if not one.get("debts") or not debts or set(one["debts"]) & set(debts):
            return True
    return False


def _mainland(question: Question) -> bool:
    proposal = question["proposal"]
    shanghai = ZoneInfo("Asia/Shanghai")
    here = _when(proposal["at"]).astimezone(shanghai)
    if proposal["point"]["role"] not in ("borrower", "guarantor"):
        return False  # GB/T 45251, banking association: debtor and liable guarantor only
    if _stands(question, "channel_opt_out", "plan"):
        return False  # Civil Code 1033; credit card measures art. 70
    if not _granted(question, "hours_consent") and not 8 <= here.hour < 22:
        return False
    if proposal["channel"] == "visit" and proposal.get("collectors", 1) < 2:
        return False
    if proposal["channel"] != "call":
        return True
    talks, tries = 0, 0
    for one in question.get("history", []):
        then = _when(one["at"])
        if one["channel"] != "call" or one.get("direction") == "in" or then > _when(proposal["at"]):
            continue
        if then.astimezone(shanghai).date() != here.date():
            continue
        talks += one["outcome"] in ("conversation", "unknown")
        same = one.get("point", "P") == proposal["point"]["id"]
        tries += same and one["outcome"] in ("no_answer", "not_connected", "voicemail", "unknown")
    return talks < 3 and (tries < 6 or _granted(question, "attempts_consent"))
