"""A changed number or address takes effect once its wait is over (HOUSE-POINT)."""

from __future__ import annotations

from lenity.gateways import clock
from lenity.operations import unit
from lenity.records.debt_collection import writes as debt_writes
from lenity.records.people import point_queries, point_writes


def take_point_change(*, actor: str) -> str:
    """Take one change whose wait is over; returns its id, empty when none is left. Call it again until then.

    The point of its kind that she had is retired: no message waiting for it leaves any more.
    """
    for borrower_id, change_id in point_queries.due(clock.now()):
        with unit.of_work(operation="take_point_change", actor=actor) as work:
            borrower = debt_writes.lock_borrower(borrower_id)
            change = point_queries.change_of(borrower, change_id)
            taken = change is not None and change.effective_at is not None
            if taken and change is not None:
                own = [one for one in point_queries.own_points(borrower) if one.kind == change.kind]
                point_writes.take(change, own, at=work.now)
            work.record(
                subject_kind="point_change",
                subject_id=change_id,
                borrower_id=borrower_id,
                body={"taken": taken},
            )
        return change_id
    return ""
