"""A change of a number or address is stopped before it takes effect: by her, at any time, without a code."""

from __future__ import annotations

from lenity.operations import unit
from lenity.records.debt_collection import writes as debt_writes
from lenity.records.people import point_queries, point_writes


def stop_point_change(*, borrower_id: str, change_id: str, actor: str) -> bool:
    """Stop her own open change; false where it is open no more. What she had stays as it is."""
    with unit.of_work(operation="stop_point_change", actor=actor) as work:
        borrower = debt_writes.lock_borrower(borrower_id)
        change = point_queries.change_of(borrower, change_id)
        if change is not None:
            point_writes.end(change, "stopped", at=work.now)
        work.record(
            subject_kind="point_change",
            subject_id=change_id[:20],
            borrower_id=borrower_id,
            body={"stopped": change is not None},
        )
        return change is not None
