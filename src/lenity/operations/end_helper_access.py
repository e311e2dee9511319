"""A borrower takes back what a helper may read, at once."""

from __future__ import annotations

from lenity.operations import servicing, unit
from lenity.records.intake import helper_queries, writes


def end_helper_access(*, borrower_id: str, access_id: str, actor: str) -> bool:
    """End an access of this borrower; returns whether it was still given. Twice changes nothing."""
    with unit.of_work(operation="end_helper_access", actor=actor) as work:
        found = helper_queries.access_of(borrower_id, access_id)
        access = servicing.needed(found, "helper", access_id)
        ended = writes.end_helper(access, ended_at=work.now)
        work.record(
            subject_kind="helper_access",
            subject_id=access_id,
            borrower_id=borrower_id,
            body={"ended": ended},
        )
        return ended
