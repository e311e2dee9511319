"""What an account is replayed from: opening, facts and the rule of allocation."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Sum

from lenity.domain.servicing import account
from lenity.domain.servicing.account import Fact, Kind, Opening
from lenity.domain.servicing.allocation import Across, Advance, Component, Rule
from lenity.domain.servicing.schedule import Instalment
from lenity.records.ledger.models import Posting
from lenity.records.lending import models
from lenity.records.lending.models import Loan, LoanAgreement, Payment

OPENED_BY = ("book_import", "disbursement")


@dataclass(frozen=True)
class Stored:
    """The stored facts of one loan; `posted` is what the ledger says on the loan's own accounts."""

    opening: Opening
    facts: tuple[Fact, ...]
    rule: Rule
    posted: dict[str, int]


def loan_by_id(public_id: str) -> Loan | None:
    """A loan."""
    return Loan.objects.select_related("borrower").filter(public_id=public_id).first()


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
    agreement = LoanAgreement.objects.filter(loan=loan).first()
    return Stored(
        _opening(loan, imported=agreement is None),
        tuple(_fact(payment) for payment in payments(loan)),
        _rule(agreement),
        posted(loan),
    )


def account_on(loan: Loan, on_date: date) -> account.Account:
    """The account at the end of a day, by the facts with a value date up to it."""
    known = stored(loan)
    return account.replay(known.opening, known.facts, known.rule, on_date)


def posted(loan: Loan) -> dict[str, int]:
    """The ledger's balance of each account of the loan, minor units, debit positive."""
    rows = Posting.objects.filter(account__loan_id=loan.pk).values_list("account__code")
    return {code: int(total) for code, total in rows.annotate(total=Sum("amount_minor"))}


def _opening(loan: Loan, *, imported: bool) -> Opening:
    version = models.ScheduleVersion.objects.filter(loan=loan).order_by("-version").first()
    rows: list[Instalment] = []
    if version is not None:
        fields = ("number", "due_date", "principal_minor", "interest_minor", "fee_minor")
        for number, due, principal, interest, fee in version.instalments.order_by("number").values_list(
            *fields
        ):
            rows.append(Instalment(number, due, principal, interest, fee, 0, 0))
    scheduled = sum(row.principal_minor for row in rows)
    lent = Posting.objects.filter(
        account__loan_id=loan.pk, account__code="loan_principal", transaction__kind__in=OPENED_BY
    ).aggregate(total=Sum("amount_minor"))["total"]
    beyond = max(int(lent or 0) - scheduled, 0)
    return Opening(tuple(rows), loan.opened_on, beyond, "book_import" if imported else "cash")


def _fact(payment: Payment) -> Fact:
    return Fact(
        payment.pk, Kind.PAYMENT, payment.value_date, payment.amount_minor, reverses=payment.reverses_id
    )


def _rule(agreement: LoanAgreement | None) -> Rule:
    if agreement is None:
        return Rule()
    raw = json.loads(agreement.allocation)
    return Rule(
        tuple(Component(word) for word in raw["order"]),
        Across(raw["across"]),
        Advance(raw["advance"]),
        Fraction(0),
    )
