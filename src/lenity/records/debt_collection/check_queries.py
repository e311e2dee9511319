"""Whether a code is of a genuine contact, who made it, and whether that person still may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from lenity.domain.debt_collection import caller_code
from lenity.records import encrypted
from lenity.records.debt_collection.models import Contact, ContactCheck, Placement
from lenity.records.people.models import StaffMember

AGENCY = "agency:"


@dataclass(frozen=True)
class Caller:
    """Who made a contact: a person with a staff number, an agency, or the lender's own system.

    `until` is when an agency's hours of today close; None where nothing of the kind limits.
    """

    name: str
    staff_number: str
    agency: str
    until: datetime | None = None


@dataclass(frozen=True)
class LiveCodes:
    """The codes of a call at this minute: what the caller reads out, and what she says when asked."""

    caller_reads: str
    borrower_asks: str


@dataclass(frozen=True)
class LiveCall:
    """A call that is open now, as its borrower sees it; the caller must be able to read out `code`."""

    code: str
    who: str
    staff_number: str
    agency: str
    at: datetime


def codes_of_caller(contact_id: str, asked_by: str, now: datetime) -> LiveCodes | None:
    """Both codes of an open call, for the one who asked for it and nobody else."""
    rows = _live(now - caller_code.CALL_LIFE).filter(channel="call", public_id=contact_id)
    contact = rows.filter(requested_by=asked_by).first()
    if contact is None:
        return None
    reads, asks = (_code(contact, way, now) for way in (caller_code.CALLER_READS, caller_code.BORROWER_ASKS))
    return LiveCodes(reads, asks)


def live_call(borrower_id: str, now: datetime, here: Callable[[str], datetime]) -> LiveCall | None:
    """The open call to a borrower with the code that a true caller can read out; None when none may be made.

    `here` tells the present instant on the lender's clock in a place.
    """
    contact = open_call_of(borrower_id, not_before=now - caller_code.CALL_LIFE)
    if contact is None:
        return None
    local = here(contact.borrower.jurisdiction)
    caller = caller_of(contact, local)
    if caller is None or (caller.until and local >= caller.until):
        return None
    code = _code(contact, caller_code.BORROWER_ASKS, now)
    return LiveCall(code, caller.name, caller.staff_number, caller.agency, contact.requested_at)


def genuine(code: str, *, not_before: datetime) -> Contact | None:
    """The allowed contact with this code, if it is recent and was not stopped before it left."""
    return _live(not_before).filter(code=code).first()


def live_calls(ending: str, *, not_before: datetime, most: int = 8) -> list[Contact]:
    """Allowed calls to numbers that end so, newest first."""
    rows = _live(not_before).filter(channel="call", contact_point__mask__endswith=ending or "-")
    return list(rows.order_by("-id")[:most])


def open_call_of(borrower_id: str, *, not_before: datetime) -> Contact | None:
    """The newest allowed call to a borrower."""
    rows = _live(not_before).filter(channel="call", borrower__public_id=borrower_id)
    return rows.order_by("-id").first()


def of_staff(number: str, ending: str, *, not_before: datetime) -> Contact | None:
    """The newest allowed contact that this member of staff made to a number that ends so."""
    staff = StaffMember.objects.filter(staff_number=number).values("public_id")
    rows = _live(not_before).filter(requested_by__in=staff, contact_point__mask__endswith=ending or "-")
    return rows.order_by("-id").first()


def caller_of(contact: Contact, here: datetime) -> Caller | None:
    """Who made a contact, or None when they may not any more; `here` is now in the lender's zone.

    A member of staff who left or whose authority has ended may not; an agency may within a placement of one of
    the contact's loans that has not been recalled.
    """
    staff = StaffMember.objects.filter(public_id=contact.requested_by).first()
    if staff is None and not contact.requested_by.startswith(AGENCY):
        return Caller("", "", "")
    agency = staff.agency if staff else contact.requested_by.removeprefix(AGENCY)
    if staff and not (staff.is_active and (staff.authority_until or here.date()) >= here.date()):
        return None
    until = None
    if agency:
        placement = _placement(agency, contact, here)
        if placement is None:
            return None
        until = datetime.combine(here.date(), placement.closes, here.tzinfo)
    return Caller(staff.display_name if staff else "", staff.staff_number if staff else "", agency, until)


def checks_since(since: datetime, *, from_index: str = "", code_index: str = "") -> int:
    """How many checks there were since an instant, from one address, of one code or ending, or at all."""
    rows = ContactCheck.objects.filter(checked_at__gte=since)
    rows = rows.filter(from_index=from_index) if from_index else rows
    return (rows.filter(code_index=code_index) if code_index else rows).count()


def _placement(agency: str, contact: Contact, here: datetime) -> Placement | None:
    rows = Placement.objects.filter(agency=agency, recalled_at=None, until__gte=here.date())
    return rows.filter(loan__public_id__in=contact.debts).first()


def _live(not_before: datetime) -> QuerySet[Contact]:
    rows = Contact.objects.filter(verdict="allowed", requested_at__gte=not_before)
    rows = rows.filter(Q(outbox__isnull=True) | ~Q(outbox__state__in=("cancelled", "refused")))
    return rows.select_related("borrower", "contact_point", "decision")


def _code(contact: Contact, direction: str, now: datetime) -> str:
    key = encrypted.derived_key(caller_code.PURPOSE)
    return caller_code.code(key, contact.public_id, direction, caller_code.step_of(now))
