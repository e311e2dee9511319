"""Somebody may not speak or read for a borrower any more."""

from __future__ import annotations

from lenity.base.outcomes import InputRefused, Problem
from lenity.operations import unit
from lenity.records.arrangements import helper_queries, writes
from lenity.records.debt_collection import writes as debt_writes


def end_helper(*, borrower_id: str, helper_id: str, actor: str) -> bool:
    """End at once, keys with it; only the borrower's own helper. False where it was ended before."""
    with unit.of_work(operation="end_helper", actor=actor) as work:
        borrower = debt_writes.lock_borrower(borrower_id)
        helper = helper_queries.helper_of(borrower, helper_id)
        if helper is None:
            raise InputRefused([Problem("helper.unknown", "There is no such helper.")])
        ended = not hasattr(helper, "end")
        if ended:
            writes.end_helper(helper, ended_at=work.now)
        work.record(
            subject_kind="helper", subject_id=helper_id, borrower_id=borrower_id, body={"ended": ended}
        )
        return ended
