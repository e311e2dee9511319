"""One row of a book file becomes a loan, or a list of problems with line and column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lenity.base import dates, identity_numbers, money
from lenity.base.outcomes import Problem
from lenity.domain.lending import person
from lenity.domain.lending.book_mapping import BookMapping
from lenity.domain.lending.imported_loan import Month

LONGEST_TEXT = 200
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
LANGUAGES = {"CN": "zh-hans", "HK": "zh-hans"}


@dataclass(frozen=True, slots=True)
class ImportedLoan:
    """A row as Lenity understands it, amounts in minor units."""

    line: int
    account_number: str
    name: str
    identity_number: str
    birth_date: date | None
    mobile: str
    email: str
    address: str
    jurisdiction: str
    language: str
    zones: tuple[str, ...]
    currency: str
    product: str
    portfolio_type: str
    opened_on: date
    credit_limit_minor: int
    balance_minor: int
    billing_day: int
    months: tuple[Month, ...]


class RowReader:
    """Reads rows by a mapping. `problems` collects what is wrong, up to `cap` of them."""

    def __init__(self, mapping: BookMapping, as_of: date, places: tuple[str, ...], cap: int = 200) -> None:
        self.mapping = mapping
        self.as_of = as_of
        self.places = places
        self.cap = cap
        self.problems: list[Problem] = []

    def read(self, line: int, cells: Mapping[str, str]) -> ImportedLoan | None:
        """One row; None when something is wrong with it."""
        before = len(self.problems)
        text = {field: self._text(line, field, cells) for field in _TEXTS}
        currency = text["currency"].upper()
        if currency not in money.MINOR_DIGITS:
            self._say(line, "currency", f"{currency!r} is not a known currency.", "Use an ISO 4217 code.")
            currency = "CNY"
        limit = self._amount(line, "credit_limit", cells, currency, negative=False)
        balance = self._amount(line, "balance", cells, currency, negative=self.mapping.negative_balance)
        opened_on = self._day(line, "opened_on", cells)
        birth_date = self._day(line, "birth_date", cells, needed=False)
        months = self._months(line, cells, currency)
        self._check_person(line, text)
        loan = ImportedLoan(
            line=line,
            account_number=text["account_number"],
            name=text["name"],
            identity_number=text["identity_number"],
            birth_date=birth_date or self._birth_date(text),
            mobile=self._mobile(line, text),
            email=text["email"],
            address=text["address"],
            jurisdiction=text["jurisdiction"],
            language=text["language"] or LANGUAGES.get(text["jurisdiction"], "en"),
            zones=tuple(zone for zone in text["zones"].split("|") if zone),
            currency=currency,
            product=text["product"],
            portfolio_type=text["portfolio_type"],
            opened_on=opened_on or self.as_of,
            credit_limit_minor=limit,
            balance_minor=balance,
            billing_day=self._billing_day(line, cells),
            months=months,
        )
        return loan if len(self.problems) == before else None

    @property
    def is_full(self) -> bool:
        """Whether so much is wrong that reading on is no use."""
        return len(self.problems) >= self.cap

    def _raw(self, field: str, cells: Mapping[str, str]) -> str:
        column = self.mapping.columns.get(field)
        return cells.get(column, "") if column else self.mapping.constants.get(field, "")

    def _say(self, line: int, field: str, says: str, remedy: str = "") -> None:
        column = self.mapping.columns.get(field, field)
        self.problems.append(Problem(f"book.{field}", says, remedy, line, column))

    def _text(self, line: int, field: str, cells: Mapping[str, str]) -> str:
        value = self._raw(field, cells)
        if value[:1] in FORMULA_SIGNS and not (field == "mobile" and value[1:2].isdigit()):
            self._say(
                line,
                field,
                "The cell begins like a spreadsheet formula.",
                "Remove the leading sign in the source.",
            )
            return ""
        value = value.strip()
        if len(value) > LONGEST_TEXT:
            self._say(line, field, f"The text has {len(value)} signs; at most {LONGEST_TEXT} are taken.")
        if any(ord(sign) < 32 for sign in value):
            self._say(line, field, "The text has control signs in it.", "Remove them.")
        if field in _NEEDED and not value:
            self._say(line, field, "The cell is empty.", "Every loan needs one.")
        return value

    def _amount(
        self, line: int, field: str, cells: Mapping[str, str], currency: str, *, negative: bool
    ) -> int:
        raw = self._raw(field, cells)
        return self._money(line, field, raw, currency, negative=negative)

    def _money(self, line: int, field: str, raw: str, currency: str, *, negative: bool) -> int:
        try:
            minor = money.parse(raw, currency).minor
        except money.MoneyError as error:
            self._say(line, field, f"{error}.", "Write digits and a decimal point, without thousands signs.")
            return 0
        if minor < 0 and not negative:
            self._say(line, field, f"{raw[:40]!r} is negative.", "Give 0 or more.")
            return 0
        return minor

    def _day(self, line: int, field: str, cells: Mapping[str, str], *, needed: bool = True) -> date | None:
        raw = self._raw(field, cells).strip()
        if not raw and not needed:
            return None
        try:
            day = date.fromisoformat(raw)
        except ValueError:
            self._say(line, field, f"{raw[:40]!r} is not a day.", "Write YYYY-MM-DD.")
            return None
        if day > self.as_of or day.year < 1900:
            self._say(line, field, f"{raw} is after {self.as_of} or before 1900.", "Correct the day.")
            return None
        return day

    def _billing_day(self, line: int, cells: Mapping[str, str]) -> int:
        raw = self._raw("billing_day", cells).strip()
        if not (raw.isascii() and raw.isdigit() and 1 <= int(raw[:4]) <= 31):
            self._say(line, "billing_day", f"{raw[:10]!r} is not a day of the month.", "Give 1 to 31.")
            return 1
        return int(raw)

    def _months(self, line: int, cells: Mapping[str, str], currency: str) -> tuple[Month, ...]:
        months = []
        for back, (status, billed, paid) in enumerate(self.mapping.months):
            code = cells.get(status, "").strip()
            if code not in self.mapping.months_late:
                known = ", ".join(self.mapping.months_late)
                self.problems.append(
                    Problem("book.status", f"{code[:20]!r} has no meaning.", f"Known: {known}.", line, status)
                )
                continue
            months.append(
                Month(
                    month_end=dates.month_end(dates.add_months(self.as_of.replace(day=1), -back)),
                    months_late=self.mapping.months_late[code],
                    billed_minor=self._money(line, billed, cells.get(billed, ""), currency, negative=True),
                    paid_minor=self._money(line, paid, cells.get(paid, ""), currency, negative=False),
                )
            )
        return tuple(months)

    def _check_person(self, line: int, text: Mapping[str, str]) -> None:
        if text["jurisdiction"] not in self.places:
            known = ", ".join(self.places)
            self._say(line, "jurisdiction", f"{text['jurisdiction']!r} has no rulebook.", f"Known: {known}.")
        if text["portfolio_type"] not in ("I", "R"):
            self._say(line, "portfolio_type", "It must be I (instalment) or R (revolving).")
        number = text["identity_number"]
        if number and not identity_numbers.is_valid(number, text["jurisdiction"]):
            self._say(
                line, "identity_number", "The identity number's check fails.", "Correct it or leave it out."
            )
        if text["email"] and not person.is_email(text["email"]):
            self._say(line, "email", "This is not an e-mail address.", "Correct it or leave it out.")

    def _mobile(self, line: int, text: Mapping[str, str]) -> str:
        if not text["mobile"]:
            return ""
        number = person.mobile_number(text["mobile"], text["jurisdiction"])
        if number is None:
            self._say(line, "mobile", "This cannot be a telephone number.", "Correct it or leave it out.")
        return number or ""

    def _birth_date(self, text: Mapping[str, str]) -> date | None:
        number = text["identity_number"]
        return identity_numbers.birth_date(number, text["jurisdiction"]) if number else None


_TEXTS = (
    "account_number",
    "name",
    "identity_number",
    "mobile",
    "email",
    "address",
    "jurisdiction",
    "language",
    "zones",
    "currency",
    "product",
    "portfolio_type",
)
_NEEDED = ("account_number", "name", "jurisdiction", "currency")
