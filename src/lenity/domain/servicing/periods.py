"""Due dates, and what part of a year each period counts for.

A period is `(start, end]`: the day of its end is charged, the day of its start is not.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date, timedelta

from lenity.base import dates
from lenity.domain.servicing.terms import InterestPeriod, MonthEnd, Terms, Unit

Ratio = tuple[int, int]
"""An exact fraction as numerator and denominator: kept apart because this is the hot path."""


def due_dates(terms: Terms, count: int | None = None) -> list[date]:
    """Due dates of the instalments: every `every` units from the day of disbursement, or as stated."""
    if terms.due_dates and count is None:
        return list(terms.due_dates)
    return [due_date(terms, number) for number in range(1, (count or terms.instalments) + 1)]


def due_date(terms: Terms, number: int) -> date:
    """The due date of instalment `number`, counted from the day of disbursement each time.

    Counting from the seed and not from the instalment before keeps 31 January, 28 February, 31 March.
    """
    start, steps = terms.disbursed_on, number * terms.every
    if terms.unit is not Unit.MONTHS:
        return start + timedelta(days=steps * (7 if terms.unit is Unit.WEEKS else 1))
    index = start.year * 12 + start.month - 1 + steps
    year, month = divmod(index, 12)
    if start.day <= 28:
        return date(year, month + 1, start.day)
    last = calendar.monthrange(year, month + 1)[1]
    if start.day <= last or terms.month_end is MonthEnd.CLIP:
        return date(year, month + 1, min(start.day, last))
    return date(year, month + 1, last) + timedelta(days=1)


def year_days(day: date) -> int:
    """365 or 366."""
    return 366 if calendar.isleap(day.year) else 365


def actual_over_actual(start: date, end: date) -> Ratio:
    """Actual days over the days of the year they lie in, split at each 31 December.

    >>> from datetime import date
    >>> actual_over_actual(date(2023, 12, 12), date(2024, 1, 12))  # 19/365 + 12/366
    (11334, 133590)
    """
    if start.year == end.year:
        return (end - start).days, year_days(start)
    common, leap = 0, 0
    for year in range(start.year, end.year + 1):
        first = max(start, date(year, 1, 1) - timedelta(days=1))
        days = (min(end, date(year, 12, 31)) - first).days
        if calendar.isleap(year):
            leap += days
        else:
            common += days
    return common * 366 + leap * 365, 365 * 366


def months_between(start: date, end: date, seed_day: int) -> Ratio:
    """Whole months from `start`, and the days left over the days of the month they lie in.

    >>> from datetime import date
    >>> months_between(date(2024, 1, 1), date(2024, 2, 18), 1)  # 1 month and 17 of 29 days
    (46, 29)
    """
    whole = (end.year - start.year) * 12 + end.month - start.month
    while whole and dates.add_months(start, whole, anchor_day=seed_day) > end:
        whole -= 1
    reached = dates.add_months(start, whole, anchor_day=seed_day) if whole else start
    left = (end - reached).days
    if not left:
        return whole, 1
    month = (dates.add_months(start, whole + 1, anchor_day=seed_day) - reached).days
    return whole * month + left, month


def year_parts(terms: Terms, ends: Sequence[date], progressive: bool) -> list[Ratio]:
    """What part of a year each period counts for, by the day count of the terms."""
    parts: list[Ratio] = []
    start = terms.disbursed_on
    for end in ends:
        parts.append(year_part(terms, start, end, progressive))
        start = end
    return parts


def year_part(terms: Terms, start: date, end: date, progressive: bool) -> Ratio:
    """The part of a year of one full period. Without explicit dates every period is a regular one."""
    per_period = terms.interest_period is InterestPeriod.SAME_AS_REPAYMENT
    if per_period and (terms.days_in_month == 30 or not progressive or not terms.partial_period_interest):
        return _by_period(terms, start, end, progressive)
    if terms.days_in_month == 30 and terms.unit is Unit.MONTHS:
        top, bottom = _periods(terms, start, end)
        year = terms.days_in_year or (year_days(start) if progressive else 365)
        return 30 * top, year * bottom
    days = (end - start).days
    if terms.days_in_month == 30 and not terms.due_dates:
        days = terms.every * (7 if terms.unit is Unit.WEEKS else 1)
    if terms.days_in_year:
        return days, terms.days_in_year
    if not progressive:
        return days, 365
    if terms.days_in_month == 30:
        return days, year_days(start)
    return actual_over_actual(start, end)


def regular_part(terms: Terms) -> Ratio:
    """The part of a year of a regular period, as the cumulative engine sizes its instalment with it."""
    if terms.interest_period is InterestPeriod.SAME_AS_REPAYMENT:
        return terms.every, _periods_a_year(terms)
    days = {Unit.MONTHS: 30, Unit.WEEKS: 7, Unit.DAYS: 1}[terms.unit]
    return terms.every * days, terms.days_in_year or 365


def _by_period(terms: Terms, start: date, end: date, progressive: bool) -> Ratio:
    top, bottom = terms.every, 1
    if terms.due_dates and (terms.partial_period_interest or progressive):
        top, bottom = _periods(terms, start, end)
    if progressive and terms.days_in_year and terms.unit is not Unit.MONTHS:
        return top * (7 if terms.unit is Unit.WEEKS else 1), terms.days_in_year * bottom
    return top, _periods_a_year(terms) * bottom


def _periods(terms: Terms, start: date, end: date) -> Ratio:
    """Units between two days; a regular period has exactly `every`."""
    if not terms.due_dates:
        return terms.every, 1
    if terms.unit is Unit.MONTHS:
        return months_between(start, end, terms.disbursed_on.day)
    return (end - start).days, 7 if terms.unit is Unit.WEEKS else 1


def _periods_a_year(terms: Terms) -> int:
    if terms.unit is Unit.MONTHS:
        return 12
    return 52 if terms.unit is Unit.WEEKS else terms.days_in_year or 365
