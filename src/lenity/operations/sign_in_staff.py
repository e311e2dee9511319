"""A member of staff signs in: password, then a one-time code of the second factor."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password

from lenity.gateways import clock
from lenity.operations import unit
from lenity.records.people import second_factor, sign_in_queries, staff_writes
from lenity.records.people.models import StaffMember

FREE_TRIES = 3
LONGEST_WAIT = timedelta(minutes=5)


def sign_in_staff(*, username: str, password: str, code: str) -> StaffMember | None:
    """The member of staff, or None: whatever was wrong, the answer is the same, and takes as long.

    After three failures each further one makes the account wait, at most five minutes, so that a stranger
    can slow it down but not lock it. A one-time code works once (RFC 6238, 5.2).
    """
    staff = sign_in_queries.staff_by_name(username)
    with unit.of_work(operation="sign_in_staff", actor=staff.public_id if staff else "unknown") as work:
        signed_in = _check(staff, password, code, work.now)
        work.record(
            subject_kind="staff",
            subject_id=staff.public_id if staff else "unknown",
            body={"signed_in": signed_in is not None},
        )
        return signed_in


def _check(staff: StaffMember | None, password: str, code: str, now: datetime) -> StaffMember | None:
    if staff is None:
        make_password(password)
        return None
    if staff.locked_until is not None and now < staff.locked_until:
        make_password(password)
        return None
    right = check_password(password, staff.password)
    step = second_factor.step_of(staff, code, now)
    allowed = sign_in_queries.may_work(staff, clock.home_day())
    if right and allowed and step is not None and staff_writes.note_success(staff, step=step):
        return staff
    staff_writes.note_failure(staff, locked_until=_wait(staff.failed_tries + 1, now))
    return None


def _wait(failures: int, now: datetime) -> datetime | None:
    if failures < FREE_TRIES:
        return None
    return now + min(timedelta(seconds=2 ** min(failures - FREE_TRIES + 1, 9)), LONGEST_WAIT)
