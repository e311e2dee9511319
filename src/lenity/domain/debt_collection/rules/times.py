"""Rules about the hour and the day. They defer: a later instant may be open."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from lenity.domain.debt_collection.contact import Standing
from lenity.domain.debt_collection.rules.view import (
    ALLOWS,
    WEEKDAYS,
    Answer,
    View,
    clock_start,
    day_start,
    said,
)

DAY = timedelta(days=1)


def quiet_hours(view: View, value: Mapping[str, Any]) -> Answer:
    """No contact from `closed_from` until `closed_until` on the wall clock of each zone that may apply."""
    zones = view.zones(value["zone"])
    if not zones:
        return Answer("refuses", said("不知道对方所在时区。", "The person's time zone is not known."))
    closed_from, closed_until = value["closed_from"], value["closed_until"]
    hours = _clock(closed_from), _clock(closed_until)
    opens = [_opens(view, zone, hours) for zone in zones]
    shut = [instant for instant in opens if instant is not None]
    clocks = tuple([(here.hour, here.minute, zone) for zone in zones for here in (view.here(zone),)])
    facts = _told(clocks, closed_from, closed_until, is_open=not shut)
    return Answer("defers", facts, earliest=max(shut)) if shut else Answer("allows", facts)


_clock = lru_cache(time.fromisoformat)


@lru_cache
def _told(
    clocks: tuple[tuple[int, int, str], ...], closed_from: str, closed_until: str, *, is_open: bool
) -> Mapping[str, str]:
    """What is said of wall clocks beside the hours."""
    told = ", ".join([f"{hour:02}:{minute:02} {zone}" for hour, minute, zone in clocks])
    window = f"{closed_until}-{closed_from}"
    if is_open:
        return said(f"当地时间 {told}，在 {window} 之内。", f"It is {told}, inside {window}.", clock=told)
    return said(f"当地时间 {told}，在 {window} 之外。", f"It is {told}, outside {window}.", clock=told)


def _opens(view: View, zone: str, hours: tuple[time, time]) -> datetime | None:
    """When the hours open in `zone`, or None when they are open now."""
    here, (closed_from, closed_until) = view.here(zone), hours
    clock = here.time()
    if closed_from <= closed_until:
        shut = closed_from <= clock < closed_until
        day = here.date()
    else:
        shut = clock >= closed_from or clock < closed_until
        day = here.date() + DAY if clock >= closed_from else here.date()
    if not shut:
        return None
    return clock_start(day, closed_until, zone, view.at)


def own_quiet_hours(view: View, value: Mapping[str, Any]) -> Answer:
    """Hours and weekdays that the person named as inconvenient, each wish on its own; the one open last is told.

    A wish has `closed_from` and `closed_until` (all day without them) and may have `weekdays`, such as
    `mon,tue`. Its day is the day on which its hours begin.
    """
    wishes = view.alive(value["kinds"])
    if not wishes:
        return ALLOWS
    shut = [answer for wish in wishes if (answer := _own(view, wish)) is not ALLOWS]
    refused = [answer for answer in shut if answer.effect == "refuses"]
    if refused or not shut:
        return refused[0] if refused else ALLOWS
    return max(shut, key=lambda answer: answer.earliest or view.at)


def _own(view: View, wish: Standing) -> Answer:
    zones = view.zones(wish.value("zone", "person"))
    if not zones:
        return Answer("refuses", said("不知道对方所在时区。", "The person's time zone is not known."))
    named = {word.strip().lower() for word in wish.value("weekdays").split(",") if word.strip()}
    if named - set(WEEKDAYS):
        return Answer("refuses", said("所说的日子无法识别。", "The days that were named cannot be read."))
    hours = _clock(wish.value("closed_from", "00:00")), _clock(wish.value("closed_until", "00:00"))
    shut = [opens for zone in zones if (opens := _wish_opens(view, zone, hours, named)) is not None]
    if not shut:
        return ALLOWS
    words = wish.value("words")
    told = f": {words}" if words else ""
    text = said(
        f"对方说过此时不方便{f'：{words}' if words else ''}。",
        f"The person named this time as inconvenient{told}.",
    )
    return Answer("defers", text, earliest=max(shut))


def _wish_opens(view: View, zone: str, hours: tuple[time, time], named: set[str]) -> datetime | None:
    """When a wish ends in `zone`, or None when it does not hold now."""
    (start, end), wall = hours, view.here(zone).replace(tzinfo=None)
    for begun in (wall.date() - DAY, wall.date()):
        if named and WEEKDAYS[begun.weekday()] not in named:
            continue
        ends_on = begun if start < end else begun + DAY
        if datetime.combine(begun, start) <= wall < datetime.combine(ends_on, end):
            return clock_start(ends_on, end, zone, view.at)
    return None


def closed_days(view: View, value: Mapping[str, Any]) -> Answer:
    """No contact on the days of a calendar; before its first day and past its last the gate is closed."""
    last, closed = value.get("valid_until"), value.get("days", ())
    if last is None:
        return Answer("refuses", said("没有节假日日历。", "There is no holiday calendar."))
    for zone in view.zones(value["zone"]):
        today = view.here(zone).date()
        if today < value.get("valid_from", today):
            first = value["valid_from"].isoformat()
            text = said(f"节假日日历从 {first} 开始。", f"The holiday calendar begins on {first}.")
            return Answer("refuses", text)
        if today > last:
            text = said(
                f"节假日日历只到 {last.isoformat()}。", f"The holiday calendar ends on {last.isoformat()}."
            )
            return Answer("refuses", text)
        if today in closed:
            following = _next_open(today, closed)
            text = said(f"{today.isoformat()} 是节假日。", f"{today.isoformat()} is a public holiday.")
            return Answer("defers", text, earliest=day_start(following, zone))
    return ALLOWS


def _next_open(day: date, closed: Collection[date]) -> date:
    while day in closed:
        day += DAY
    return day
