"""What agencies may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from lenity.records.debt_collection.models import Contact, Hold, Placement
from lenity.records.lending.models import Loan
from lenity.records.people.models import Borrower, ContactPoint, StaffMember


def placement_by_id(public_id: str) -> Placement | None:
    """A placement with its loan."""
    return Placement.objects.select_related("loan__borrower").filter(public_id=public_id).first()


def live_placement(agency: str, loan_id: str) -> Placement | None:
    """The placement of a loan with an agency, unless it was recalled."""
    rows = Placement.objects.select_related("loan__borrower").filter(agency=agency, recalled_at=None)
    return rows.filter(loan__public_id=loan_id).first()


def placed(loan_pk: int) -> bool:
    """Whether a loan is with an agency."""
    return Placement.objects.filter(loan_id=loan_pk, recalled_at=None).exists()


def placements(*, most: int = 10_000) -> list[Placement]:
    """The newest placements."""
    return list(Placement.objects.select_related("loan").order_by("-id")[:most])


def placeable(stage: str, product: str, now: datetime) -> QuerySet[Loan]:
    """Late loans of a stage that may be placed, the most overdue first: nothing stops them, none is placed."""
    held = Hold.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=now.date()), borrower=OuterRef("borrower"), end__isnull=True
    ).exclude(kind="assigned")
    placed = Placement.objects.filter(loan=OuterRef("pk"), recalled_at=None)
    rows = Loan.objects.filter(
        position__stage=stage, position__days_past_due__gt=0, position__overdue_minor__gt=0
    )
    if product:
        rows = rows.filter(product=product)
    free = rows.exclude(Exists(held)).exclude(Exists(placed)).select_related("borrower")
    return free.order_by("-position__days_past_due", "-position__overdue_minor", "id")


@dataclass(frozen=True)
class Choice:
    """What a choice of loans comes to, before it is placed: by currency, and how many are left out."""

    loans: int
    overdue: tuple[tuple[str, int], ...]
    left_out: int


def choice(stage: str, product: str, now: datetime) -> Choice:
    """How many loans of a stage may be placed, what is overdue on them, and how many are stopped or placed."""
    free = placeable(stage, product, now)
    sums = free.order_by().values_list("currency").annotate(n=Count("pk"), m=Sum("position__overdue_minor"))
    found = list(sums.order_by("currency"))
    late = Loan.objects.filter(
        position__stage=stage, position__days_past_due__gt=0, position__overdue_minor__gt=0
    )
    late = late.filter(product=product) if product else late
    loans = sum(number for _, number, _ in found)
    return Choice(loans, tuple((c, int(m)) for c, _, m in found), late.count() - loans)


def products() -> list[str]:
    """The products of late loans."""
    rows = Loan.objects.filter(position__days_past_due__gt=0).order_by("product")
    return list(rows.values_list("product", flat=True).distinct())


def with_agencies() -> list[tuple[str, int]]:
    """How many loans are with each agency."""
    rows = Placement.objects.filter(recalled_at=None).order_by("agency").values_list("agency")
    return [(name, number) for name, number in rows.annotate(number=Count("pk"))]


def point_for(placement: Placement, kinds: tuple[str, ...]) -> ContactPoint | None:
    """The borrower's newest live number or address of these kinds."""
    return point_of(placement.loan.borrower, kinds)


def point_of(borrower: Borrower, kinds: tuple[str, ...]) -> ContactPoint | None:
    """A borrower's newest live number or address of these kinds."""
    points = ContactPoint.objects.filter(
        borrower=borrower, kind__in=kinds, role="borrower", retired_at__isnull=True
    )
    return points.order_by("-id").first()


def zones_of(borrower: Borrower) -> tuple[str, ...]:
    """Every zone in which a borrower may be."""
    live = ContactPoint.objects.filter(borrower=borrower, retired_at__isnull=True)
    return tuple(sorted({zone for zones in live.values_list("candidate_zones", flat=True) for zone in zones}))


def contact_of(contact_id: str, agency: str) -> Contact | None:
    """A contact; for an agency only where the agency or one of its people has asked for it."""
    found = Contact.objects.select_related("borrower", "contact_point").filter(public_id=contact_id).first()
    if found is None or not agency or found.requested_by == f"agency:{agency}"[:40]:
        return found
    people = StaffMember.objects.filter(public_id=found.requested_by, agency=agency)
    return found if people.exists() else None
