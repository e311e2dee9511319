"""Rules about how often. They defer until the window has moved on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from lenity.domain.debt_collection.certificate import Count
from lenity.domain.debt_collection.contact import Standing
from lenity.domain.debt_collection.rules import stress
from lenity.domain.debt_collection.rules.view import ALLOWS, Answer, View, day_start, local_day, said


def at_most_in_days(view: View, value: Mapping[str, Any]) -> Answer:
    """At most `at_most` contacts in `days` consecutive calendar days, this one's day included.

    With several possible zones the worst one counts, and so does the worst of several debts.
    """
    answers = [_at_most(view, value, debt) for debt in view.debts(value)]
    if len(answers) == 1:
        return answers[0]
    shut = [answer for answer in answers if answer.effect == "defers"]
    if shut:
        return max(shut, key=lambda answer: answer.earliest or view.at)
    worst = max(answers, key=lambda answer: answer.counts[0].used)
    return Answer("allows", worst.facts, counts=tuple(count for answer in answers for count in answer.counts))


def _at_most(view: View, value: Mapping[str, Any], debt: str) -> Answer:
    at_most, days = value["at_most"], value["days"]
    worst_used, earliest, window = 0, None, ""
    for zone in view.zones(value["zone"]) or ("UTC",):
        today = view.here(zone).date()
        first = today - timedelta(days=days - 1)
        inside = view.past(value, debt, day_start(first, zone))
        if len(inside) >= at_most:
            taken = sorted(view.day_of(place, zone) for place in inside)
            opens = day_start(taken[len(taken) - at_most] + timedelta(days=days), zone)
            earliest = opens if earliest is None else max(earliest, opens)
        if len(inside) >= worst_used:
            worst_used, window = len(inside), _window(today, days, zone)
    facts = _told_used(worst_used, at_most, days)
    if earliest is not None:
        return Answer("defers", facts, earliest=earliest)
    count = Count(_allowance(view, value, debt), window, worst_used, at_most, slot=_is_slot(value))
    return Answer("allows", facts, counts=(count,))


def wait_after(view: View, value: Mapping[str, Any]) -> Answer:
    """No contact within `days` calendar days after one with an outcome; that day is the first of them."""
    earliest = None
    for zone in view.zones(value["zone"]) or ("UTC",):
        since = day_start(view.here(zone).date() - timedelta(days=value["days"]), zone)
        for place in {place for debt in view.debts(value) for place in view.past(value, debt, since)}:
            opens = day_start(view.day_of(place, zone) + timedelta(days=value["days"]), zone)
            if opens > view.at and (earliest is None or opens > earliest):
                earliest = opens
    if earliest is None:
        return ALLOWS
    days = value["days"]
    text = said(f"最近 {days} 天内已有过通话。", f"There was a conversation within the last {days} days.")
    return Answer("defers", text, earliest=earliest)


def waits_for(view: View, value: Mapping[str, Any]) -> Answer:
    """A notice was sent and `days` have passed without news that it did not arrive; a conversation does too.

    A notice that came back has to be sent again, and the days start anew. News about another message, or after
    the days, takes nothing away from a notice that was waited for.
    """
    if any(view.past({**value, "outcomes": value["or_outcomes"]}, debt) for debt in view.debts(value)):
        return Answer("allows", said("已与对方谈过此债务。", "The debt was talked about with the person."))
    news = view.alive(value["spoiled_by"])
    waits = [(one, _ready(one.since, value["days"], view)) for one in view.granted(value["kinds"])]
    opens = [ready for one, ready in waits if not any(_spoils(back, one, ready) for back in news)]
    if not opens:
        text = said("尚未送达通知，或通知被退回。", "No notice was sent, or the notice came back.")
        return Answer("refuses", text)
    ready, days = min(opens), value["days"]
    if ready > view.at:
        return Answer(
            "defers",
            said(f"通知发出后须等 {days} 天。", f"{days} days are waited after the notice."),
            earliest=ready,
        )
    return Answer("allows", said(f"通知已发出满 {days} 天。", f"{days} days passed since the notice."))


def _spoils(news: Standing, notice: Standing, ready: datetime) -> bool:
    """Whether a notice did not arrive: the news came while it was waited for, and may be about this very one."""
    about, this = news.value("message"), notice.value("message")
    return notice.since <= news.since < ready and (not about or not this or about == this)


def _ready(since: datetime, days: int, view: View) -> datetime:
    zones = view.zones("person") or ("UTC",)
    return max(day_start(local_day(since, zone) + timedelta(days=days), zone) for zone in zones)


def points_budget(view: View, value: Mapping[str, Any]) -> Answer:
    """Points spent in `days` days over all debts stay within a budget that the person may lower."""
    budget = value["budget"]
    for wish in view.alive(value["lowered_by"]):
        lowered = wish.value("points")
        budget = min(budget, int(lowered)) if lowered.isdigit() else budget
    zones, channel = view.zones(value["zone"]) or ("UTC",), view.facts.proposal.channel
    cost = stress.cost(value, channel, view.at, zones)
    if cost is None:
        return Answer("refuses", said("此渠道没有定点数。", "This channel has no points set."))
    by_day, zone, history = int(value["points"][channel]), zones[0], view.facts.history
    first = view.here(zone).date() - timedelta(days=value["days"] - 1)
    inside = view.past(value, since=day_start(first, zone))
    prices = [stress.cost(value, history[place].channel, history[place].at, zones) or 0 for place in inside]
    used = sum(prices)
    text = _told_points(used, budget, cost, by_day, lowered=budget < value["budget"])
    if min(cost, by_day) > budget:
        return Answer("refuses", text)
    if used + cost <= budget:
        return Answer("allows", text)
    spent = sorted(zip([view.day_of(place, zone) for place in inside], prices, strict=True))
    opens = [_frees(spent, used + cost - budget, value["days"], zone)]
    opens += [stress.morning(value, view.at, zones)] if cost > by_day else []
    return Answer("defers", text, earliest=min((one for one in opens if one is not None), default=None))


def _frees(spent: list[tuple[date, int]], needed: int, days: int, zone: str) -> datetime | None:
    for day, points in spent:
        needed -= points
        if needed <= 0:
            return day_start(day + timedelta(days=days), zone)
    return None


def _allowance(view: View, value: Mapping[str, Any], debt: str) -> str:
    name, per = str(value["name"]), value.get("per", "person")
    if per != "person":
        name = f"{name}:{view.facts.proposal.point.id if per == 'point' else debt}"
    return name[:80]


def _is_slot(value: Mapping[str, Any]) -> bool:
    counts_all = not value.get("outcomes") and not value.get("not_counted")
    return counts_all and int(value["days"]) == 1


@lru_cache
def _told_used(used: int, at_most: int, days: int) -> Mapping[str, str]:
    return said(
        f"{_span(days, chinese=True)}已有 {used} 次，上限 {at_most} 次。",
        f"{used} of at most {at_most} used {_span(days, chinese=False)}.",
        used=used,
        at_most=at_most,
    )


@lru_cache
def _told_points(used: int, budget: int, cost: int, by_day: int, *, lowered: bool) -> Mapping[str, str]:
    """What is used of the house's budget or her own lower one, and why it costs more than by day, where it does."""
    own: dict[str, object] = {"budget": budget} if lowered else {}
    zh, en = f"本周打扰点数已用 {used}，上限 {budget}。", f"{used} of {budget} points of the week are used."
    if cost == by_day:
        return said(zh, en, used=used, **own)
    return said(
        f"{zh}晚间联系更打扰，计 {cost} 点，白天为 {by_day} 点。",
        f"{en} In the evening a contact disturbs more: it costs {cost} points, by day {by_day}.",
        used=used,
        cost=cost,
        **own,
    )


@lru_cache
def _window(today: date, days: int, zone: str) -> str:
    day = today.isoformat()
    return f"{day} {zone}" if days == 1 else f"{days} days to {day} {zone}"


def _span(days: int, *, chinese: bool) -> str:
    if days == 1:
        return "今天" if chinese else "today"
    return f"最近 {days} 天" if chinese else f"in {days} days"
