"""The one clock. Everything that needs the present asks here; a lint bans every other way.

`use(ManualClock(...))` puts another clock in for a simulation or a test.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

BUSINESS_ZONES = {
    "CN": "Asia/Shanghai",
    "HK": "Asia/Hong_Kong",
    "UK": "Europe/London",
    "US": "America/New_York",
}
"""Where the lender's day begins and ends; elsewhere the day is UTC's."""
HOME = "CN"
"""Where the lender is at home: its staff's authority and its own account with the bank go by this day."""


class Clock(Protocol):
    """Something that tells the present instant in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class ShiftedClock:
    """The machine's clock, so many seconds on: how a demo's day goes on while its pages are served."""

    def __init__(self, seconds: int) -> None:
        self._shift = timedelta(seconds=seconds)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._shift


class ManualClock:
    """A clock that moves only when told to."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def move_to(self, instant: datetime) -> None:
        self._now = instant.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        self._now += by


_clock: Clock = SystemClock()


def install(clock: Clock) -> None:
    """Make `clock` the clock of this process."""
    global _clock
    _clock = clock


@contextmanager
def use(clock: Clock) -> Iterator[Clock]:
    """Put `clock` in for the length of a `with` block."""
    before = _clock
    install(clock)
    try:
        yield clock
    finally:
        install(before)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _clock.now()


def today(zone: str) -> date:
    """The present day in `zone` (IANA name)."""
    return now().astimezone(ZoneInfo(zone)).date()


def stopwatch() -> float:
    """Seconds of a monotonic counter, for measuring how long something took."""
    return time.monotonic()


def pause(seconds: float) -> None:
    """Wait on the machine's own time, whatever clock is installed."""
    time.sleep(seconds)


def business_day(place: str) -> date:
    """The lender's business day in a place, by its ISO 3166 code."""
    return today(business_zone(place))


def business_days(at: datetime) -> dict[str, date]:
    """The lender's day in every place at an instant."""
    return {place: at.astimezone(ZoneInfo(zone)).date() for place, zone in BUSINESS_ZONES.items()}


def home_day() -> date:
    """The business day where the lender is at home."""
    return business_day(HOME)


def business_now(place: str) -> datetime:
    """This instant on the lender's clock in a place."""
    return now().astimezone(ZoneInfo(business_zone(place)))


def business_zone(place: str) -> str:
    """The IANA name of the zone in which the lender's day runs in a place."""
    return BUSINESS_ZONES.get(place, "UTC")
