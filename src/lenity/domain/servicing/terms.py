"""The terms of a loan as a lender states them, and the reading of them from JSON.

`read` names the field and the rule for everything that cannot be a loan; it reports all faults at once.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import TypeVar

from lenity.base.money import MAX_MINOR, Rounding, is_currency
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.servicing.texts import decimal_text, exact_text

MOST_INSTALMENTS = 1_200
MOST_EVERY = 366
DAYS_IN_YEAR = ("actual", "360", "364", "365", "366")


class Unit(Enum):
    """What a period is counted in."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


class Interest(Enum):
    """Interest on what is still owed, or on the full amount for the whole term."""

    DECLINING_BALANCE = "declining_balance"
    FLAT = "flat"


class Amortization(Enum):
    """Level instalments, or level principal."""

    EQUAL_INSTALMENTS = "equal_instalments"
    EQUAL_PRINCIPAL = "equal_principal"


class Engine(Enum):
    """Two families of conventions: see `progressive` and `cumulative`."""

    PROGRESSIVE = "progressive"
    CUMULATIVE = "cumulative"


class InterestPeriod(Enum):
    """Interest by the days of a period, or the same for every period."""

    DAILY = "daily"
    SAME_AS_REPAYMENT = "same_as_repayment"


class MonthEnd(Enum):
    """Where a due date goes when its month has no such day."""

    CLIP = "clip"
    FIRST_OF_NEXT_MONTH = "first_of_next_month"


class ChargeKind(Enum):
    """A fee for a service, or a fee for being late."""

    FEE = "fee"
    LATE_FEE = "late_fee"


@dataclass(frozen=True, slots=True)
class PlannedCharge:
    """A charge agreed with the terms: on a day, at disbursement, or with every instalment. Minor units."""

    kind: ChargeKind
    amount_minor: int
    due: date | str  # a day | "disbursement" | "every_instalment"
    name: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of one loan. Amounts in minor units, the rate as an exact fraction a year (0.12 = 12 %).

    `due_dates` replaces the dates that follow from `every` and `unit`. `days_in_year` 0 means actual.
    `instalment_multiple_minor` and `currency_multiple_minor` are 0 where none applies.
    """

    currency: str
    principal_minor: int
    annual_rate: Fraction
    disbursed_on: date
    instalments: int
    every: int = 1
    unit: Unit = Unit.MONTHS
    due_dates: tuple[date, ...] = ()
    interest: Interest = Interest.DECLINING_BALANCE
    amortization: Amortization = Amortization.EQUAL_INSTALMENTS
    engine: Engine = Engine.PROGRESSIVE
    interest_period: InterestPeriod = InterestPeriod.DAILY
    days_in_year: int = 360
    days_in_month: int = 30
    partial_period_interest: bool = False
    down_payment: Fraction = Fraction(0)
    principal_grace: int = 0
    interest_grace: int = 0
    instalment_multiple_minor: int = 0
    decimals: int = 2
    currency_multiple_minor: int = 0
    month_end: MonthEnd = MonthEnd.CLIP
    rounding: Rounding = Rounding.HALF_EVEN
    charges: tuple[PlannedCharge, ...] = field(default=())


FIELD_NAMES = """
currency principal annual_rate_percent disbursed_on instalments every unit due_dates interest amortization
engine interest_period days_in_year days_in_month partial_period_interest down_payment_percent
principal_grace interest_grace instalment_multiple currency_decimals currency_multiple month_end rounding
charges
"""
FIELDS = FIELD_NAMES.split()
NEEDED = ("currency", "principal", "annual_rate_percent", "disbursed_on", "instalments")
Choice = TypeVar("Choice", bound=Enum)
DECIMAL = re.compile(r"-?[0-9]{1,24}(\.[0-9]{1,24})?")


def read(raw: object) -> Terms:
    """Terms from the JSON object of `lenity schedule`. Raises `InputRefused` with every fault found."""
    return _Reader(raw).terms()


class _Reader:
    """Collects faults while it reads, so that all are told at once."""

    def __init__(self, raw: object) -> None:
        self.problems: list[Problem] = []
        if not isinstance(raw, Mapping):
            raise InputRefused(
                [Problem("terms", "The terms are not a JSON object.", 'Write {"principal": ...}.')]
            )
        self.raw: Mapping[str, object] = raw

    def terms(self) -> Terms:
        """The terms, or every fault."""
        for name in sorted(set(map(str, self.raw)) - set(FIELDS)):
            self.say(name[:40], "is not a field of the terms.", f"The fields are: {', '.join(FIELDS)}.")
        for name in NEEDED:
            if self.raw.get(name) is None:
                self.say(name, "is missing.", "It has no default.")
        decimals = self.whole("currency_decimals", 2, 0, 4)
        self.unit_minor = 10**decimals
        terms = Terms(
            currency=self.currency(),
            principal_minor=self.amount("principal", 0),
            annual_rate=self.percent("annual_rate_percent", Fraction(0), 10_000),
            disbursed_on=self.day("disbursed_on", self.raw.get("disbursed_on")),
            instalments=self.whole("instalments", 1, 1, MOST_INSTALMENTS),
            every=self.whole("every", 1, 1, MOST_EVERY),
            unit=self.choice("unit", Unit.MONTHS),
            due_dates=self.due_dates(),
            interest=self.choice("interest", Interest.DECLINING_BALANCE),
            amortization=self.choice("amortization", Amortization.EQUAL_INSTALMENTS),
            engine=self.choice("engine", Engine.PROGRESSIVE),
            interest_period=self.choice("interest_period", InterestPeriod.DAILY),
            days_in_year=self.days("days_in_year", DAYS_IN_YEAR, 360),
            days_in_month=self.days("days_in_month", ("actual", "30"), 30),
            partial_period_interest=self.flag("partial_period_interest"),
            down_payment=self.percent("down_payment_percent", Fraction(0), 100),
            principal_grace=self.whole("principal_grace", 0, 0, MOST_INSTALMENTS),
            interest_grace=self.whole("interest_grace", 0, 0, MOST_INSTALMENTS),
            instalment_multiple_minor=self.amount("instalment_multiple", 0),
            decimals=decimals,
            currency_multiple_minor=self.amount("currency_multiple", 0),
            month_end=self.choice("month_end", MonthEnd.CLIP),
            rounding=self.choice("rounding", Rounding.HALF_EVEN),
            charges=self.charges(),
        )
        self.together(terms)
        if self.problems:
            raise InputRefused(self.problems)
        return terms

    def say(self, name: str, says: str, remedy: str = "") -> None:
        """Note a fault of a field."""
        self.problems.append(Problem(f"terms.{name}", f"{name} {says}", remedy))

    def together(self, terms: Terms) -> None:
        """What only several fields together can break."""
        if self.raw.get("principal") is not None and terms.principal_minor <= 0:
            self.say("principal", "must be more than zero.")
        for name, grace in (("principal", terms.principal_grace), ("interest", terms.interest_grace)):
            if grace >= terms.instalments:
                self.say(f"{name}_grace", "leaves no instalment to pay.", "It is less than instalments.")
        if terms.down_payment >= 1:
            self.say("down_payment_percent", "is the whole principal.", "It is less than 100.")
        if terms.due_dates and len(terms.due_dates) != terms.instalments:
            says = f"has {len(terms.due_dates)} dates for {terms.instalments} instalments."
            self.say("due_dates", says, "Give one for each.")
        before = terms.disbursed_on
        for day in terms.due_dates:
            if day <= before:
                self.say("due_dates", f"are out of order at {day}.", "Each is after the one before.")
                break
            before = day
        self.fits_calendar(terms)

    def fits_calendar(self, terms: Terms) -> None:
        """The last due date is a date at all."""
        days = {Unit.DAYS: 1, Unit.WEEKS: 7, Unit.MONTHS: 31}[terms.unit]
        if terms.disbursed_on.year + terms.instalments * terms.every * days // 365 > 9000:
            self.say("instalments", "reach past the calendar's end.")

    def currency(self) -> str:
        """An ISO 4217 code."""
        value = self.raw.get("currency")
        if value is not None and not (isinstance(value, str) and is_currency(value)):
            self.say(
                "currency", f"{str(value)[:12]!r} is unknown.", "Use an ISO 4217 code such as CNY or USD."
            )
        return str(value)

    def number(self, name: str, value: object) -> Fraction | None:
        """A decimal from a string or a whole number; never a float, which would already be rounded."""
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            self.say(name, "is not a decimal text.", 'Write it in quotes, such as "1234.50".')
            return None
        text = str(value).strip()
        if not DECIMAL.fullmatch(text):
            self.say(name, f"{text[:30]!r} is not a number.", 'Write digits, such as "1234.50".')
            return None
        return Fraction(text)

    def amount(self, name: str, default: int, value: object = None) -> int:
        """An amount in minor units, not negative."""
        value = self.raw.get(name) if value is None else value
        if value is None:
            return default
        number = self.number(name, value)
        if number is None:
            return default
        minor = number * self.unit_minor
        if minor.denominator != 1:
            self.say(name, "has more decimals than the currency.", "See currency_decimals.")
        elif not 0 <= minor <= MAX_MINOR:
            self.say(name, "is out of range.", f"It is 0 to {MAX_MINOR // self.unit_minor}.")
        else:
            return int(minor)
        return default

    def percent(self, name: str, default: Fraction, most: int) -> Fraction:
        """A percentage as an exact fraction."""
        value = self.raw.get(name)
        if value is None:
            return default
        number = self.number(name, value)
        if number is None:
            return default
        if not 0 <= number <= most:
            self.say(name, f"{value} is out of range.", f"It is 0 to {most}.")
            return default
        return number / 100

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number between bounds."""
        value = self.raw.get(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int):
            self.say(name, "is not a whole number.")
            return default
        if not least <= value <= most:
            self.say(name, f"{value} is out of range.", f"It is {least} to {most}.")
            return default
        return value

    def flag(self, name: str) -> bool:
        """True or false."""
        value = self.raw.get(name)
        if value is not None and not isinstance(value, bool):
            self.say(name, "is neither true nor false.")
        return value is True

    def choice(self, name: str, default: Choice) -> Choice:
        """One of the words of an enumeration."""
        value = self.raw.get(name)
        if value is None:
            return default
        kinds = {str(member.value): member for member in type(default)}
        aliases = {"equal_installments": "equal_instalments"}
        word = aliases.get(str(value), str(value))
        if not isinstance(value, str) or word not in kinds:
            self.say(name, f"{str(value)[:30]!r} is not known.", f"It is one of: {', '.join(kinds)}.")
            return default
        return kinds[word]

    def days(self, name: str, words: tuple[str, ...], default: int) -> int:
        """A day count: a number of days, 0 for actual."""
        value = self.raw.get(name)
        if value is None:
            return default
        if isinstance(value, bool) or str(value) not in words:
            self.say(name, f"{str(value)[:20]!r} is not known.", f"It is one of: {', '.join(words)}.")
            return default
        return 0 if value == "actual" else int(str(value))

    def day(self, name: str, value: object) -> date:
        """A day, ISO 8601."""
        if value is None:
            return date.min
        try:
            return date.fromisoformat(value if isinstance(value, str) else "")
        except ValueError:
            self.say(name, f"{str(value)[:20]!r} is not a day.", "Write it as 2026-11-24.")
            return date.min

    def due_dates(self) -> tuple[date, ...]:
        """Explicit due dates."""
        value = self.raw.get("due_dates")
        if value is None:
            return ()
        if not isinstance(value, list):
            self.say("due_dates", "is not a list of days.")
            return ()
        return tuple(self.day("due_dates", one) for one in value[:MOST_INSTALMENTS])

    def charges(self) -> tuple[PlannedCharge, ...]:
        """Planned charges: `[{"kind": "fee", "amount": "5.00", "due": "every_instalment"}]`."""
        value = self.raw.get("charges")
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
            self.say("charges", "is not a list of objects.")
            return ()
        return tuple(self.charge(one) for one in value[:MOST_INSTALMENTS])

    def charge(self, one: Mapping[str, object]) -> PlannedCharge:
        """One planned charge."""
        kinds = {kind.value: kind for kind in ChargeKind}
        kind = kinds.get(str(one.get("kind", "fee")))
        if kind is None:
            self.say("charges", "has an unknown kind.", f"It is one of: {', '.join(kinds)}.")
        due = one.get("due")
        when: date | str = str(due)
        if due not in ("disbursement", "every_instalment"):
            when = self.day("charges", due)
            if due is None:
                self.say("charges", "has no due.", "It is disbursement, every_instalment or a day.")
        amount = self.amount("charges", 0, one.get("amount", ""))
        return PlannedCharge(kind or ChargeKind.FEE, amount, when, str(one.get("name", ""))[:60])


def to_plain(terms: Terms) -> dict[str, object]:
    """The terms as JSON values that `read` reads back to equal terms."""

    def amount(minor: int) -> str:
        return decimal_text(minor, terms.decimals)

    plain: dict[str, object] = {
        "currency": terms.currency,
        "principal": amount(terms.principal_minor),
        "annual_rate_percent": exact_text(terms.annual_rate * 100),
        "disbursed_on": terms.disbursed_on.isoformat(),
        "instalments": terms.instalments,
        "every": terms.every,
        "due_dates": [day.isoformat() for day in terms.due_dates] or None,
        "days_in_year": str(terms.days_in_year or "actual"),
        "days_in_month": str(terms.days_in_month or "actual"),
        "partial_period_interest": terms.partial_period_interest,
        "down_payment_percent": exact_text(terms.down_payment * 100),
        "principal_grace": terms.principal_grace,
        "interest_grace": terms.interest_grace,
        "instalment_multiple": amount(terms.instalment_multiple_minor),
        "currency_decimals": terms.decimals,
        "currency_multiple": amount(terms.currency_multiple_minor),
        "charges": [
            {
                "kind": one.kind.value,
                "amount": amount(one.amount_minor),
                "due": one.due if isinstance(one.due, str) else one.due.isoformat(),
                "name": one.name,
            }
            for one in terms.charges
        ],
    }
    for name in ("unit", "interest", "amortization", "engine", "interest_period", "month_end", "rounding"):
        plain[name] = getattr(terms, name).value
    return plain


def replaced(terms: Terms, **changes: object) -> Terms:
    """Equal terms with some fields changed."""
    return dataclasses.replace(terms, **changes)  # type: ignore[arg-type]
