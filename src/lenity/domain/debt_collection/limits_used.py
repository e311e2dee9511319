"""How much of each limit on contacts was used: read from certificates, so that it is what the gate saw.

Limits on how often (CN-CBA-FREQ, US-RF-14b) and on the hours (CN-CBA-TIME, US-RF-6b) are told
beside the most that was ever used of them, and how many attempts each of them stopped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from lenity.law.reader import Rulebook


class Judged(NamedTuple):
    """One contact as the gate judged it; `on` is the borrower's calendar day."""

    on: date
    verdict: str
    channel: str
    leading: str
    certificate: Mapping[str, Any]


@dataclass
class Used:
    """One limit: what it says, how much of it was used at most, on which day, and what it stopped.

    What an allowed contact used is counted with it.
    """

    provision: Mapping[str, Any]
    at_most: int | None = None
    most: int = 0
    when: str = ""
    earliest: str = ""
    latest: str = ""
    stopped: int = 0
    holds: bool = True

    def to_plain(self) -> dict[str, Any]:
        """Plain values for canonical JSON."""
        told = {key: self.provision[key] for key in ("id", "instrument", "article", "says", "force")}
        return {
            **told,
            "at_most": self.at_most,
            "most_used": self.most,
            "when": self.when,
            "earliest": self.earliest,
            "latest": self.latest,
            "stopped": self.stopped,
            "holds": self.holds,
        }


def of(contacts: Iterable[Judged], rulebook: Rulebook) -> list[Used]:
    """The limits that were looked at, in the order of their ids."""
    found: dict[str, Used] = {}
    for one in contacts:
        for provision in one.certificate.get("provisions", ()):
            facts = provision["facts_used"]
            if "used" in facts or "clock" in facts:
                _add(found.setdefault(provision["id"], Used(provision)), one, facts, rulebook)
    return [found[name] for name in sorted(found)]


def _add(used: Used, one: Judged, facts: Mapping[str, str], rulebook: Rulebook) -> None:
    used.stopped += one.leading == used.provision["id"] and one.verdict != "allowed"
    if one.verdict != "allowed":
        return
    if "clock" in facts:
        clock = facts["clock"][:5]
        used.earliest = min(used.earliest or clock, clock)
        used.latest = max(used.latest, clock)
    if "used" in facts:
        at_most, cost = _limit(str(used.provision["id"]), one, facts, rulebook)
        number = int(facts["used"]) + cost
        used.holds = used.holds and (at_most is None or number <= at_most)
        if number > used.most:
            used.at_most, used.most, used.when = at_most, number, one.on.isoformat()


def _limit(name: str, one: Judged, facts: Mapping[str, str], rulebook: Rulebook) -> tuple[int | None, int]:
    """What the limit was for this contact, and how much of it the contact used."""
    if facts.get("at_most", "").isdigit():
        return int(facts["at_most"]), 1
    try:
        value = rulebook.value(name, one.on)
    except LookupError:
        return None, 1
    told = BUDGET.search(facts.get("en", ""))
    budget = int(told[1]) if told else value.get("budget")
    return budget, int(value.get("points", {}).get(one.channel, 1))


BUDGET = re.compile(r"of (\d+) points")
"""How a certificate tells a budget, which the person may have lowered."""
