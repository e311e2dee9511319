"""An invited person shows her code, and may then set her password and second factor."""

from __future__ import annotations

from lenity.gateways import ids
from lenity.operations import unit
from lenity.records.people import codes, staff_queries, staff_writes


def open_invitation(*, username: str, code: str) -> str:
    """The invitation's id; empty when the name, the code or the time is wrong, and the answer says no more.

    Five wrong codes end an invitation: its code has 50 bits.
    """
    with unit.of_work(operation="open_invitation", actor="unknown") as work:
        found = staff_queries.invitation_for(username)
        given = codes.keyed(found.public_id if found else ids.public_id(), code.strip().upper())
        right = found is not None and codes.same(given, found.code_hash)
        opened = found is not None and right and staff_queries.living(found, work.now)
        if found is not None and not opened:
            staff_writes.note_wrong_code(found)
        work.record(
            subject_kind="invitation",
            subject_id=found.public_id if found else "unknown",
            body={"opened": opened},
        )
    return found.public_id if found is not None and opened else ""
