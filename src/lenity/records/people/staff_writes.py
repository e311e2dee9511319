"""The only place that adds staff and moves their sign-in counters."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth.hashers import make_password

from lenity.records import encrypted
from lenity.records.people.models import Borrower, StaffMember, StaffReading


def add_staff(
    *,
    public_id: str,
    username: str,
    display_name: str,
    staff_number: str,
    agency: str,
    password: str,
    totp_secret: str,
    roles: list[str],
    role_reason: str,
    authority_until: date | None,
) -> StaffMember:
    """Add a member of staff; the second factor's secret is sealed."""
    return StaffMember.objects.create(
        public_id=public_id,
        username=username,
        display_name=display_name,
        staff_number=staff_number,
        agency=agency,
        password=make_password(password),
        totp_secret_sealed=encrypted.seal(
            totp_secret, table="people_staffmember", column="totp_secret", row=public_id
        ),
        roles=roles,
        role_reason=role_reason,
        authority_until=authority_until,
    )


def note_failure(staff: StaffMember, *, locked_until: datetime | None) -> None:
    """One more failed try, and until when the next one is not looked at."""
    staff.failed_tries += 1
    staff.locked_until = locked_until
    staff.save(update_fields=["failed_tries", "locked_until"])


def note_success(staff: StaffMember, *, step: int) -> bool:
    """A sign-in used the one-time step `step`; false when that step was used before."""
    used = StaffMember.objects.filter(pk=staff.pk, totp_last_step__lt=step).update(
        totp_last_step=step, failed_tries=0, locked_until=None
    )
    return used == 1


def set_active(staff: StaffMember, *, active: bool) -> None:
    """Let a member of staff in, or no more."""
    staff.is_active = active
    staff.save(update_fields=["is_active"])


def set_rights(
    staff: StaffMember, *, roles: list[str], reason: str, authority_until: date | None, active: bool
) -> None:
    """Change what a member of staff may do."""
    staff.roles, staff.role_reason = roles, reason
    staff.authority_until, staff.is_active = authority_until, active
    staff.save(update_fields=["roles", "role_reason", "authority_until", "is_active"])


def add_reading(
    *,
    staff: str,
    borrower: Borrower | None,
    kind: str,
    subject_id: str,
    reason: str,
    words: str,
    read_at: datetime,
) -> StaffReading:
    """Note who opened what; her own words are sealed."""
    sealed = words and encrypted.seal(words, table="people_staffreading", column="words", row=subject_id)
    return StaffReading.objects.create(
        staff=staff,
        borrower=borrower,
        kind=kind,
        subject_id=subject_id,
        reason=reason,
        words_sealed=sealed,
        read_at=read_at,
    )
