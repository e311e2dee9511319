"""An application as it is told: who asks for what, on which income and debts; every fault named at once.

What names a person is kept apart from what a decision may depend on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lenity.base import identity_numbers, money, rates
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.lending import consumer_report, person
from lenity.domain.lending.decision import MOST_INSTALMENTS
from lenity.domain.lending.person import Person

FIELDS = (
    "reference",
    "currency",
    "asked",
    "applicant",
    "income",
    "debts",
    "household",
    "row",
    "consumer_report",
)
LONGEST_REFERENCE = 60
MOST_COLUMNS, LONGEST_CELL, MOST_DEBTS, MOST_PEOPLE = 400, 200, 60, 20
HIGHEST_RATE_PPM = 10 * rates.PPM


@dataclass(frozen=True, slots=True)
class Request:
    """An application, read. `told` is what a decision may depend on; None in it is unknown."""

    reference: str
    currency: str
    person: Person
    told: Mapping[str, Any]
    row: Mapping[str, Any]


def read(raw: object, places: tuple[str, ...], today: date) -> Request:
    """An application from a JSON object. Raises `InputRefused` with every fault found."""
    reader = _Reader(raw)
    found = reader.person(places, today)
    told: dict[str, Any] = {
        "asked": reader.asked(),
        "income_minor": reader.income(),
        "adults": reader.people("adults", 1, 1),
        "children": reader.people("children", 0, 0),
        **reader.debts(),
    }
    row = reader.row()
    told |= reader.report(today)
    if reader.problems or found is None:
        raise InputRefused(reader.problems)
    told |= {"identity": reader.identity, "birth_date_agrees": reader.birth_date_agrees(found)}
    return Request(reader.reference, reader.currency, found, told, row)


class _Reader:
    """Collects faults while it reads, so that all are told at once."""

    def __init__(self, raw: object) -> None:
        if not isinstance(raw, Mapping):
            says = "An application is a JSON object."
            raise InputRefused([Problem("application", says, f"Fields: {', '.join(FIELDS)}.")])
        self.raw: Mapping[str, Any] = raw
        self.problems = [
            Problem("application", f"{str(key)[:40]} is not a field.", f"Fields: {', '.join(FIELDS)}.")
            for key in raw
            if key not in FIELDS
        ]
        self.identity = "missing"
        self.stated: date | None = None
        self.reference = self.text("reference", LONGEST_REFERENCE)
        self.currency = str(raw.get("currency") or "")
        if not money.is_currency(self.currency):
            self.say("currency", "It is not a known currency.", "Use an ISO 4217 code such as CNY.")
            self.currency = ""

    def say(self, field: str, says: str, remedy: str = "") -> None:
        """Note a fault of a field."""
        self.problems.append(Problem(f"application.{field}", f"{field}: {says}", remedy))

    def text(self, field: str, longest: int) -> str:
        """A short text that can be shown."""
        value = self.raw.get(field)
        if not isinstance(value, str) or not 0 < len(value.strip()) <= longest or not value.isprintable():
            self.say(field, f"It is a text of 1 to {longest} signs.")
            return ""
        return value.strip()

    def person(self, places: tuple[str, ...], today: date) -> Person | None:
        """Who asks. A number whose check fails is no fault here: a check of the policy answers to it."""
        raw = self.raw.get("applicant")
        if not isinstance(raw, Mapping):
            self.say("applicant", "It is an object.", 'Write {"name": ..., "jurisdiction": "CN", ...}.')
            return None
        number = str(raw.get("identity_number") or "").strip()
        place = str(raw.get("jurisdiction") or "").strip().upper()
        fault = identity_numbers.fault(number, place) if number else "missing"
        self.identity = fault or "valid"
        kept = {key: value for key, value in raw.items() if key != "identity_number" or not fault}
        try:
            found = person.read(kept, places, today)
            self.stated = date.fromisoformat(str(raw["birth_date"])) if raw.get("birth_date") else None
        except InputRefused as refused:
            self.problems += refused.problems
            return None
        return found

    def birth_date_agrees(self, found: Person) -> bool | None:
        """Whether the stated birth date is the one that the identity number carries."""
        carried = identity_numbers.birth_date(found.identity_number, found.jurisdiction)
        return None if carried is None or self.stated is None else carried == self.stated

    def amount(self, field: str, value: object) -> int:
        """An amount in minor units, 0 or more."""
        if not self.currency:
            return 0
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            self.say(field, "It is a decimal text.", 'Write it in quotes, such as "15000.00".')
            return 0
        try:
            minor = money.parse(str(value), self.currency).minor
        except money.MoneyError as error:
            self.say(field, f"{error}.")
            return 0
        if not 0 <= minor <= money.MAX_MINOR:
            self.say(field, "It is out of range.", "It is 0 or more; leave it out where it is not known.")
            return 0
        return minor

    def income(self) -> int | None:
        """Income a month; unknown where it is not told."""
        value = self.raw.get("income")
        return None if value is None else self.amount("income", value)

    def debts(self) -> dict[str, Any]:
        """What goes to other debts a month: unknown without the field, nothing with an empty list."""
        value = self.raw.get("debts")
        if value is None:
            return {"debts_minor": None, "debts_verified": None}
        if not isinstance(value, list) or len(value) > MOST_DEBTS:
            self.say(
                "debts", f"It is a list of at most {MOST_DEBTS} debts.", "Write [] where there are none."
            )
            return {"debts_minor": None, "debts_verified": None}
        total, verified = 0, True
        for one in value:
            if not isinstance(one, Mapping) or not set(one) <= {"monthly", "verified", "kind"}:
                self.say("debts", "A debt has monthly, verified and kind.")
                continue
            if type(one.get("verified", False)) is not bool:
                self.say("debts", "verified is true or false.")
            total += self.amount("debts", one.get("monthly"))
            verified = verified and one.get("verified") is True
        return {"debts_minor": total, "debts_verified": verified}

    def asked(self) -> dict[str, Any] | None:
        """The credit asked for; the product's own terms stand where none are named."""
        value = self.raw.get("asked")
        if value is None:
            return None
        if not isinstance(value, Mapping) or not set(value) <= {
            "amount",
            "instalments",
            "annual_rate_percent",
        }:
            self.say("asked", "It has amount, instalments and annual_rate_percent.")
            return None
        amount = self.amount("asked", value.get("amount"))
        if not amount:
            self.say("asked", "The amount is above zero.")
        number = value.get("instalments")
        if number is not None and (type(number) is not int or not 1 <= number <= MOST_INSTALMENTS):
            self.say("asked", f"instalments is a whole number from 1 to {MOST_INSTALMENTS}.")
        return {"amount_minor": amount, "instalments": number, "annual_rate_ppm": self.rate(value)}

    def rate(self, asked: Mapping[str, Any]) -> int | None:
        """A rate in percent as parts per million."""
        value = asked.get("annual_rate_percent")
        if value is None:
            return None
        try:
            ppm = money.parse(str(value), "CNY").minor * (rates.PPM // 10_000)
        except money.MoneyError:
            ppm = -1
        if isinstance(value, bool) or not 0 <= ppm <= HIGHEST_RATE_PPM:
            self.say("asked", 'annual_rate_percent is a text such as "18" or "18.25".')
            return None
        return ppm

    def people(self, who: str, least: int, without: int) -> int:
        """How many live in the household."""
        value = self.raw.get("household", {})
        if not isinstance(value, Mapping) or not set(value) <= {"adults", "children"}:
            if who == "adults":
                self.say("household", "It has adults and children.")
            return without
        number = value.get(who, without)
        if type(number) is not int or not least <= number <= MOST_PEOPLE:
            self.say("household", f"{who} is a whole number from {least} to {MOST_PEOPLE}.")
            return without
        return number

    def report(self, today: date) -> dict[str, Any]:
        """The consumer report that was used (US-FCRA-615a); nothing where none was."""
        if self.raw.get("consumer_report") is None:
            return {}
        try:
            return {"report": consumer_report.read(self.raw["consumer_report"], today).plain()}
        except InputRefused as refused:
            self.problems += refused.problems
            return {}

    def row(self) -> dict[str, Any]:
        """What the score reads: columns of texts, whole numbers or nothing."""
        value = self.raw.get("row", {})
        if not isinstance(value, Mapping) or len(value) > MOST_COLUMNS:
            self.say("row", f"It is an object of at most {MOST_COLUMNS} columns.")
            return {}
        for name, cell in value.items():
            if not isinstance(name, str) or not _short(name) or not _fits(cell):
                says = f"{str(name)[:40]} is no text, whole number or null."
                self.say("row", says, "Write numbers with a point in quotes.")
        return dict(value)


def _short(text: str) -> bool:
    return len(text) <= LONGEST_CELL and (not text or text.isprintable())


def _fits(cell: object) -> bool:
    if isinstance(cell, str):
        return _short(cell)
    return cell is None or (type(cell) is int and abs(cell) <= money.MAX_MINOR)
