"""The facts of a close, read set-based, and what the last close said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, OuterRef, Subquery, Sum

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


def facts(business_date: date) -> FactRows:
    """Loans with balances, the latest schedules, and payments with a value date up to `business_date`."""
    balances = dict(
        Posting.objects.filter(
            account__loan_id__isnull=False,
            account__code__in=OWED,
            transaction__value_date__lte=business_date,
        )
        .values_list("account__loan_id")
        .annotate(total=Sum("amount_minor"))
    )
    loans = [
        (loan_id, int(balances.get(loan_id, 0)))
        for loan_id in Loan.objects.order_by("id").values_list("id", flat=True)
    ]
    latest = ScheduleVersion.objects.filter(
        loan_id=OuterRef("schedule__loan_id"), made_on__lte=business_date
    ).order_by("-version")
    dues = (
        Instalment.objects.filter(schedule_id=Subquery(latest.values("id")[:1]))
        .annotate(amount=F("principal_minor") + F("interest_minor") + F("fee_minor"))
        .values_list("schedule__loan_id", "due_date", "amount", "cum_before_minor")
    )
    instalments = [(loan, day.toordinal(), int(amount), int(before)) for loan, day, amount, before in dues]
    paid = (
        Payment.objects.filter(value_date__lte=business_date, reverses__isnull=True, reversed_by__isnull=True)
        .values_list("loan_id")
        .annotate(total=Sum("amount_minor"))
    )
    kept = {loan: int(total) for loan, total in paid}
    refunds = LoanFact.objects.filter(
        kind="refund", on_date__lte=business_date, reverses__isnull=True, reversed_by__isnull=True
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
