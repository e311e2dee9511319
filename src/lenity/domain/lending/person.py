"""Who a borrower is and how to reach her: what is asked when she comes, and what is checked of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import phonenumbers

from lenity.base import identity_numbers
from lenity.base.outcomes import InputRefused, Problem

LANGUAGES = ("zh-hans", "en")
FIELDS = ("name", "jurisdiction", "language", "mobile", "email", "address", "identity_number", "birth_date")
LONGEST = {"name": 60, "email": 120, "address": 200}


@dataclass(frozen=True, slots=True)
class Person:
    """A borrower in clear; empty where she gave nothing."""

    name: str
    jurisdiction: str
    language: str
    mobile: str
    email: str
    address: str
    identity_number: str
    birth_date: date | None


def read(raw: object, places: tuple[str, ...], today: date) -> Person:
    """A person from a JSON object. Raises `InputRefused` with every fault found."""
    if not isinstance(raw, Mapping):
        raise InputRefused(
            [Problem("borrower", "A borrower is a JSON object.", f"Fields: {', '.join(FIELDS)}.")]
        )
    problems = [
        Problem(f"borrower.{str(key)[:40]}", "This is not a field.", f"Fields: {', '.join(FIELDS)}.")
        for key in raw
        if key not in FIELDS
    ]
    text = {name: str(raw.get(name) or "").strip() for name in FIELDS}
    place = text["jurisdiction"].upper()
    if place not in places:
        problems.append(
            Problem("borrower.jurisdiction", "There is no rulebook.", f"Known: {', '.join(places)}.")
        )
    language = text["language"] or ("en" if place == "US" else "zh-hans")
    if language not in LANGUAGES:
        problems.append(Problem("borrower.language", "Not a language.", f"Known: {', '.join(LANGUAGES)}."))
    if not text["name"]:
        problems.append(Problem("borrower.name", "The name is missing."))
    for name, most in LONGEST.items():
        if len(text[name]) > most or not text[name].isprintable():
            problems.append(Problem(f"borrower.{name}", f"Up to {most} signs that can be shown."))
    mobile = mobile_number(text["mobile"], place) if text["mobile"] else ""
    if mobile is None:
        problems.append(Problem("borrower.mobile", "This cannot be a telephone number."))
    if text["email"] and not is_email(text["email"]):
        problems.append(Problem("borrower.email", "This is not an e-mail address."))
    number = text["identity_number"]
    if number and not identity_numbers.is_valid(number, place):
        problems.append(Problem("borrower.identity_number", "The number's check fails.", "Correct it."))
    born = _birth_date(text["birth_date"], today, problems)
    if problems:
        raise InputRefused(problems)
    born = born or (identity_numbers.birth_date(number, place) if number else None)
    return Person(text["name"], place, language, mobile or "", text["email"], text["address"], number, born)


def mobile_number(text: str, place: str) -> str | None:
    """A telephone number as E.164; none if it cannot be one."""
    try:
        number = phonenumbers.parse(text[:40], place or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_email(text: str) -> bool:
    """Whether a text can be an e-mail address at all."""
    return text.count("@") == 1 and " " not in text and not text.startswith("@") and not text.endswith("@")


def _birth_date(text: str, today: date, problems: list[Problem]) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not 1900 <= day.year <= today.year - 16:
        problems.append(
            Problem("borrower.birth_date", "Not the birth date of a borrower.", "Write YYYY-MM-DD.")
        )
    return day
