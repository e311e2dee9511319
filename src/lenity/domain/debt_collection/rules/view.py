"""The facts of one decision, prepared once: local days, what counts, which wishes are alive."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from operator import le
from types import MappingProxyType
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from lenity.base import dates
from lenity.domain.debt_collection.certificate import Count
from lenity.domain.debt_collection.contact import Facts, Past, Standing

PERSON = "person"
"""Written for a zone, it means every zone in which the person may be."""

GIVEN_DIRECTLY = "directly"
JUST = timedelta(microseconds=1)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Answer(NamedTuple):
    """What a rule says: its effect, the facts it used in both languages, when it opens, what is counted."""

    effect: str  # allows | defers | refuses
    facts: Mapping[str, str] = MappingProxyType({})
    earliest: datetime | None = None
    counts: tuple[Count, ...] = ()


ALLOWS = Answer("allows")


@dataclass(slots=True)
class View:
    """Facts as rules read them."""

    facts: Facts
    at: datetime
    _zones: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)
    _here: dict[str, datetime] = field(default_factory=dict, compare=False, repr=False)
    _times: list[datetime] = field(default_factory=list, compare=False, repr=False)

    def here(self, zone: str) -> datetime:
        """The wall clock in a zone at this instant."""
        known = self._here.get(zone)
        if known is None:
            known = self._here[zone] = self.at.astimezone(zone_of(zone))
        return known

    def day_of(self, place: int, zone: str) -> date:
        """The local day of one contact of the history."""
        return local_day(self.facts.history[place].at, zone)

    def _from(self, since: datetime) -> range:
        """Places in the history at or after an instant: only the end of it, where it stands in order of time."""
        times, history = self._times, self.facts.history
        if not times and history:
            times += [one.at for one in history]
            if not all(map(le, times, times[1:])):
                times.append(times[0])
        if len(times) != len(history):
            return range(len(history))
        return range(bisect_left(times, since), len(history))

    def zones(self, zone: str) -> tuple[str, ...]:
        """The zones a rule has to hold in. A landline and an address bind the point's own place as well."""
        if zone != PERSON:
            return (zone,)
        known = self._zones.get(zone)
        if known is None:
            person, point = self.facts.person.zones, self.facts.proposal.point.zones
            known = self._zones[zone] = tuple(sorted({*person, *point}))
        return known

    def alive(self, kinds: Iterable[str]) -> list[Standing]:
        """Standing wishes, holds and notices of these kinds that hold at this instant for this contact."""
        if not self.facts.standings:
            return []
        wanted = set(kinds)
        return [one for one in self.facts.standings if one.kind in wanted and self._holds(one)]

    def granted(self, kinds: Iterable[str], days: int = 0, ended_by: Iterable[str] = ()) -> list[Standing]:
        """Consents and notices that surely hold: in every zone, and for every debt the contact is about.

        With `days` a consent holds for so many days at most, the day it was received the first of them; a call
        since then with an outcome of `ended_by` about one of the debts has ended it.

        What stops a contact is read the other way round (`alive`): it holds where it may hold.
        """
        surely = [one for one in self.alive(kinds) if self._surely(one) and _counts(one)]
        if ended_by:
            who, debts = self.facts.proposal.point, self.facts.proposal.debts
            surely = [
                one
                for one in surely
                if not self._ended(one.since, self.at, ended_by, (who.role, who.who), debts)
            ]
        if not days:
            return surely
        return [one for one in surely if self.at <= _end_of(one, days, self.zones(PERSON))]

    def _surely(self, standing: Standing) -> bool:
        zones = self.zones(PERSON) or ("UTC",)
        until, debts = standing.until, set(self.facts.proposal.debts)
        in_time = until is None or all(self.here(zone).date() <= until for zone in zones)
        return in_time and (not standing.debts or (bool(debts) and debts <= set(standing.debts)))

    def _holds(self, standing: Standing) -> bool:
        proposal = self.facts.proposal
        if standing.since > self.at or _was_ended(standing, self.at):
            return False
        if standing.until is not None:
            zones = self.zones(PERSON) or ("UTC",)
            if all(self.here(zone).date() > standing.until for zone in zones):
                return False
        about_debt = not standing.debts or not proposal.debts or set(standing.debts) & set(proposal.debts)
        same_channel = standing.channel in ("", proposal.channel)
        same_point = standing.point_id in ("", proposal.point.id)
        return bool(about_debt) and same_channel and same_point

    def past(self, value: Mapping[str, Any], debt: str = "", since: datetime | None = None) -> list[int]:
        """Places in the history that an allowance counts: by channel, purpose, outcome and whom it is for.

        `started_by: anyone` counts what the person began as well. With `per: debt` a contact about no named
        debt counts towards each, and what was said to another person towards none of this one's. `per: who`
        counts one person's, on every number; somebody without a name is known by the number alone.
        """
        proposal, at, history = self.facts.proposal, self.at, self.facts.history
        places = range(len(history)) if since is None else self._from(since)
        if not places:
            return []
        channels, purposes = value.get("channels"), value.get("purposes")
        outcomes, per = value.get("outcomes"), value.get("per")
        not_counted, anyone = value.get("not_counted", ()), value.get("started_by") == "anyone"
        point, who = proposal.point.id, (proposal.point.role, proposal.point.who)
        consent = value.get("excused_by")
        found = []
        for place in places:
            past = history[place]
            if (
                (not channels or past.channel in channels)
                and past.at <= at
                and (since is None or past.at >= since)
                and past.outcome not in not_counted
                and (not outcomes or past.outcome in outcomes)
                and (anyone or past.initiated_by == "lender")
                and (not purposes or past.purpose in purposes)
                and (per != "point" or past.point_id == point)
                and (per != "debt" or ((past.role, past.who) == who and _about(past, debt)))
                and (per != "who" or ((past.role, past.who) == who and (past.who or past.point_id == point)))
                and not (consent and self._excused(place, consent, value))
            ):
                found.append(place)
        return found

    def debts(self, value: Mapping[str, Any]) -> tuple[str, ...]:
        """The debts that an allowance is kept for one by one; one empty name where it is kept for all."""
        return (
            self.facts.proposal.debts if value.get("per") == "debt" and self.facts.proposal.debts else ("",)
        )

    def unanswered(self) -> datetime | None:
        """When the person last wrote or called in this medium, where nobody has answered her there since.

        A call of hers that was taken was answered in that call.
        """
        proposal, asked = self.facts.proposal, None
        who = proposal.point.role, proposal.point.who
        for past in self.facts.history:
            if past.at > self.at or past.channel != proposal.channel:
                continue
            if past.initiated_by != "person":
                asked = None if past.role == who[0] else asked
            elif (past.role, past.who) == who:
                asked = None if past.channel == "call" and past.outcome == "conversation" else past.at
        return asked

    def was_used(self) -> bool:
        """Whether the person wrote or called from this very number or address about a debt of the proposal."""
        proposal = self.facts.proposal
        return any(
            past.initiated_by == "person"
            and past.at <= self.at
            and past.channel == proposal.channel
            and past.point_id == proposal.point.id
            and share(past.debts, proposal.debts)
            for past in self.facts.history
        )

    def _ended(
        self,
        since: datetime,
        until: datetime,
        outcomes: Iterable[str],
        who: tuple[str, str],
        debts: tuple[str, ...],
    ) -> bool:
        """Whether a call with such an outcome came after a consent: with that person, about one of the debts."""
        return any(
            since < past.at <= until
            and past.channel == "call"
            and past.outcome in outcomes
            and (past.role, past.who) == who
            and share(past.debts, debts)
            for past in self.facts.history
        )

    def _excused(self, place: int, kinds: Iterable[str], value: Mapping[str, Any]) -> bool:
        """Whether a contact of the history was made within so many days of a direct consent, that day the first.

        The conversation that ended the consent was itself still made under it.
        """
        past = self.facts.history[place]
        days, ended_by = value.get("excused_days", 0), value.get("consent_ended_by", ())
        before = past.at - JUST
        return any(
            one.kind in kinds
            and _counts(one)
            and one.since <= past.at
            and not _was_ended(one, past.at)
            and past.at <= _end_of(one, days, self.zones(PERSON))
            and one.channel in ("", past.channel)
            and share(one.debts, past.debts)
            and not (ended_by and self._ended(one.since, before, ended_by, (past.role, past.who), past.debts))
            for one in self.facts.standings
        )


def share(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two lists have a debt in common; an empty one is about every debt."""
    return not one or not other or bool(set(one) & set(other))


def _counts(standing: Standing) -> bool:
    """Whether a consent was given to the one who contacts, in a talk that itself kept the law."""
    return not standing.detail or standing.value("given", GIVEN_DIRECTLY) == GIVEN_DIRECTLY


def _was_ended(standing: Standing, at: datetime) -> bool:
    """Whether it was taken back at an instant that has passed."""
    ended = standing.value("ended_at") if standing.detail else ""
    return bool(ended) and dates.parse_instant(ended) <= at


def _about(past: Past, debt: str) -> bool:
    return not debt or not past.debts or debt in past.debts


def _end_of(standing: Standing, days: int, zones: tuple[str, ...]) -> datetime:
    """The last instant of a consent that holds for so many days, the day it was received the first."""
    ends = []
    for zone in zones or ("UTC",):
        last = local_day(standing.since, zone) + timedelta(days=days - 1)
        if standing.until is not None:
            last = min(last, standing.until)
        ends.append(day_start(last + timedelta(days=1), zone))
    return min(ends) - JUST


def local_day(instant: datetime, zone: str) -> date:
    """The calendar day in `zone` at `instant`."""
    return instant.astimezone(zone_of(zone)).date()


@lru_cache
def zone_of(name: str) -> ZoneInfo:
    """A time zone by its name."""
    return ZoneInfo(name)


@lru_cache(maxsize=4096)
def day_start(day: date, zone: str) -> datetime:
    """The instant at which `day` begins in `zone`, in UTC: instants of one zone are compared fastest."""
    return datetime(day.year, day.month, day.day, tzinfo=zone_of(zone)).astimezone(UTC)


def clock_start(day: date, clock: time, zone: str, after: datetime) -> datetime:
    """The first instant after `after` at which the wall clock in `zone` shows `clock` of `day`, or is past it.

    A clock that is shown twice, as clocks go back, is the one still to come; one that is never shown, as they
    go forward, is the moment of the change. Never earlier than just after `after`.
    """
    shown = datetime.combine(day, clock, tzinfo=zone_of(zone))
    first, second = (shown.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if second < first:
        return max(_change(second, first, zone), after + JUST)
    return max(first if first > after else second, after + JUST)


def _change(before: datetime, beyond: datetime, zone: str) -> datetime:
    """The instant between two at which the clocks of `zone` change, to the second."""
    old = before.astimezone(zone_of(zone)).utcoffset()

    def changed(seconds: int) -> bool:
        return (before + timedelta(seconds=seconds)).astimezone(zone_of(zone)).utcoffset() != old

    most = int((beyond - before).total_seconds())
    return before + timedelta(seconds=bisect_left(range(most), True, key=changed))


def said(zh: str, en: str, **facts: object) -> dict[str, str]:
    """The facts used, with a sentence in both languages."""
    return {"zh": zh, "en": en, **{key: str(value) for key, value in facts.items()}}
