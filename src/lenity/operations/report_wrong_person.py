"""The number is somebody else's: it is used no more, anywhere, and the case closes at once."""

from __future__ import annotations

from lenity.operations import servicing, unit
from lenity.records.debt_collection import desk_queries, desk_writes, writes


def report_wrong_person(*, point_id: str, actor: str) -> int:
    """Retire the number in every account, stop what waits for it; returns in how many accounts it was.

    A call of this case that waits for its outcome gets it. Regulation F asks not to speak of a debt to
    another person, GB/T 45251 to stop; the house stops at the number itself.
    """
    with unit.of_work(operation="report_wrong_person", actor=actor) as work:
        lease = servicing.needed(desk_queries.open_lease(actor, work.now), "case", "")
        borrower = writes.lock_borrower(lease.borrower.public_id)
        point = servicing.needed(desk_queries.point_of(borrower, point_id), "number", point_id)
        for call in desk_queries.open_calls(lease):
            if call.contact_point_id == point.pk:
                writes.add_outcome(
                    call, outcome="wrong_person", recorded_at=work.now, recorded_by=actor, note=""
                )
        accounts = desk_writes.quarantine(point, reason="wrong_person", now=work.now)
        desk_writes.close(lease, how="wrong_person", now=work.now)
        work.record(
            subject_kind="contact_point",
            subject_id=point.public_id,
            borrower_id=borrower.public_id,
            body={"quarantined_in": accounts},
        )
        return accounts
