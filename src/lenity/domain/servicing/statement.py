"""A borrower's statement: every line, where each payment went, and how interest was computed, in words.

An explanation is shown only where computing it again gives the amount: days x rate x balance, to the cent.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from lenity.domain.servicing import account, relief
from lenity.domain.servicing.account import Fact, Kind, Opening
from lenity.domain.servicing.allocation import Across, Component, Item, Rule
from lenity.domain.servicing.rounding import half_even
from lenity.domain.servicing.terms import Interest, Terms, Unit
from lenity.domain.servicing.texts import decimal_text, exact_text

LANGUAGES = ("zh-hans", "en")
ORDER = (Component.FEE, Component.LATE_FEE, Component.LATE_INTEREST, Component.INTEREST, Component.PRINCIPAL)


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The most that a loan may cost a year, and the instrument that says so in each language."""

    percent: str
    by: Mapping[str, str]


def _plain_amount(minor: int, currency: str, decimals: int) -> str:
    text = decimal_text(abs(minor), decimals)
    whole, _, part = text.partition(".")
    return f"{'-' if minor < 0 else ''}{int(whole):,}" + (f".{part}" if part else "") + f" {currency}"


@dataclass(frozen=True, slots=True)
class Style:
    """How amounts (minor units, currency, decimals) and days are written: a program's way, or a reader's."""

    amount: Callable[[int, str, int], str] = _plain_amount
    day: Callable[[date], str] = date.isoformat


PLAIN = Style()


@dataclass(frozen=True, slots=True)
class Basis:
    """What a statement is made of. `terms` and `cost_percent` are unknown for a loan of an imported book."""

    account_number: str
    borrower: str
    currency: str
    decimals: int
    opening: Opening
    facts: tuple[Fact, ...]
    rule: Rule
    terms: Terms | None
    cost_percent: str
    ceiling: Ceiling | None


@dataclass(frozen=True, slots=True)
class Event:
    """A line of what happened. `amount` is text, with a minus where it lowers the debt."""

    on_date: date
    what: str
    amount: str
    how: str


@dataclass(frozen=True, slots=True)
class Row:
    """An instalment; amounts are texts. `parts` are label and text of what is not zero."""

    number: int
    due_date: date
    principal: str
    interest: str
    fees: str
    late: str
    paid: str
    open: str
    how: str
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement in one language. `words` are its headings; `head` and `foot` pairs of label and text."""

    language: str
    on_date: date
    words: Mapping[str, str]
    head: tuple[tuple[str, str], ...]
    events: tuple[Event, ...]
    rows: tuple[Row, ...]
    foot: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


def of(basis: Basis, on_date: date, language: str, style: Style = PLAIN) -> Statement:
    """The statement on a day, by the facts up to it."""
    return _Writer(basis, on_date, language, style).statement()


class _Writer:
    def __init__(self, basis: Basis, on_date: date, language: str, style: Style) -> None:
        self.style = style
        self.basis = basis
        self.on_date = on_date
        self.language = language if language in LANGUAGES else "en"
        self.words: dict[str, Any] = _words()[self.language]
        self.state = account.replay(basis.opening, basis.facts, basis.rule, on_date)

    def statement(self) -> Statement:
        """All parts."""
        headings = {key: text for key, text in self.words.items() if isinstance(text, str)}
        return Statement(
            self.language,
            self.on_date,
            headings,
            tuple(self._head()),
            tuple(self._events()),
            tuple(self._rows()),
            tuple(self._foot()),
            tuple(self._notes()),
        )

    def money(self, minor: int) -> str:
        """An amount in the statement's style."""
        return self.style.amount(minor, self.basis.currency, self.basis.decimals)

    def component(self, component: Component) -> str:
        """The word for a component."""
        return str(self.words["component"][component.value])

    def _head(self) -> Iterable[tuple[str, str]]:
        basis, words = self.basis, self.words
        yield words["borrower"], basis.borrower
        yield words["account"], basis.account_number
        yield words["on_date"], self.style.day(self.on_date)
        imported = basis.terms is None
        opened = self.style.day(basis.opening.disbursed_on)
        yield words["opened_there" if imported else "opened"], opened
        label = words["taken_over" if imported else "principal"]
        yield label, self.money(basis.opening.principal_minor)
        if basis.terms:
            yield words["rate"], words["rate_says"].format(rate=exact_text(basis.terms.annual_rate * 100))
        yield words["cost"], self._cost()
        if basis.ceiling:
            by = basis.ceiling.by["en" if self.language == "en" else "zh"]
            says = words["ceiling_says"].format(percent=basis.ceiling.percent, provision=by)
            yield words["ceiling"], says
        order = f" {words['then']} ".join(self.component(one) for one in basis.rule.order)
        key = "order" if basis.rule.across is Across.HORIZONTAL else "order_vertical"
        yield words["order_label"], str(words[key].format(order=order))

    def _foot(self) -> Iterable[tuple[str, str]]:
        state, words = self.state, self.words
        yield words["owed"], self.money(state.owed_minor)
        yield words["overdue"], self.money(state.overdue_minor)
        if state.credit_minor:
            yield words["credit"], self.money(state.credit_minor)
        yield words["payoff"], self.money(relief.payoff_minor(state))

    def _cost(self) -> str:
        """What the loan costs a year by its contract, or that this was not taken over."""
        if not self.basis.cost_percent:
            return str(self.words["cost_unknown"])
        return str(self.words["cost_says"].format(percent=self.basis.cost_percent))

    def _notes(self) -> Iterable[str]:
        yield self.words["payoff_how"]
        rule = self.basis.rule
        if rule.late_rate:
            rate = exact_text(rule.late_rate * 100)
            yield self.words["late_how"].format(rate=rate, year=rule.late_days_in_year)

    def _events(self) -> Iterable[Event]:
        opened = self.basis.opening
        what = self.words["taken_over" if self.basis.terms is None else "disbursed"]
        yield Event(opened.disbursed_on, what, self.money(opened.principal_minor), "")
        counted = account.open_facts(self.basis.facts)
        told = [one for one in self.basis.facts if one.reverses is None and one.on_date <= self.on_date]
        for fact in sorted(told, key=lambda one: (one.on_date, one.kind, one.number)):
            yield self._event(fact, fact.number in counted)

    def _event(self, fact: Fact, counts: bool) -> Event:
        words, kind = self.words, fact.kind
        if kind is Kind.PAYMENT:
            what = words["payment" if counts else "payment_reversed"]
            how = self._allocated(fact) if counts else ""
            return Event(fact.on_date, what, self.money(-fact.amount_minor), how)
        what = words[kind.name.lower()].format(component=self.component(fact.component))
        sign = {Kind.CHARGE: 1, Kind.REFUND: 1, Kind.WAIVER: -1, Kind.RESCHEDULE: -1}.get(kind, 0)
        amount = self.money(sign * fact.amount_minor) if sign * fact.amount_minor else ""
        return Event(fact.on_date, what if counts else what + words["undone"], amount, "")

    def _allocated(self, fact: Fact) -> str:
        split = self.state.splits.get(fact.number, {})
        parts = [f"{self.component(one)} {self.money(split[one])}" for one in ORDER if split.get(one)]
        over = fact.amount_minor - sum(split.values())
        if over > 0:
            parts.append(self.words["ahead"].format(amount=self.money(over)))
        return str(self.words["allocated"].format(parts=", ".join(parts))) if parts else ""

    def _rows(self) -> Iterable[Row]:
        hows = self._explained()
        for item in self.state.items:
            if not any(item.owed.values()):
                continue
            owed = item.owed
            yield Row(
                item.number,
                item.due_date,
                self.money(owed[Component.PRINCIPAL]),
                self.money(owed[Component.INTEREST]),
                self.money(owed[Component.FEE] + owed[Component.LATE_FEE]),
                self.money(owed[Component.LATE_INTEREST]),
                self.money(sum(item.paid.values())),
                self.money(item.open_minor),
                hows.get(item.number, self._by_plan(item)),
                tuple(self._parts(item)),
            )

    def _parts(self, item: Item) -> Iterable[tuple[str, str]]:
        owed, words = item.owed, self.words
        parts = {
            "principal_short": owed[Component.PRINCIPAL],
            "interest": owed[Component.INTEREST],
            "fees": owed[Component.FEE] + owed[Component.LATE_FEE],
            "late": owed[Component.LATE_INTEREST],
            "paid": sum(item.paid.values()),
        }
        return ((words[name], self.money(minor)) for name, minor in parts.items() if minor)

    def _by_plan(self, item: Item) -> str:
        if self.basis.terms is None and not item.owed[Component.INTEREST]:
            return str(self.words["interest_before"])
        return str(self.words["interest_plan" if item.owed[Component.INTEREST] else "interest_none"])

    def _explained(self) -> dict[int, str]:
        """How the interest of each instalment came about, as long as no other plan took its place."""
        terms = self.basis.terms
        plans = (Kind.RESCHEDULE, Kind.PREPAYMENT_PLAN)
        counted = account.open_facts(self.basis.facts)
        if terms is None or any(
            one.kind in plans and one.number in counted and one.on_date <= self.on_date
            for one in self.basis.facts
        ):
            return {}
        hows = {}
        balance, since = self.basis.opening.principal_minor, self.basis.opening.disbursed_on
        for row in self.basis.opening.instalments:
            how = self._how(terms, balance, row.interest_minor, since, row.due_date)
            if how:
                hows[row.number] = how
            balance -= row.principal_minor
            since = row.due_date
        return hows

    def _how(self, terms: Terms, balance: int, interest: int, since: date, due: date) -> str:
        if not interest:
            return str(self.words["interest_none"])
        rate = exact_text(terms.annual_rate * 100)
        if terms.interest is Interest.FLAT:
            principal = self.money(self.basis.opening.principal_minor)
            return str(
                self.words["interest_flat"].format(
                    principal=principal, rate=rate, interest=self.money(interest)
                )
            )
        for days, year in _day_counts(terms, since, due):
            if (
                half_even(balance * days * terms.annual_rate.numerator, year * terms.annual_rate.denominator)
                == interest
            ):
                return str(
                    self.words["interest_days"].format(
                        balance=self.money(balance),
                        rate=rate,
                        days=days,
                        year=year,
                        interest=self.money(interest),
                    )
                )
        return ""


def _day_counts(terms: Terms, since: date, due: date) -> Sequence[tuple[int, int]]:
    """Day counts that may have made the interest, the terms' own first."""
    actual = (due - since).days
    per_period = terms.every * {Unit.MONTHS: 30, Unit.WEEKS: 7, Unit.DAYS: 1}[terms.unit]
    own = terms.days_in_year or (366 if _is_leap(since.year) else 365)
    days = [actual, per_period] if terms.days_in_month == 0 else [per_period, actual]
    return [(day, year) for year in dict.fromkeys((own, 360, 365, 364)) for day in days]


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


@cache
def _words() -> dict[str, Any]:
    text = resources.files("lenity.domain.servicing").joinpath("statement.toml").read_text("utf-8")
    return tomllib.loads(text)
