"""Where a member of staff signed in is noted, so that it can be seen and ended."""

from __future__ import annotations

from lenity.gateways import ids
from lenity.operations import servicing, unit
from lenity.records.people import sign_in_queries, staff_writes


def note_staff_session(*, staff_id: str, session_key: str, from_address: str, browser: str) -> None:
    """Note a session that has just begun."""
    with unit.of_work(operation="note_staff_session", actor=staff_id) as work:
        staff = servicing.needed(sign_in_queries.staff_by_id(staff_id), "staff", staff_id)
        noted = staff_writes.add_session(
            staff,
            public_id=ids.public_id(),
            session_key=session_key,
            began_at=work.now,
            from_address=from_address,
            browser=browser,
        )
        work.record(subject_kind="staff_session", subject_id=noted.public_id, body={"began": True})
