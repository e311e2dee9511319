"""Who looked at a borrower's data: staff who took or looked up her case or read what she told; her helpers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lenity.records.arrangements import helper_queries
from lenity.records.debt_collection.models import CaseLease, CaseLookUp
from lenity.records.people import reading_queries
from lenity.records.people.models import StaffMember


@dataclass(frozen=True)
class LookView:
    """One look: when, who, how (`queue`, `look_up`, `helper` or what was read), for which reason, whose firm.

    `subject` is the id of a concern that was read, so that its page is one press away.
    """

    at: datetime
    how: str
    who: str
    staff_number: str
    agency: str
    reason: str
    subject: str = ""


def looks(borrower_id: str, *, most: int = 100) -> list[LookView]:
    """Everybody who opened this borrower's record, newest first."""
    taken = CaseLease.objects.filter(borrower__public_id=borrower_id, how="next").order_by("-id")[:most]
    asked = CaseLookUp.objects.filter(borrower__public_id=borrower_id, result="opened").order_by("-id")
    ups = list(asked[:most])
    ids = {row.staff for row in taken} | {row.staff for row in ups}
    names = {one.public_id: one for one in StaffMember.objects.filter(public_id__in=ids)}
    found = [_staff(row.taken_at, "queue", row.staff, "", names) for row in taken]
    found += [_staff(row.looked_at, "look_up", row.staff, row.reason, names) for row in ups]
    found += [
        LookView(one.at, "helper", one.name, "", "", "")
        for one in helper_queries.readings(borrower_id, most=most)
    ]
    found += [
        LookView(
            one.at,
            one.kind,
            one.by,
            one.staff_number,
            "",
            one.reason,
            one.subject_id if one.kind == "concern" else "",
        )
        for one in reading_queries.readings_of(borrower_id, most=most)
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)[:most]


def _staff(at: datetime, how: str, staff: str, reason: str, names: dict[str, StaffMember]) -> LookView:
    known = names.get(staff)
    who, number, agency = (known.display_name, known.staff_number, known.agency) if known else (staff, "", "")
    return LookView(at, how, who, number, agency, reason)
