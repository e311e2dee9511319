"""Whether a code is of a genuine contact, and who made it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from lenity.records.debt_collection.models import Contact, ContactCheck
from lenity.records.people.models import StaffMember


@dataclass(frozen=True)
class Caller:
    """Who made a contact: a person with a staff number, or the lender's own system."""

    name: str
    staff_number: str
    agency: str


def genuine(code: str, *, not_before: datetime) -> Contact | None:
    """The allowed contact with this code, if it is recent and was not stopped before it left."""
    rows = Contact.objects.filter(code=code, verdict="allowed", requested_at__gte=not_before)
    rows = rows.filter(Q(outbox__isnull=True) | ~Q(outbox__state__in=("cancelled", "refused")))
    return rows.select_related("borrower", "contact_point").first()


def caller_of(contact: Contact) -> Caller:
    """The member of staff who asked for the contact, if one did."""
    staff = StaffMember.objects.filter(public_id=contact.requested_by).first()
    if staff is None:
        return Caller("", "", "")
    return Caller(staff.display_name, staff.staff_number, staff.agency)


def checks_since(since: datetime, *, from_index: str = "") -> int:
    """How many checks there were since an instant, from one address or at all."""
    rows = ContactCheck.objects.filter(checked_at__gte=since)
    return rows.filter(from_index=from_index).count() if from_index else rows.count()
