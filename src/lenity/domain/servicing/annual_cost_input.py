"""Reading the input of `lenity apr`: advances, payments, unit-period, method."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.servicing import annual_cost
from lenity.domain.servicing.annual_cost import Flow, Kind, Method, UnitPeriod

MOST_PAYMENTS = 20_000
WORDS = {
    "day": Kind.DAY,
    "daily": Kind.DAY,
    "week": Kind.WEEK,
    "weekly": Kind.WEEK,
    "month": Kind.MONTH,
    "monthly": Kind.MONTH,
    "quarter": Kind.MONTH,
    "year": Kind.YEAR,
    "annual": Kind.YEAR,
    "yearly": Kind.YEAR,
    "term": Kind.TERM,
    "single": Kind.TERM,
}
HALF_MONTH = re.compile(r"semi-?\s?month|half[- ]?month|(0\.5|1/2|½) month")
COUNTED = re.compile(r"(\d{1,4})?\s*([a-z]+?)s?(?:\(s\))?(?:ly)?(?:\b|$)")


@dataclass(frozen=True, slots=True)
class Question:
    """What `annual_cost.annual_cost` is asked."""

    advances: tuple[Flow, ...]
    payments: tuple[Flow, ...]
    unit: UnitPeriod
    method: Method
    per_year: Fraction | None


def read(raw: object) -> Question:
    """A question from JSON values. Raises `InputRefused` that names the field.

    Keys: `advance_date` with `amount_financed`, or `advances` (`[{"date", "amount"}]`); `payments`
    (`[{"first_date", "count", "amount"}]`); `unit_period` ("1 month(s)", "2 week(s)", "semimonth", "255 day(s)",
    "1 year(s)"), found from the payments where it is missing; `unit_periods_per_year`; `method`.
    """
    if not isinstance(raw, Mapping):
        raise InputRefused([Problem("apr", "The input is not a JSON object.")])
    methods = {method.value: method for method in Method}
    method = methods.get(str(raw.get("method") or Method.US_ACTUARIAL.value))
    if method is None:
        raise InputRefused(
            [Problem("apr.method", f"method {raw.get('method')!r} is not known.", "Use us_actuarial or irr.")]
        )
    amounts = _Amounts()
    advances = _advances(raw, amounts)
    streams = _list(raw, "payments")
    unit = _unit(raw, advances, streams)
    payments = tuple(flow for one in streams for flow in _stream(one, unit, amounts, "payments"))
    if len(payments) > MOST_PAYMENTS:
        raise InputRefused([Problem("apr.payments", f"There are more than {MOST_PAYMENTS} payments.")])
    per_year = None
    if raw.get("unit_periods_per_year") is not None:
        stated = _number(raw["unit_periods_per_year"], "unit_periods_per_year")
        if not 0 < stated <= 366:
            raise InputRefused(
                [Problem("apr.unit_periods_per_year", "unit_periods_per_year is out of range.")]
            )
        # A stated 1.43 for a term of 255 days is a rounding of 365/255: the exact ratio is used.
        exact = unit.per_year
        per_year = exact if abs(stated - exact) <= Fraction(1, 100) else stated
    return Question(amounts.whole(advances), amounts.whole(payments), unit, method, per_year)


class _Amounts:
    """Brings exact decimals to one whole-number scale."""

    SCALE = 10**8

    def read(self, value: object, name: str) -> int:
        """An amount on the common scale."""
        scaled = _number(value, name) * self.SCALE
        if scaled.denominator != 1 or not 0 <= scaled <= 10**24:
            raise InputRefused([Problem(f"apr.{name}", f"{name} has an amount out of range.")])
        return int(scaled)

    def whole(self, flows: tuple[Flow, ...]) -> tuple[Flow, ...]:
        """The flows as they are: their scale is the same on both sides."""
        return flows


def _advances(raw: Mapping[str, object], amounts: _Amounts) -> tuple[Flow, ...]:
    if raw.get("advances") is not None:
        month = UnitPeriod(Kind.MONTH)
        listed = _list(raw, "advances")
        return tuple(flow for one in listed for flow in _stream(one, month, amounts, "advances"))
    for name in ("advance_date", "amount_financed"):
        if raw.get(name) is None:
            raise InputRefused([Problem(f"apr.{name}", f"{name} is missing.", "Or give advances as a list.")])
    day = _day(raw["advance_date"], "advance_date")
    return (Flow(day, amounts.read(raw["amount_financed"], "amount_financed")),)


def _stream(one: Mapping[str, object], unit: UnitPeriod, amounts: _Amounts, name: str) -> list[Flow]:
    first = _day(one.get("first_date", one.get("date")), name)
    count = one.get("count", 1)
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST_PAYMENTS:
        raise InputRefused([Problem(f"apr.{name}", f"{name}: count {count!r} is not 1 to {MOST_PAYMENTS}.")])
    amount = amounts.read(one.get("amount"), name)
    return [Flow(unit.after(first, number), amount) for number in range(count)]


def _unit(
    raw: Mapping[str, object], advances: tuple[Flow, ...], streams: list[Mapping[str, object]]
) -> UnitPeriod:
    stated = raw.get("unit_period")
    if stated is None:
        return _found(raw, advances, streams)
    text = str(stated).strip().lower()
    if HALF_MONTH.search(text):
        return UnitPeriod(Kind.SEMIMONTH)
    match = COUNTED.match(text)
    kind = next((kind for word, kind in WORDS.items() if match and match[2].startswith(word[:4])), None)
    if match is None or kind is None or match[1] == "0":
        says = f"unit_period {text[:30]!r} is not known."
        raise InputRefused(
            [Problem("apr.unit_period", says, 'Write "1 month(s)", "2 week(s)", "semimonth".')]
        )
    every = int(match[1] or 1)
    if match[2].startswith("quar"):
        every *= 3
    if kind is Kind.TERM:
        return _found(raw, advances, streams)
    return UnitPeriod(kind, every)


def _found(
    raw: Mapping[str, object], advances: tuple[Flow, ...], streams: list[Mapping[str, object]]
) -> UnitPeriod:
    """The unit-period where none is stated: by its number a year; a single payment's is its term."""
    if raw.get("unit_periods_per_year") is not None:
        stated = _number(raw["unit_periods_per_year"], "unit_periods_per_year")
        for unit in (
            UnitPeriod(Kind.SEMIMONTH),
            *(UnitPeriod(Kind.WEEK, every) for every in (1, 2, 4)),
            *(UnitPeriod(Kind.MONTH, every) for every in (1, 2, 3, 4, 6)),
            UnitPeriod(Kind.DAY),
            UnitPeriod(Kind.YEAR),
        ):
            if unit.per_year == stated:
                return unit
    if len(streams) == 1 and streams[0].get("count", 1) == 1 and len(advances) == 1:
        end = _day(streams[0].get("first_date", streams[0].get("date")), "payments")
        months, days = annual_cost.months_back(advances[0].day, end)
        if months > 12 or (months == 12 and days):
            return UnitPeriod(Kind.YEAR)
        if days == 0 and months:
            return UnitPeriod(Kind.MONTH, months)
        return UnitPeriod(Kind.TERM, max((end - advances[0].day).days, 1))
    return UnitPeriod(Kind.MONTH)


def _list(raw: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    value = raw.get(name)
    if not isinstance(value, list) or not value or not all(isinstance(one, Mapping) for one in value):
        raise InputRefused(
            [Problem(f"apr.{name}", f"{name} is not a list of objects.", "Give at least one.")]
        )
    return value


def _number(value: object, name: str) -> Fraction:
    """An exact number; a JSON number has been read as text by the command, so nothing was rounded."""
    try:
        if isinstance(value, bool) or value is None or len(str(value)) > 40:
            raise ValueError
        return Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        raise InputRefused(
            [Problem(f"apr.{name}", f"{name}: {str(value)[:30]!r} is not a number.")]
        ) from None


def _day(value: object, name: str) -> date:
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        says = f"{name}: {str(value)[:20]!r} is not a day."
        raise InputRefused([Problem(f"apr.{name}", says, "Write it as 2026-11-24.")]) from None
