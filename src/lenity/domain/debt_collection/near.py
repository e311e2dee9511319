"""Near misses: allowed contacts that were close to a limit or to the edge of an hour (HOUSE-NEAR).

They were lawful. Somebody who reads where they gather sees a strategy or a collector drift before the gate
has to stop it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any, NamedTuple

CLOCK = re.compile(r"(\d\d):(\d\d) ")
DAY_MINUTES = 24 * 60


class Near(NamedTuple):
    """One provision that a contact was close to: `used` of `limit`, or `used` minutes from an edge."""

    provision: str
    kind: str  # count | points | edge
    used: int
    limit: int


Asked = Mapping[str, tuple[str, Mapping[str, Any]]]
"""The rules of a day by provision: the kind of rule and its value."""


def misses(
    findings: Iterable[tuple[str, Mapping[str, Any]]], channel: str, rules: Asked, house: Mapping[str, int]
) -> list[Near]:
    """What an allowed contact was close to, of the findings of its certificate.

    A limit of one is never a near miss: the first contact reaches it.

    >>> house = {"share_percent": 80, "smallest_limit": 2, "edge_minutes": 10}
    >>> rules = {"H": ("at_most_in_days", {"at_most": 3})}
    >>> misses([("H", {"facts_used": {"used": "2", "at_most": "3"}})], "sms", rules, house)
    [Near(provision='H', kind='count', used=3, limit=3)]
    >>> misses([("H", {"facts_used": {"used": "1", "at_most": "3"}})], "sms", rules, house)
    []
    """
    found = []
    for provision, finding in findings:
        kind, value = rules.get(provision, ("", {}))
        one = _near(provision, kind, value, finding.get("facts_used", {}), channel)
        if one is not None and _counts(one, house):
            found.append(one)
    return found


def _near(
    provision: str, kind: str, value: Mapping[str, Any], facts: Mapping[str, str], channel: str
) -> Near | None:
    if kind == "at_most_in_days" and "used" in facts:
        return Near(provision, "count", int(facts["used"]) + 1, int(facts["at_most"]))
    if kind == "points_budget" and "used" in facts:
        cost = int(facts.get("cost", value["points"].get(channel, 0)))
        return Near(provision, "points", int(facts["used"]) + cost, int(facts.get("budget", value["budget"])))
    if kind == "quiet_hours" and "clock" in facts:
        hours = time.fromisoformat(value["closed_from"]), time.fromisoformat(value["closed_until"])
        return Near(provision, "edge", _edge(facts["clock"], *hours), 0)
    return None


def _edge(clocks: str, closed_from: time, closed_until: time) -> int:
    """Minutes to the nearest edge of the open hours, on the clock that is nearest."""
    shut, opens = (one.hour * 60 + one.minute for one in (closed_from, closed_until))
    walls = [int(hour) * 60 + int(minute) for hour, minute in CLOCK.findall(clocks)]
    return min(
        (min((shut - wall) % DAY_MINUTES, (wall - opens) % DAY_MINUTES) for wall in walls),
        default=DAY_MINUTES,
    )


def _counts(one: Near, house: Mapping[str, int]) -> bool:
    if one.kind == "edge":
        return one.used <= house["edge_minutes"]
    return one.limit >= house["smallest_limit"] and one.used * 100 >= house["share_percent"] * one.limit
