"""The only place that adds, confirms and ends changes of a borrower's numbers and addresses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from lenity.records.people import writes
from lenity.records.people.models import Borrower, ContactPoint, PointChange


def add_point(borrower: Borrower, new: writes.NewPoint, *, recorded_at: datetime) -> ContactPoint:
    """Add the new number or address, which is not hers yet."""
    return writes.add_point(borrower, new, recorded_at=recorded_at)


def drop_point(point: ContactPoint, *, at: datetime) -> None:
    """No code could reach the new point: it is kept as retired, for the log that names it."""
    ContactPoint.objects.filter(pk=point.pk).update(retired_at=at, retired_reason="no code left")


def add_change(
    borrower: Borrower, point: ContactPoint, *, public_id: str, request_id: str, asked_at: datetime
) -> PointChange:
    """Add a change to this point."""
    return PointChange.objects.create(
        public_id=public_id,
        borrower=borrower,
        kind=point.kind,
        point=point,
        request_id=request_id,
        asked_at=asked_at,
    )


def confirm(change: PointChange, *, at: datetime, effective_at: datetime) -> None:
    """The code came: the change holds from an instant on."""
    PointChange.objects.filter(pk=change.pk).update(confirmed_at=at, effective_at=effective_at)


def end(change: PointChange, how: str, *, at: datetime) -> None:
    """End a change without taking it; its point is retired."""
    PointChange.objects.filter(pk=change.pk).update(ended_at=at, ended_as=how)
    ContactPoint.objects.filter(pk=change.point_id).update(retired_at=at, retired_reason=how)


def take(change: PointChange, former: Iterable[ContactPoint], *, at: datetime) -> None:
    """The new point is hers; those of its kind that she had are retired."""
    PointChange.objects.filter(pk=change.pk).update(ended_at=at, ended_as="taken")
    ContactPoint.objects.filter(pk=change.point_id).update(role="borrower")
    ContactPoint.objects.filter(pk__in=[one.pk for one in former]).update(
        retired_at=at, retired_reason="changed"
    )
