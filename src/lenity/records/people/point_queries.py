"""Changes of a borrower's own numbers and addresses, as pages and operations read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lenity.records.people import queries
from lenity.records.people.models import Borrower, ContactPoint, PointChange

KINDS = ("mobile", "email")
CHANNELS = {"mobile": "sms", "email": "email"}


@dataclass(frozen=True)
class Change:
    """A change that is open: to what, since when, and from when on it holds; none before its code came."""

    public_id: str
    mask: str
    asked_at: datetime
    effective_at: datetime | None


@dataclass(frozen=True)
class Reach:
    """One kind of point: what is on file, masked, and the change that is open."""

    kind: str
    mask: str
    change: Change | None


def reach_of(borrower_id: str) -> list[Reach]:
    """The number and the e-mail address of a borrower."""
    borrower = queries.get_borrower(borrower_id)
    own, changes = own_points(borrower), {one.kind: one for one in _open(borrower_id)}
    return [
        Reach(
            kind,
            next((one.mask for one in own if one.kind == kind), ""),
            _view(changes[kind]) if kind in changes else None,
        )
        for kind in KINDS
    ]


def waiting(borrower_id: str) -> list[Change]:
    """Confirmed changes that wait for their time: whoever signs in sees them first."""
    return [_view(one) for one in _open(borrower_id) if one.effective_at is not None]


def own_points(borrower: Borrower) -> list[ContactPoint]:
    """Her own live numbers and e-mail addresses, the newest first."""
    rows = ContactPoint.objects.filter(
        borrower=borrower, kind__in=KINDS, role="borrower", retired_at__isnull=True
    )
    return list(rows.order_by("-id"))


def open_change(borrower: Borrower, kind: str) -> PointChange | None:
    """Her open change of a kind."""
    rows = PointChange.objects.select_related("point").filter(borrower=borrower, kind=kind)
    return rows.filter(ended_at=None).first()


def change_of(borrower: Borrower, public_id: str) -> PointChange | None:
    """Her own open change."""
    rows = PointChange.objects.select_related("point").filter(borrower=borrower, public_id=public_id)
    return rows.filter(ended_at=None).first()


def asked_since(borrower: Borrower, since: datetime) -> int:
    """How many changes she asked for since an instant."""
    return PointChange.objects.filter(borrower=borrower, asked_at__gt=since).count()


def due(now: datetime) -> list[tuple[str, str]]:
    """Borrower and change, by public id, of changes whose wait is over."""
    rows = PointChange.objects.filter(ended_at=None, effective_at__lte=now).order_by("id")
    return list(rows.values_list("borrower__public_id", "public_id"))


def _open(borrower_id: str) -> list[PointChange]:
    rows = PointChange.objects.select_related("point").filter(borrower__public_id=borrower_id)
    return list(rows.filter(ended_at=None).order_by("id"))


def _view(row: PointChange) -> Change:
    return Change(row.public_id, row.point.mask, row.asked_at, row.effective_at)
