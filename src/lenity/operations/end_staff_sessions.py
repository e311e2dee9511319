"""A member of staff is signed out, in one place or everywhere."""

from __future__ import annotations

from lenity.operations import servicing, unit
from lenity.records.people import sign_in_queries, staff_writes


def end_staff_sessions(*, staff_id: str, actor: str, session_id: str = "") -> int:
    """End one session, or all of them without an id; returns how many ended. It holds from the next request on."""
    with unit.of_work(operation="end_staff_sessions", actor=actor) as work:
        staff = servicing.needed(sign_in_queries.staff_by_id(staff_id), "staff", staff_id)
        ended = staff_writes.end_sessions(staff, public_id=session_id, now=work.now, ended_by=actor)
        work.record(subject_kind="staff", subject_id=staff_id, body={"sessions_ended": ended})
    return ended
