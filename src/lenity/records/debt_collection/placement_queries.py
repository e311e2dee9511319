"""What agencies may do."""

from __future__ import annotations

from lenity.records.debt_collection.models import Placement
from lenity.records.people.models import ContactPoint


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


def placements() -> list[Placement]:
    """All placements, newest first."""
    return list(Placement.objects.select_related("loan").order_by("-id"))


def point_for(placement: Placement, kinds: tuple[str, ...]) -> ContactPoint | None:
    """The borrower's newest live number or address of these kinds."""
    points = ContactPoint.objects.filter(
        borrower=placement.loan.borrower, kind__in=kinds, role="borrower", retired_at__isnull=True
    )
    return points.order_by("-id").first()
