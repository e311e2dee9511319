"""What a contact costs in points (HOUSE-STRESS): by channel, and more in the evening where the person may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any

from lenity.domain.debt_collection.rules.view import clock_start, zone_of

WHOLE = 100


def cost(value: Mapping[str, Any], channel: str, at: datetime, zones: Sequence[str]) -> int | None:
    """The points of one contact at an instant, rounded up; None for a channel that has no price.

    >>> from datetime import UTC
    >>> price = {"points": {"call": 5}, "evening": {"from": "18:00", "until": "08:00", "percent": 150}}
    >>> at = datetime(2026, 11, 24, 10, tzinfo=UTC)
    >>> cost(price, "call", at, ["Asia/Shanghai"]), cost(price, "call", at, ["Europe/London"])
    (8, 5)
    """
    points = value["points"].get(channel)
    if points is None or not is_evening(value, channel, at, zones):
        return None if points is None else int(points)
    return _dear(int(points), value)


def is_evening(value: Mapping[str, Any], channel: str, at: datetime, zones: Sequence[str]) -> bool:
    """Whether it is evening, by the rule's clock, in one of the zones in which the person may be."""
    rule = value.get("evening")
    if not rule or channel in rule.get("not_for", ()):
        return False
    return _is_dark(at, tuple(zones), rule["from"], rule["until"])


@lru_cache(maxsize=8192)
def _is_dark(at: datetime, zones: tuple[str, ...], begins: str, ends: str) -> bool:
    first, last = _clock(begins), _clock(ends)
    return any(clock >= first or clock < last for zone in zones for clock in (_wall(at, zone).time(),))


def morning(value: Mapping[str, Any], at: datetime, zones: Sequence[str]) -> datetime:
    """When the evening ends in every zone in which it is evening at an instant."""
    ends = _clock(value["evening"]["until"])
    evening = [zone for zone in zones if is_evening(value, "", at, [zone])]
    return max((_ends(_wall(at, zone), ends, zone, at) for zone in evening), default=at)


def _ends(wall: datetime, ends: time, zone: str, at: datetime) -> datetime:
    day = wall.date() + timedelta(days=wall.time() >= ends)
    return clock_start(day, ends, zone, at)


def _dear(points: int, value: Mapping[str, Any]) -> int:
    return -(-points * int(value["evening"]["percent"]) // WHOLE)


def evening_prices(value: Mapping[str, Any]) -> dict[str, int]:
    """The points by channel in the evening, of the channels that then cost more."""
    rule = value.get("evening")
    if not rule:
        return {}
    dear = {name: price for name, price in value["points"].items() if name not in rule.get("not_for", ())}
    return {name: _dear(int(price), value) for name, price in dear.items()}


def evening_from(value: Mapping[str, Any]) -> str:
    """The hour at which the evening begins; empty where no evening is named."""
    return str(value["evening"]["from"]) if value.get("evening") else ""


def _wall(at: datetime, zone: str) -> datetime:
    return at.astimezone(zone_of(zone))


_clock = lru_cache(time.fromisoformat)
