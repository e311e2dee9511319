"""Who looked whom up outside the queue, for compliance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lenity.records import encrypted
from lenity.records.debt_collection.models import CaseLookUp
from lenity.records.people.models import StaffMember


@dataclass(frozen=True)
class LookUpView:
    """One look-up, for compliance. The person looked up is named by id only."""

    at: datetime
    by: str
    staff_number: str
    borrower_id: str
    reason: str
    words: str
    result: str


def look_ups(*, most: int = 200) -> list[LookUpView]:
    """Who looked whom up and why, newest first."""
    rows = list(CaseLookUp.objects.select_related("borrower").order_by("-id")[:most])
    names = {one.public_id: one for one in StaffMember.objects.filter(public_id__in={r.staff for r in rows})}
    return [
        LookUpView(
            row.looked_at,
            names[row.staff].display_name if row.staff in names else row.staff,
            names[row.staff].staff_number if row.staff in names else "",
            row.borrower.public_id if row.borrower else "",
            row.reason,
            _words(row),
            row.result,
        )
        for row in rows
    ]


def _words(row: CaseLookUp) -> str:
    if not row.words_sealed:
        return ""
    place = {"table": "debt_collection_caselookup", "column": "words", "row": row.staff}
    return encrypted.unseal(row.words_sealed, **place)
