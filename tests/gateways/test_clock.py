"""The lender's day begins and ends where the lender is."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from lenity.gateways import clock


@pytest.mark.parametrize(
    ("place", "hour", "day"),
    [("CN", 15, 24), ("CN", 16, 25), ("US", 4, 23), ("US", 5, 24), ("US", 23, 24), ("HK", 16, 25)],
)
def test_the_business_day_turns_at_local_midnight(place: str, hour: int, day: int) -> None:
    with clock.use(clock.ManualClock(datetime(2026, 11, 24, hour, tzinfo=UTC))):
        assert clock.business_day(place) == date(2026, 11, day)


def test_an_evening_in_america_is_still_its_due_date() -> None:
    """At eight in the evening in New York the day in UTC is tomorrow; nobody is late by that."""
    with clock.use(clock.ManualClock(datetime(2026, 11, 25, 1, tzinfo=UTC))):
        assert clock.business_day("US") == date(2026, 11, 24)
