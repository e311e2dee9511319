"""Who of the staff opened what a borrower told us, and whether it is open to her now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from lenity.law import reader
from lenity.records import encrypted
from lenity.records.people.models import StaffMember, StaffReading

Opened = Callable[[str, str], bool]
"""Whether what this kind and id name is open to the reader."""


@dataclass(frozen=True)
class ReadingView:
    """One reading, for compliance."""

    at: datetime
    by: str
    staff_number: str
    kind: str
    subject_id: str
    borrower_id: str
    reason: str
    words: str


def lasts(now: datetime) -> timedelta:
    """How long what was opened stays open (HOUSE-DESK)."""
    return timedelta(minutes=reader.rulebook("CN").value("HOUSE-DESK", now.date())["reading_minutes"])


def opened(staff: str, now: datetime) -> Opened:
    """What somebody has open now."""
    rows = StaffReading.objects.filter(staff=staff, read_at__gt=now - lasts(now))
    found = set(rows.values_list("kind", "subject_id"))
    return lambda kind, subject_id: (kind, subject_id) in found


def readings(*, most: int = 200) -> list[ReadingView]:
    """Who opened what and why, newest first."""
    return _views(list(StaffReading.objects.select_related("borrower").order_by("-id")[:most]))


def readings_of(borrower_id: str, *, most: int = 100) -> list[ReadingView]:
    """Who opened what this borrower told us, newest first."""
    rows = StaffReading.objects.filter(borrower__public_id=borrower_id).select_related("borrower")
    return _views(list(rows.order_by("-id")[:most]))


def _views(rows: list[StaffReading]) -> list[ReadingView]:
    staff = {one.public_id: one for one in StaffMember.objects.filter(public_id__in={r.staff for r in rows})}
    return [
        ReadingView(
            row.read_at,
            staff[row.staff].display_name if row.staff in staff else row.staff,
            staff[row.staff].staff_number if row.staff in staff else "",
            row.kind,
            row.subject_id,
            row.borrower.public_id if row.borrower else "",
            row.reason,
            _words(row),
        )
        for row in rows
    ]


def _words(row: StaffReading) -> str:
    if not row.words_sealed:
        return ""
    place = {"table": "people_staffreading", "column": "words", "row": row.subject_id}
    return encrypted.unseal(row.words_sealed, **place)
