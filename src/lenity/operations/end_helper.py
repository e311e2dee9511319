"""Somebody may not speak for a borrower any more."""

from __future__ import annotations

from lenity.base.outcomes import InputRefused, Problem
from lenity.operations import unit
from lenity.records.arrangements import support_queries, writes
from lenity.records.arrangements.models import HelperEnd
from lenity.records.debt_collection import writes as debt_writes


def end_helper(*, borrower_id: str, helper_id: str, actor: str) -> HelperEnd:
    """End at once; only the borrower's own helper."""
    with unit.of_work(operation="end_helper", actor=actor) as work:
        borrower = debt_writes.lock_borrower(borrower_id)
        helper = support_queries.helper_of(borrower, helper_id)
        if helper is None or hasattr(helper, "end"):
            raise InputRefused([Problem("helper.unknown", "There is no such helper.")])
        end = writes.end_helper(helper, ended_at=work.now)
        work.record(
            subject_kind="helper", subject_id=helper_id, borrower_id=borrower_id, body={"ended": True}
        )
        return end
