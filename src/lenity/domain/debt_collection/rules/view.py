"""The facts of one decision, prepared once: local days, what counts, which wishes are alive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from lenity.domain.debt_collection.certificate import Count
from lenity.domain.debt_collection.contact import Facts, Past, Standing

PERSON = "person"
"""Written for a zone, it means every zone in which the person may be."""

PLACE_BOUND = ("landline", "address")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a rule says: its effect, the facts it used in both languages, when it opens, what is counted."""

    effect: str  # allows | defers | refuses
    facts: Mapping[str, str] = field(default_factory=dict)
    earliest: datetime | None = None
    counts: tuple[Count, ...] = ()


ALLOWS = Answer("allows")


@dataclass(frozen=True, slots=True)
class View:
    """Facts as rules read them."""

    facts: Facts
    at: datetime

    def zones(self, zone: str) -> tuple[str, ...]:
        """The zones a rule has to hold in. A landline and an address bind the point's own place as well."""
        if zone != PERSON:
            return (zone,)
        person, point = self.facts.person.zones, self.facts.proposal.point.zones
        return tuple(sorted({*person, *point}))

    def alive(self, kinds: Iterable[str]) -> list[Standing]:
        """Standing wishes, holds and notices of these kinds that hold at this instant for this contact."""
        wanted = set(kinds)
        return [one for one in self.facts.standings if one.kind in wanted and self._holds(one)]

    def granted(self, kinds: Iterable[str]) -> list[Standing]:
        """Consents and notices that surely hold: in every zone, and for every debt the contact is about.

        What stops a contact is read the other way round (`alive`): it holds where it may hold.
        """
        wanted = set(kinds)
        return [one for one in self.alive(wanted) if self._surely(one)]

    def _surely(self, standing: Standing) -> bool:
        zones = self.zones(PERSON) or ("UTC",)
        until, debts = standing.until, set(self.facts.proposal.debts)
        in_time = until is None or all(local_day(self.at, zone) <= until for zone in zones)
        return in_time and (not standing.debts or (bool(debts) and debts <= set(standing.debts)))

    def _holds(self, standing: Standing) -> bool:
        proposal = self.facts.proposal
        if standing.since > self.at:
            return False
        if standing.until is not None:
            zones = self.zones(PERSON) or ("UTC",)
            if all(local_day(self.at, zone) > standing.until for zone in zones):
                return False
        about_debt = not standing.debts or not proposal.debts or set(standing.debts) & set(proposal.debts)
        same_channel = standing.channel in ("", proposal.channel)
        same_point = standing.point_id in ("", proposal.point.id)
        return bool(about_debt) and same_channel and same_point

    def past(self, value: Mapping[str, Any]) -> list[Past]:
        """The history that an allowance counts: by channels, purposes, outcomes and whom it is kept for."""
        proposal = self.facts.proposal
        channels, purposes = value.get("channels"), value.get("purposes")
        outcomes, per = value.get("outcomes"), value.get("per", "person")
        not_counted = value.get("not_counted", ())
        debts = set(proposal.debts)
        return [
            past
            for past in self.facts.history
            if past.at <= self.at
            and past.initiated_by == "lender"
            and (not channels or past.channel in channels)
            and (not purposes or past.purpose in purposes)
            and (not outcomes or past.outcome in outcomes)
            and past.outcome not in not_counted
            and (per != "point" or past.point_id == proposal.point.id)
            and (per != "debt" or not past.debts or not debts or debts & set(past.debts))
        ]


def local_day(instant: datetime, zone: str) -> date:
    """The calendar day in `zone` at `instant`."""
    return instant.astimezone(ZoneInfo(zone)).date()


def day_start(day: date, zone: str) -> datetime:
    """The instant at which `day` begins in `zone`."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))


def said(zh: str, en: str, **facts: object) -> dict[str, str]:
    """The facts used, with a sentence in both languages."""
    return {"zh": zh, "en": en, **{key: str(value) for key, value in facts.items()}}
