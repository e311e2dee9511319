"""What operations and management read: closes, files, reversals; rates over the book, small numbers withheld."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Sum

from lenity.domain.delinquency import stages
from lenity.records.debt_collection.models import Contact, Hold
from lenity.records.delinquency import queries as delinquency
from lenity.records.delinquency.models import CloseRun, LoanPosition
from lenity.records.intake.models import BankFile
from lenity.records.lending.models import Payment

LEAST = 10
"""A share of fewer loans or people than this is not told: it says little and may point at somebody."""

JUST_PAID = timedelta(days=3)


@dataclass(frozen=True)
class FileView:
    """A bank file and what became of its entries; `None` where it could not be booked."""

    name: str
    received_at: datetime
    entries: int | None
    applied: int | None
    suspended: int | None


@dataclass(frozen=True)
class ReversalView:
    """A payment that was no money after all."""

    at: datetime
    account_ending: str
    currency: str
    amount_minor: int
    source: str


@dataclass(frozen=True)
class Operations:
    """The operations page."""

    closes: list[CloseRun]
    files: list[FileView]
    reversals: list[ReversalView]


def operations() -> Operations:
    """The newest closes, bank files and reversals."""
    files = BankFile.objects.select_related("booking").order_by("-id")[:20]
    backs = Payment.objects.filter(reverses__isnull=False).select_related("loan", "reverses")
    return Operations(
        list(CloseRun.objects.order_by("-id")[:20]),
        [_file(row) for row in files],
        [
            ReversalView(
                row.received_at,
                row.loan.account_number[-4:],
                row.loan.currency,
                row.amount_minor,
                row.reverses.source if row.reverses else "",
            )
            for row in backs.order_by("-id")[:20]
        ],
    )


def stopped_by_provision() -> dict[str, int]:
    """How many contacts each provision put off or refused, as the leading one."""
    rows = Contact.objects.exclude(verdict="allowed").values_list("decision__leading_provision")
    return {str(name): int(number) for name, number in rows.annotate(number=Count("id")).order_by()}


@dataclass(frozen=True)
class Reach:
    """Borrowers by how often they were contacted, and how many in a thousand paid in the same days."""

    contacts: str
    borrowers: int
    paid_permille: int | None


@dataclass(frozen=True)
class Management:
    """The manager's page; rates are per thousand, None where there is too little to say."""

    days: int
    stages: list[dict[str, object]]
    reach: list[Reach]
    contacts: int
    complaints: int
    complaints_permille: int | None
    just_paid: int
    just_paid_permille: int | None
    recovered: tuple[tuple[str, int], ...]


def management(now: datetime, days: int) -> Management:
    """Rates over the last `days`."""
    since = now - timedelta(days=days)
    sent = Contact.objects.filter(verdict="allowed", purpose="collection", requested_at__gte=since).exclude(
        outbox__state="cancelled"
    )
    contacts = sent.count()
    paid = Payment.objects.filter(
        loan=OuterRef("loan"),
        reverses=None,
        reversed_by=None,
        received_at__lt=OuterRef("requested_at"),
        received_at__gte=OuterRef("requested_at") - JUST_PAID,
    )
    just_paid = sent.filter(Exists(paid)).count()
    complaints = Hold.objects.filter(kind="complaint", opened_at__gte=since).count()
    order = {step.code: at for at, step in enumerate(stages.standard().steps)}
    money = Payment.objects.filter(received_at__gte=since, reverses=None, reversed_by=None)
    late = money.filter(Exists(sent.filter(borrower=OuterRef("loan__borrower"))))
    sums = late.values_list("loan__currency").annotate(total=Sum("amount_minor")).order_by("loan__currency")
    return Management(
        days,
        sorted(delinquency.by_stage(), key=lambda one: order[str(one["stage"])]),
        _reach(since),
        contacts,
        complaints,
        _permille(complaints, contacts),
        just_paid,
        _permille(just_paid, contacts),
        tuple((currency, int(total)) for currency, total in sums),
    )


def _permille(part: int, whole: int) -> int | None:
    return part * 1000 // whole if whole >= LEAST else None


def _reach(since: datetime) -> list[Reach]:
    counted = dict(
        Contact.objects.filter(verdict="allowed", purpose="collection", requested_at__gte=since)
        .values_list("borrower_id")
        .annotate(number=Count("id"))
    )
    late = LoanPosition.objects.filter(days_past_due__gt=0).values_list("loan__borrower_id", flat=True)
    people = set(counted) | set(late)
    payers = set(
        Payment.objects.filter(received_at__gte=since, reverses=None, reversed_by=None).values_list(
            "loan__borrower_id", flat=True
        )
    )
    groups: dict[str, list[int]] = {"0": [], "1": [], "2": [], "3+": []}
    for person in people:
        number = counted.get(person, 0)
        groups[str(number) if number < 3 else "3+"].append(person)
    return [
        Reach(name, len(group), _permille(len(payers & set(group)), len(group)))
        for name, group in groups.items()
    ]


def _file(row: BankFile) -> FileView:
    booking = getattr(row, "booking", None)
    return FileView(
        row.name,
        row.received_at,
        booking.entries if booking else None,
        booking.applied if booking else None,
        booking.suspended if booking else None,
    )
