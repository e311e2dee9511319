"""The only place that adds staff and moves their sign-in counters."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db.models import F

from lenity.records import encrypted
from lenity.records.people.models import Borrower, StaffInvitation, StaffMember, StaffReading, StaffSession


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
    rights_by: str,
) -> StaffMember:
    """Add a member of staff; the second factor's secret is sealed."""
    return StaffMember.objects.create(
        public_id=public_id,
        username=username,
        display_name=display_name,
        staff_number=staff_number,
        agency=agency,
        password=make_password(password),
        totp_secret_sealed=_sealed(totp_secret, public_id),
        roles=roles,
        role_reason=role_reason,
        authority_until=authority_until,
        rights_by=rights_by,
    )


def add_invited(
    *,
    public_id: str,
    username: str,
    display_name: str,
    staff_number: str,
    agency: str,
    roles: list[str],
    role_reason: str,
    authority_until: date | None,
    rights_by: str,
) -> StaffMember:
    """Add somebody who has no password yet: nothing signs her in until she has set one."""
    return StaffMember.objects.create(
        public_id=public_id,
        username=username,
        display_name=display_name,
        staff_number=staff_number,
        agency=agency,
        password=make_password(None),
        roles=roles,
        role_reason=role_reason,
        authority_until=authority_until,
        rights_by=rights_by,
    )


def add_invitation(
    staff: StaffMember,
    *,
    public_id: str,
    code_hash: str,
    totp_secret: str,
    made_at: datetime,
    made_by: str,
    expires_at: datetime,
) -> StaffInvitation:
    """Invite somebody: older invitations, her password and her second factor hold no longer."""
    StaffInvitation.objects.filter(staff=staff, used_at=None, ended_at=None).update(ended_at=made_at)
    staff.password = make_password(None)
    staff.totp_secret_sealed = _sealed(totp_secret, staff.public_id)
    staff.totp_last_step, staff.failed_tries, staff.locked_until = 0, 0, None
    fields = ["password", "totp_secret_sealed", "totp_last_step", "failed_tries", "locked_until"]
    staff.save(update_fields=fields)
    return StaffInvitation.objects.create(
        public_id=public_id,
        staff=staff,
        code_hash=code_hash,
        made_at=made_at,
        made_by=made_by,
        expires_at=expires_at,
    )


def note_wrong_code(invitation: StaffInvitation) -> None:
    """One try of an invitation is gone."""
    StaffInvitation.objects.filter(pk=invitation.pk).update(tries=F("tries") + 1)


def accept(invitation: StaffInvitation, *, password: str, step: int, now: datetime) -> bool:
    """Set the password that the invited person chose; false when somebody was faster."""
    open_ones = StaffInvitation.objects.filter(pk=invitation.pk, used_at=None, ended_at=None)
    if open_ones.update(used_at=now) != 1:
        return False
    StaffMember.objects.filter(pk=invitation.staff_id).update(
        password=make_password(password), totp_last_step=step
    )
    return True


def add_session(
    staff: StaffMember,
    *,
    public_id: str,
    session_key: str,
    began_at: datetime,
    from_address: str,
    browser: str,
) -> StaffSession:
    """Note where somebody signed in."""
    return StaffSession.objects.create(
        public_id=public_id,
        staff=staff,
        session_key=session_key,
        began_at=began_at,
        from_address=from_address[:64],
        browser=browser[:80],
    )


def end_sessions(staff: StaffMember, *, public_id: str, now: datetime, ended_by: str) -> int:
    """End one session of somebody, or all when no id is given; returns how many."""
    rows = StaffSession.objects.filter(staff=staff, ended_at=None)
    if public_id:
        rows = rows.filter(public_id=public_id)
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    return rows.update(ended_at=now, ended_by=ended_by)


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
    staff: StaffMember, *, roles: list[str], reason: str, authority_until: date | None, active: bool, by: str
) -> None:
    """Change what a member of staff may do."""
    staff.roles, staff.role_reason, staff.rights_by = roles, reason, by
    staff.authority_until, staff.is_active = authority_until, active
    staff.save(update_fields=["roles", "role_reason", "rights_by", "authority_until", "is_active"])


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


def _sealed(totp_secret: str, public_id: str) -> str:
    return encrypted.seal(totp_secret, table="people_staffmember", column="totp_secret", row=public_id)
