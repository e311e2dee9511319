"""A borrower takes quiet hours back."""

from __future__ import annotations

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import ids
from lenity.operations import unit
from lenity.records.debt_collection import writes as debt_writes
from lenity.records.people import queries, writes
from lenity.records.people.models import Preference


def end_quiet_hours(*, borrower_id: str, wish_id: str, actor: str) -> Preference:
    """Revoke one of her own standing wishes; another's is not there."""
    with unit.of_work(operation="end_quiet_hours", actor=actor) as work:
        borrower = debt_writes.lock_borrower(borrower_id)
        found = [one for one in queries.standing(borrower, "quiet_hours") if one.public_id == wish_id]
        if not found:
            raise InputRefused([Problem("wish.unknown", "There is no such wish.")])
        row = writes.add_preference(
            borrower,
            public_id=ids.public_id(),
            kind="quiet_hours",
            channel=found[0].channel,
            recorded_at=work.now,
            recorded_by=actor,
            revokes=found[0],
        )
        work.record(
            subject_kind="preference",
            subject_id=row.public_id,
            borrower_id=borrower_id,
            body={"kind": "quiet_hours", "revoked": wish_id},
        )
        return row
