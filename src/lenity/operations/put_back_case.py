"""A collector puts her case back."""

from __future__ import annotations

from lenity.base.outcomes import InputRefused, Problem
from lenity.operations import servicing, unit
from lenity.records.debt_collection import desk_queries, desk_writes

HOW = ("done", "not_reached", "break")


def put_back_case(*, how: str, actor: str) -> None:
    """End the lease. A break after abuse is a reason like any other and counts against nobody."""
    if how not in HOW:
        raise InputRefused([Problem("case.how", f"It is one of: {', '.join(HOW)}.")])
    with unit.of_work(operation="put_back_case", actor=actor) as work:
        lease = servicing.needed(desk_queries.open_lease(actor, work.now), "case", "")
        desk_writes.close(lease, how=how, now=work.now)
        work.record(
            subject_kind="case",
            subject_id=lease.public_id,
            borrower_id=lease.borrower.public_id,
            body={"put_back": how},
        )
