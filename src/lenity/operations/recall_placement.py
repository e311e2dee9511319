"""A loan is taken back from an agency; its next request is refused."""

from __future__ import annotations

from lenity.operations import servicing, unit
from lenity.records.debt_collection import placement_queries, writes


def recall_placement(*, placement_id: str, actor: str) -> None:
    """Recall a placement; a second time changes nothing."""
    found = servicing.needed(placement_queries.placement_by_id(placement_id), "placement", placement_id)
    with unit.of_work(operation="recall_placement", actor=actor) as work:
        writes.recall_placement(found, at=work.now)
        work.record(
            subject_kind="placement",
            subject_id=placement_id,
            borrower_id=found.loan.borrower.public_id,
            body={"recalled": True},
        )
