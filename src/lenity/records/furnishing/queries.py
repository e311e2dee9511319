"""What a bureau file needs to know of each loan at a month's end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Count, Max, Q, Sum

from lenity.domain.delinquency import ageing
from lenity.domain.furnishing import codes
from lenity.records.delinquency import queries as delinquency
from lenity.records.furnishing.models import FurnishedRecord, FurnishingFile
from lenity.records.lending import servicing_queries
from lenity.records.lending.models import Loan, LoanFact, LoanMonth, Payment
from lenity.records.people import queries as people

CHUNK = 500


@dataclass(frozen=True)
class ChargedOff:
    """A loan that was charged off: when, how much it came to, and what the borrower still owes."""

    on_date: date
    amount_minor: int
    owed_minor: int


@dataclass(frozen=True)
class Account:
    """One loan as a bureau file needs it, personal data in clear; `months` are those before the file's."""

    loan: Loan
    name: str
    birth_date: date | None
    mobile: str
    address: str
    balance_minor: int
    highest_minor: int
    paid_minor: int
    scheduled_minor: int
    last_due_date: date | None
    last_payment_on: date | None
    age: ageing.Age
    months: tuple[LoanMonth, ...]
    charged_off: ChargedOff | None

    @cached_property
    def days_late_before_paid(self) -> int:
        """How late a paid account was just before the payment that settled it; 0 where nobody knows of one.

        Of a payment that came with the history of an imported book, only the month before it is known.
        """
        day = self.last_payment_on
        if day is None:
            return 0
        state, paid = servicing_queries.before_payments_of(servicing_queries.stored(self.loan), day)
        if paid:
            return state.days_past_due
        return codes.days_of_months_late(self.months[0].months_late) if self.months else 0

    @property
    def owed_minor(self) -> int:
        """What the borrower owes: of a loan that is charged off, more than the books still show."""
        return self.charged_off.owed_minor if self.charged_off else self.balance_minor

    @property
    def past_due_minor(self) -> int:
        """What is past due; a loan that is charged off is due whole."""
        return self.charged_off.owed_minor if self.charged_off else self.age.overdue_minor

    @property
    def is_settled(self) -> bool:
        """Whether an instalment loan has nothing left to pay; revolving credit stays open."""
        open_items = self.age.overdue_minor or self.age.next_due_minor
        return self.loan.portfolio_type == "I" and self.owed_minor <= 0 and not open_items


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


def file_of(format: str, month_end: date, digest: str) -> FurnishingFile | None:  # noqa: A002 - the column's name
    """The file with these bytes that was written before."""
    return FurnishingFile.objects.filter(format=format, month_end=month_end, file_digest=digest).first()


def furnished_before(loan_ids: list[int], month_end: date) -> dict[int, FurnishedRecord]:
    """What the newest earlier file said of each loan."""
    rows = FurnishedRecord.objects.filter(loan_id__in=loan_ids, file__month_end__lt=month_end)
    rows = rows.select_related("file").order_by("file__month_end", "file_id")
    return {row.loan_id: row for row in rows}


def _chunk(ids: Sequence[int], month_end: date) -> Iterator[Account]:
    """Balances, schedules and payments are read as the close reads them (`delinquency.queries.facts`)."""
    facts = delinquency.facts(month_end, ids)
    balances, paid = dict(facts.loans), dict(facts.payments)
    dues: dict[int, list[ageing.Due]] = defaultdict(list)
    for loan_id, day, amount, before in facts.instalments:
        dues[loan_id].append(ageing.Due(date.fromordinal(day), amount, before))
    received = Payment.objects.filter(
        loan_id__in=ids, value_date__lte=month_end, reverses__isnull=True, reversed_by__isnull=True
    )
    this_month = Sum("amount_minor", filter=Q(value_date__gte=month_end.replace(day=1)))
    money = {
        loan_id: (int(minor or 0), last)
        for loan_id, minor, last in received.values_list("loan_id").annotate(
            minor=this_month, last=Max("value_date")
        )
    }
    months: dict[int, list[LoanMonth]] = defaultdict(list)
    for month in LoanMonth.objects.filter(loan_id__in=ids, month_end__lte=month_end).order_by("-month_end"):
        months[month.loan_id].append(month)
    losses = _charged_off(ids, month_end)
    for loan in Loan.objects.filter(id__in=ids).select_related("borrower").order_by("account_number"):
        yield _account(
            loan,
            month_end,
            months[loan.pk],
            sorted(dues[loan.pk], key=lambda due: due.due_date),
            (int(paid.get(loan.pk, 0)), *money.get(loan.pk, (0, None))),
            balances[loan.pk],
            losses.get(loan.pk),
        )


def _charged_off(ids: Sequence[int], month_end: date) -> dict[int, ChargedOff]:
    rows = LoanFact.objects.filter(
        loan_id__in=ids, kind="charge_off", on_date__lte=month_end, reverses=None, reversed_by=None
    )
    found = {}
    for row in rows.select_related("loan__borrower", "loan__agreement"):
        known = servicing_queries.stored(row.loan)
        lost, now = known.on(row.on_date).owed_minor, known.on(month_end).owed_minor
        found[row.loan_id] = ChargedOff(row.on_date, lost, now)
    return found


def _account(
    loan: Loan,
    month_end: date,
    months: list[LoanMonth],
    dues: Sequence[ageing.Due],
    money: tuple[int, int, date | None],
    balance_minor: int,
    charged_off: ChargedOff | None,
) -> Account:
    own = loan.borrower.contact_points.filter(role="borrower", retired_at__isnull=True)
    points = {point.kind: point for point in own}
    paid, paid_this_month, last_payment_on = money
    imported = [month for month in months if month.month_end == month_end]
    fallen_due = [due.amount_minor for due in dues if due.due_date <= month_end]
    ahead = [due.amount_minor for due in dues if due.due_date > month_end]
    lent = loan.credit_limit_minor if loan.portfolio_type == "I" else 0
    return Account(
        loan=loan,
        name=people.name_of(loan.borrower),
        birth_date=people.birth_date_of(loan.borrower),
        mobile=people.contact_value(points["mobile"]) if "mobile" in points else "",
        address=people.contact_value(points["address"]) if "address" in points else "",
        balance_minor=balance_minor,
        highest_minor=max([balance_minor, lent, *(month.billed_minor for month in months)]),
        paid_minor=paid_this_month + sum(month.paid_minor for month in imported),
        scheduled_minor=(fallen_due[-1:] or ahead[:1] or [0])[0],
        last_due_date=dues[-1].due_date if dues else None,
        last_payment_on=last_payment_on
        or next((month.month_end for month in months if month.paid_minor > 0), None),
        age=ageing.age(dues, paid, month_end),
        months=tuple(month for month in months if month.month_end < month_end),
        charged_off=charged_off,
    )
