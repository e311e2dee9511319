"""What an account is replayed from: opening, facts and the rule of allocation."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from django.db.models import Q, Sum

from lenity.base import canonical, rates
from lenity.base.money import minor_digits
from lenity.domain.servicing import account, caps, longest, offer, relief, schedule, suggestions, terms
from lenity.domain.servicing.account import Fact, Kind, Opening
from lenity.domain.servicing.allocation import Across, Advance, Component, Rule
from lenity.domain.servicing.annual_cost import Method
from lenity.domain.servicing.caps import Licence
from lenity.domain.servicing.limitation import Restart
from lenity.domain.servicing.relief import Preview, Request
from lenity.domain.servicing.schedule import Instalment
from lenity.domain.servicing.statement import Basis, Ceiling
from lenity.domain.servicing.suggestions import Suggestion
from lenity.law import reader
from lenity.records.ledger.models import Posting
from lenity.records.lending import models
from lenity.records.lending.models import Loan, LoanAgreement, LoanFact, Payment
from lenity.records.people import queries as people

LoanRow: TypeAlias = Loan
FactRow: TypeAlias = LoanFact
"""A loan as a door sees it: to be read and handed back."""
KINDS = {kind.name.lower(): kind for kind in Kind}


@dataclass(frozen=True)
class Stored:
    """The stored facts of one loan.

    `posted` is what the ledger says on the loan's own accounts, `told` the rows of the latest version of the
    schedule, whose number is `version`.
    """

    opening: Opening
    facts: tuple[Fact, ...]
    rule: Rule
    posted: dict[str, int]
    version: int
    told: tuple[Instalment, ...]

    def on(self, on_date: date, *more: Fact) -> account.Account:
        """The account at the end of a day, with facts that were just added."""
        return account.replay(self.opening, (*self.facts, *more), self.rule, on_date)


@dataclass(frozen=True)
class Agreed:
    """What was agreed with a loan that Lenity paid out."""

    terms: terms.Terms
    licence: Licence


def loan_by_id(public_id: str) -> Loan | None:
    """A loan."""
    return Loan.objects.select_related("borrower", "agreement").filter(public_id=public_id).first()


def has_account(account_number: str) -> bool:
    """Whether a loan has this account number."""
    return Loan.objects.filter(account_number=account_number).exists()


def payment_by_source(source: str, source_id: str) -> Payment | None:
    """The payment that a source has told already."""
    return Payment.objects.select_related("loan").filter(source=source, source_id=source_id).first()


def payment_by_id(public_id: str) -> Payment | None:
    """A payment with its loan and, if it was reversed, the reversal."""
    return Payment.objects.select_related("loan", "reversed_by").filter(public_id=public_id).first()


def payments(loan: Loan) -> list[Payment]:
    """All payments of a loan and their reversals, oldest first."""
    return list(Payment.objects.filter(loan=loan).order_by("value_date", "id"))


def stored(loan: Loan) -> Stored:
    """Everything the replay of a loan needs."""
    agreement = getattr(loan, "agreement", None)
    first, told, version = _schedules(loan)
    balances, brought = _balances(loan)
    beyond = None if agreement is not None else brought - sum(row.principal_minor for row in first)
    return Stored(
        Opening(first, loan.opened_on)
        if beyond is None
        else Opening(first, loan.opened_on, max(beyond, 0), "book_import"),
        (*_payment_facts(loan), *filter(None, map(loan_fact, loan_facts(loan)))),
        _rule(agreement),
        balances,
        version,
        told,
    )


def account_on(loan: Loan, on_date: date) -> account.Account:
    """The account at the end of a day, by the facts with a value date up to it."""
    return stored(loan).on(on_date)


def posted(loan: Loan) -> dict[str, int]:
    """The ledger's balance of each account of the loan, minor units, debit positive."""
    return _balances(loan)[0]


def _balances(loan: Loan) -> tuple[dict[str, int], int]:
    """The balance of each account of the loan, and the principal that an import of its book brought."""
    imported = Sum("amount_minor", filter=Q(transaction__kind="book_import"))
    rows = Posting.objects.filter(account__loan_id=loan.pk).values_list("account__code")
    found = list(rows.annotate(total=Sum("amount_minor"), brought=imported))
    brought = sum(int(part or 0) for code, _, part in found if code == "loan_principal")
    return {code: int(total) for code, total, _ in found}, brought


def agreed(loan: Loan) -> Agreed | None:
    """What was agreed for a loan; none for a loan that came with an imported book."""
    agreement = getattr(loan, "agreement", None)
    if agreement is None:
        return None
    licence = json.loads(agreement.allocation).get("licence", Licence.MICROLOAN.value)
    return Agreed(terms.read(json.loads(agreement.terms)), Licence(licence))


def loan_facts(loan: Loan) -> list[LoanFact]:
    """All facts of a loan other than payments, and what undid them, oldest first."""
    return list(LoanFact.objects.filter(loan=loan).order_by("on_date", "id"))


def fact_by_id(public_id: str) -> LoanFact | None:
    """A fact with its loan and, if it was undone, the row that undid it."""
    return LoanFact.objects.select_related("loan", "reversed_by").filter(public_id=public_id).first()


def fact_by_source(source: str, source_id: str) -> LoanFact | None:
    """The fact that a source has told already."""
    rows = LoanFact.objects.select_related("loan", "reversed_by")
    return rows.filter(source=source, source_id=source_id).first()


def limitation_restarts(loan: Loan) -> list[tuple[date, Restart]]:
    """What restarted limitation: recorded demands, acknowledgements and suits, and every payment that stands."""
    kinds = {one.value: one for one in Restart}
    known = [
        (fact.on_date, kinds[fact.kind])
        for fact in LoanFact.objects.filter(loan=loan, kind__in=kinds, reverses=None, reversed_by=None)
    ]
    paid = Payment.objects.filter(loan=loan, reverses=None, reversed_by=None)
    return known + [(day, Restart.ACKNOWLEDGEMENT) for day in paid.values_list("value_date", flat=True)]


def payment_number(pk: int) -> int:
    """The number of a payment among the facts of the replay."""
    return 2 * pk


def _payment_facts(loan: Loan) -> Iterator[Fact]:
    rows = Payment.objects.filter(loan=loan).order_by("value_date", "id")
    for pk, day, minor, reverses in rows.values_list("id", "value_date", "amount_minor", "reverses_id"):
        undone = None if reverses is None else payment_number(reverses)
        yield Fact(payment_number(pk), Kind.PAYMENT, day, minor, reverses=undone)


def payment_fact(payment: Payment) -> Fact:
    """A payment, or its reversal, as a fact of the replay."""
    undone = None if payment.reverses_id is None else payment_number(payment.reverses_id)
    number = payment_number(payment.pk)
    return Fact(number, Kind.PAYMENT, payment.value_date, payment.amount_minor, reverses=undone)


def loan_fact(row: LoanFact) -> Fact | None:
    """A stored fact as a fact of the replay; none where it does not touch the account."""
    kind = KINDS.get(row.kind)
    if kind is None:
        return None
    return Fact(
        2 * row.pk + 1,
        kind,
        row.on_date,
        row.amount_minor,
        Component(row.component or "fee"),
        None if row.reverses_id is None else 2 * row.reverses_id + 1,
        tuple(
            Instalment(raw[0], date.fromisoformat(raw[1]), *raw[2:]) for raw in json.loads(row.plan or "[]")
        ),
    )


def plan_text(rows: Sequence[Instalment]) -> str:
    """Rows of a plan as they are stored."""
    return canonical.text([[row.number, row.due_date.isoformat(), *row[2:]] for row in rows])


def plan_digest(rows: Sequence[Instalment]) -> str:
    """What tells two plans apart."""
    return canonical.digest(plan_text(rows))


def preview(loan: Loan, state: account.Account, asked: Request) -> Preview:
    """A new plan beside the old one. An imported loan's rate is not known: its plans ask no interest.

    Every way to a plan goes through here; one that runs longer than it may is refused (`longest`).
    """
    made = relief.preview(state, terms_of(loan), asked)
    return longest.refuse_longer(made, longest_plan(loan, state.on_date))


def longest_plan(loan: Loan, on_date: date) -> longest.Longest:
    """How long a plan of this loan may run; a revolving account is a card's."""
    book = reader.rulebook(loan.borrower.jurisdiction)
    return longest.of(book, is_card=loan.portfolio_type == "R", on_date=on_date)


def terms_of(loan: Loan) -> terms.Terms:
    """The terms of a loan; of an imported one bare terms without interest, as its rate is not known."""
    known = agreed(loan)
    return known.terms if known else terms.Terms(loan.currency, 1, Fraction(0), loan.opened_on, 1)


def statement_basis(loan: Loan) -> Basis:
    """Everything a borrower's statement is made of; it holds her name in clear."""
    known, what = stored(loan), agreed(loan)
    cost = offer.cost(what.terms, schedule.of(what.terms), Method.IRR).text() if what else ""
    return Basis(
        loan.account_number,
        people.name_of(loan.borrower),
        loan.currency,
        minor_digits(loan.currency),
        known.opening,
        known.facts,
        known.rule,
        what.terms if what else None,
        cost,
        _ceiling(loan, what.licence) if what else None,
    )


def _ceiling(loan: Loan, licence: Licence) -> Ceiling | None:
    """The ceiling that holds for a loan, with its instrument by name."""
    place = loan.borrower.jurisdiction
    book = reader.rulebook(place)
    found = caps.cap(book, place, licence, loan.opened_on)
    if found is None:
        return None
    by = next(one.instrument for one in book.provisions if one.id == found.provision)
    return Ceiling(rates.percent_text(found.cap_ppm), by)


@dataclass(frozen=True)
class Offered:
    """A plan on offer as a page shows it; `shown` is what the borrower agrees to."""

    suggestion: Suggestion
    shown: str
    is_cheapest: bool


def offered(loan: Loan, on_date: date) -> list[Offered]:
    """The plans on offer for a loan, the cheapest in total first."""
    state = account_on(loan, on_date)
    found = suggestions.of(state, terms_of(loan), longest_plan(loan, on_date))
    totals = sorted(one.preview.new_total_minor for one in found)
    least = totals[0] if len(totals) > 1 and totals[0] < totals[1] else None
    return [Offered(one, plan_digest(one.preview.new), one.preview.new_total_minor == least) for one in found]


def loans_of(borrower_id: str) -> list[Loan]:
    """A borrower's loans."""
    return list(Loan.objects.filter(borrower__public_id=borrower_id).order_by("id"))


def loan_of(borrower_id: str, public_id: str) -> Loan | None:
    """A loan, if it is this borrower's."""
    found = loan_by_id(public_id)
    return found if found is not None and found.borrower.public_id == borrower_id else None


def promise_days(loan: Loan, on_date: date) -> int:
    """How many days ahead a promise may lie (HOUSE-TALK)."""
    return int(reader.rulebook(loan.borrower.jurisdiction).value("HOUSE-TALK", on_date)["promise_at_most"])


def before_payments_of(known: Stored, day: date) -> tuple[account.Account, int]:
    """The account on a day without that day's payments, and what these come to."""
    counted = account.open_facts(known.facts)
    today = [
        one
        for one in known.facts
        if one.kind is Kind.PAYMENT and one.on_date == day and one.number in counted
    ]
    others = [one for one in known.facts if one not in today]
    return account.replay(known.opening, others, known.rule, day), sum(one.amount_minor for one in today)


def _schedules(loan: Loan) -> tuple[tuple[Instalment, ...], tuple[Instalment, ...], int]:
    """The rows of the first schedule and of the newest, and the newest's number; one may have no rows."""
    fields = ("number", "due_date", "principal_minor", "interest_minor", "fee_minor")
    rows = models.ScheduleVersion.objects.filter(loan=loan).order_by("version", "instalments__number")
    found: dict[int, list[Instalment]] = {}
    names = ("version", *(f"instalments__{one}" for one in fields))
    for version, number, due, principal, interest, fee in rows.values_list(*names):
        schedule = found.setdefault(version, [])
        if number is not None:
            schedule.append(Instalment(number, due, principal, interest, fee, 0, 0))
    if not found:
        return (), (), 0
    return tuple(found[min(found)]), tuple(found[max(found)]), max(found)


def _rule(agreement: LoanAgreement | None) -> Rule:
    if agreement is None:
        return Rule()
    raw = json.loads(agreement.allocation)
    return Rule(
        tuple(Component(word) for word in raw["order"]),
        Across(raw["across"]),
        Advance(raw["advance"]),
        Fraction(raw.get("late_annual_rate", "0")),
    )
