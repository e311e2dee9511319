"""Days, months and instants. A day is a `date`; an instant is an aware UTC `datetime`."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


def add_months(day: date, months: int, *, anchor_day: int | None = None) -> date:
    """The same day `months` later, clipped to the month's end from `anchor_day`.

    >>> add_months(date(2026, 1, 31), 1), add_months(date(2026, 2, 28), 1, anchor_day=31)
    (datetime.date(2026, 2, 28), datetime.date(2026, 3, 31))
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(anchor_day or day.day, last))


def month_end(day: date) -> date:
    """Last day of the month of `day`."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def require_utc(instant: datetime) -> datetime:
    """Return `instant` in UTC; refuse one without a zone, which would be a guess."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(UTC)


def local(instant: datetime, zone: str) -> datetime:
    """The wall clock in `zone` (IANA name) at `instant`."""
    return require_utc(instant).astimezone(ZoneInfo(zone))


def local_day_start(day: date, zone: str) -> datetime:
    """The UTC instant at which `day` begins in `zone`."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def instant_text(instant: datetime) -> str:
    """Canonical text of an instant: UTC, microseconds, `Z`."""
    return require_utc(instant).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_instant(text: str) -> datetime:
    """Read an ISO 8601 instant; refuse one without an offset."""
    return require_utc(datetime.fromisoformat(text))


def days_between(start: date, end: date) -> int:
    """Whole days from `start` to `end`."""
    return (end - start) // timedelta(days=1)


def next_day_of_month(after: date, day: int) -> date:
    """The first day after `after` with this number (1 to 28, which every month has).

    >>> next_day_of_month(date(2026, 1, 15), 15), next_day_of_month(date(2026, 1, 14), 15)
    (datetime.date(2026, 2, 15), datetime.date(2026, 1, 15))
    """
    here = after.replace(day=day)
    return here if here > after else add_months(here, 1)
