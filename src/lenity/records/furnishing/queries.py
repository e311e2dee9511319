"""What a bureau file needs to know of each loan at a month's end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Sum

from lenity.domain.delinquency import ageing
from lenity.records.furnishing.models import FurnishedRecord, FurnishingFile
from lenity.records.ledger.models import Posting
from lenity.records.lending.models import Instalment, Loan, LoanMonth, Payment
from lenity.records.people import queries as people

CHUNK = 500


@dataclass(frozen=True)
class Account:
    """One loan as a bureau file needs it, personal data in clear."""

    loan: Loan
    name: str
    birth_date: date | None
    mobile: str
    address: str
    balance_minor: int
    highest_minor: int
    paid_minor: int
    last_payment_on: date | None
    age: ageing.Age
    months: tuple[LoanMonth, ...]


def accounts(jurisdiction: str, month_end: date) -> Iterator[Account]:
    """All loans of borrowers in a jurisdiction, as they stood at the end of a month."""
    loans = Loan.objects.filter(borrower__jurisdiction=jurisdiction, opened_on__lte=month_end)
    ids = list(loans.order_by("account_number").values_list("id", flat=True))
    for start in range(0, len(ids), CHUNK):
        yield from _chunk(ids[start : start + CHUNK], month_end)


def not_reported(jurisdictions: tuple[str, ...]) -> dict[str, int]:
    """How many loans are of borrowers elsewhere, by place: their file has another format."""
    rows = Loan.objects.exclude(borrower__jurisdiction__in=jurisdictions)
    counted = rows.values_list("borrower__jurisdiction").annotate(number=Count("id"))
    return dict(counted.order_by("borrower__jurisdiction"))


def last_file(month_end: date) -> FurnishingFile | None:
    """The newest file for a month."""
    return FurnishingFile.objects.filter(month_end=month_end).order_by("-id").first()


def furnished_before(loan_ids: list[int], month_end: date) -> dict[int, FurnishedRecord]:
    """What the newest earlier file said of each loan."""
    rows = FurnishedRecord.objects.filter(loan_id__in=loan_ids, file__month_end__lt=month_end)
    rows = rows.select_related("file").order_by("file__month_end", "file_id")
    return {row.loan_id: row for row in rows}


def _chunk(ids: list[int], month_end: date) -> Iterator[Account]:
    balances = dict(
        Posting.objects.filter(account__loan_id__in=ids, transaction__value_date__lte=month_end)
        .values_list("account__loan_id")
        .annotate(total=Sum("amount_minor"))
    )
    payments = Payment.objects.filter(
        loan_id__in=ids, value_date__lte=month_end, reverses__isnull=True, reversed_by__isnull=True
    )
    paid = dict(payments.values_list("loan_id").annotate(total=Sum("amount_minor")))
    dues: dict[int, list[ageing.Due]] = defaultdict(list)
    for item in Instalment.objects.filter(schedule__loan_id__in=ids).select_related("schedule"):
        amount = item.principal_minor + item.interest_minor + item.fee_minor
        dues[item.schedule.loan_id].append(ageing.Due(item.due_date, amount, item.cum_before_minor))
    months: dict[int, list[LoanMonth]] = defaultdict(list)
    for month in LoanMonth.objects.filter(loan_id__in=ids, month_end__lte=month_end).order_by("-month_end"):
        months[month.loan_id].append(month)
    for loan in Loan.objects.filter(id__in=ids).select_related("borrower").order_by("account_number"):
        yield _account(
            loan,
            months[loan.pk],
            ageing.age(dues[loan.pk], int(paid.get(loan.pk, 0)), month_end),
            int(balances.get(loan.pk, 0)),
        )


def _account(loan: Loan, months: list[LoanMonth], age: ageing.Age, balance_minor: int) -> Account:
    points = {point.kind: point for point in loan.borrower.contact_points.filter(retired_at__isnull=True)}
    newest = months[0] if months else None
    return Account(
        loan=loan,
        name=people.name_of(loan.borrower),
        birth_date=people.birth_date_of(loan.borrower),
        mobile=people.contact_value(points["mobile"]) if "mobile" in points else "",
        address=people.contact_value(points["address"]) if "address" in points else "",
        balance_minor=balance_minor,
        highest_minor=max([balance_minor, *(month.billed_minor for month in months)]),
        paid_minor=newest.paid_minor if newest else 0,
        last_payment_on=next((month.month_end for month in months if month.paid_minor > 0), None),
        age=age,
        months=tuple(months),
    )
