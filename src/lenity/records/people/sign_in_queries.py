"""How many codes went out lately, and who may sign in."""

from __future__ import annotations

from datetime import date, datetime

from lenity.records import encrypted
from lenity.records.people.models import SignInCode, StaffMember


def codes_since(since: datetime, *, phone_index: str = "", from_address: str = "") -> int:
    """Codes asked for since an instant: for a phone, from an address, or at all."""
    rows = SignInCode.objects.filter(created_at__gte=since)
    if phone_index:
        rows = rows.filter(phone_index=phone_index)
    if from_address:
        rows = rows.filter(from_address=from_address)
    return rows.count()


def staff_by_name(username: str) -> StaffMember | None:
    """A member of staff by user name."""
    return StaffMember.objects.filter(username=username).first()


def staff_of(agency: str, number: str) -> StaffMember | None:
    """An agency's registered collector by staff number."""
    return StaffMember.objects.filter(agency=agency, staff_number=number).first()


def totp_secret_of(staff: StaffMember) -> str:
    """The second factor's secret in clear."""
    place = {"table": "people_staffmember", "column": "totp_secret", "row": staff.public_id}
    return encrypted.unseal(staff.totp_secret_sealed, **place)


def may_work(staff: StaffMember, on_date: date) -> bool:
    """Active, and the authority has not ended."""
    return staff.is_active and (staff.authority_until is None or on_date <= staff.authority_until)


def list_staff() -> list[StaffMember]:
    """All staff by user name."""
    return list(StaffMember.objects.order_by("username"))


def staff_by_id(public_id: str) -> StaffMember | None:
    """A member of staff by public id."""
    return StaffMember.objects.filter(public_id=public_id).first()
