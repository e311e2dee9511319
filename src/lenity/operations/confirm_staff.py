"""A member of staff enters a fresh code of her second factor before something sensitive (HOUSE-STEP-UP)."""

from __future__ import annotations

from datetime import timedelta

from lenity.operations import servicing, unit
from lenity.records.people import second_factor, sign_in_queries, staff_writes

FREE_TRIES = 3
WAIT = timedelta(minutes=1)


def confirm_staff(*, staff_id: str, code: str) -> bool:
    """Whether it is her code of this moment, which works once. After three wrong ones she waits a minute each."""
    with unit.of_work(operation="confirm_staff", actor=staff_id) as work:
        staff = servicing.needed(sign_in_queries.staff_by_id(staff_id), "staff", staff_id)
        waits = staff.locked_until is not None and work.now < staff.locked_until
        step = None if waits else second_factor.step_of(staff, code, work.now)
        confirmed = step is not None and bool(staff_writes.note_success(staff, step=step))
        if not confirmed and not waits:
            locked = work.now + WAIT if staff.failed_tries + 1 > FREE_TRIES else None
            staff_writes.note_failure(staff, locked_until=locked)
        work.record(subject_kind="staff", subject_id=staff_id, body={"confirmed": confirmed})
        return confirmed
