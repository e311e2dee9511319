"""The facts of a close, read set-based, and what the last close said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum

from lenity.records.delinquency.models import CloseRun, LoanPosition
from lenity.records.ledger.models import Posting
from lenity.records.lending.models import Instalment, Loan, LoanFact, Payment, ScheduleVersion

OWED = ("loan_principal", "interest_receivable", "fee_receivable", "customer_credit")


@dataclass(frozen=True)
class FactRows:
    """Rows of facts in the order of the engine's columns."""

    loans: list[tuple[int, int]]
    instalments: list[tuple[int, int, int, int]]
    payments: list[tuple[int, int]]


def facts(business_date: date, loan_ids: Sequence[int] | None = None) -> FactRows:
    """Loans with balances, the latest schedules, and payments with a value date up to `business_date`.

    Of the whole book, or of the loans named: who reads one loan and who closes all of them read the same.
    """
    only = Q() if loan_ids is None else Q(pk__in=loan_ids)
    of_loan = Q() if loan_ids is None else Q(loan_id__in=loan_ids)
    of_schedule = Q() if loan_ids is None else Q(schedule__loan_id__in=loan_ids)
    of_account = Q(account__loan_id__isnull=False) if loan_ids is None else Q(account__loan_id__in=loan_ids)
    postings = Posting.objects.filter(
        of_account, account__code__in=OWED, transaction__value_date__lte=business_date
    )
    balances = dict(postings.values_list("account__loan_id").annotate(total=Sum("amount_minor")))
    loans = [
        (loan_id, int(balances.get(loan_id, 0)))
        for loan_id in Loan.objects.filter(only).order_by("id").values_list("id", flat=True)
    ]
    latest = ScheduleVersion.objects.filter(
        loan_id=OuterRef("schedule__loan_id"), made_on__lte=business_date
    ).order_by("-version")
    dues = (
        Instalment.objects.filter(of_schedule, schedule_id=Subquery(latest.values("id")[:1]))
        .annotate(amount=F("principal_minor") + F("interest_minor") + F("fee_minor"))
        .values_list("schedule__loan_id", "due_date", "amount", "cum_before_minor")
    )
    instalments = [(loan, day.toordinal(), int(amount), int(before)) for loan, day, amount, before in dues]
    paid = (
        Payment.objects.filter(
            of_loan, value_date__lte=business_date, reverses__isnull=True, reversed_by__isnull=True
        )
        .values_list("loan_id")
        .annotate(total=Sum("amount_minor"))
    )
    kept = {loan: int(total) for loan, total in paid}
    refunds = LoanFact.objects.filter(
        of_loan, kind="refund", on_date__lte=business_date, reverses__isnull=True, reversed_by__isnull=True
    )
    for loan, total in refunds.values_list("loan_id").annotate(total=Sum("amount_minor")):
        kept[loan] = kept.get(loan, 0) - int(total)
    return FactRows(loans, instalments, sorted(kept.items()))


def last_close() -> CloseRun | None:
    """The newest close."""
    return CloseRun.objects.order_by("-id").first()


def by_stage() -> list[dict[str, object]]:
    """How many loans stand in each stage, and how much is overdue, by currency."""
    rows = LoanPosition.objects.values("stage", "loan__currency").annotate(
        loans=Count("loan_id"), overdue=Sum("overdue_minor")
    )
    return [
        {
            "stage": row["stage"],
            "currency": row["loan__currency"],
            "loans": row["loans"],
            "overdue_minor": int(row["overdue"]),
        }
        for row in rows.order_by("stage", "loan__currency")
    ]
