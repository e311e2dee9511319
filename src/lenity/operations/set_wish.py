"""A borrower switches a wish on or off: stop all contacts, or no word of a debt where others may look."""

from __future__ import annotations

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import ids
from lenity.operations import unit
from lenity.records.debt_collection import writes as debt_writes
from lenity.records.people import queries, writes

WISHES = ("cease", "neutral")


def set_wish(*, borrower_id: str, wish: str, on: bool, actor: str) -> bool:
    """Switch a wish; returns whether anything changed. The gate keeps to it from this instant on.

    Switching off is a fact of its own that revokes the one before; nothing is deleted.
    """
    if wish not in WISHES:
        raise InputRefused([Problem("wish", f"It is one of: {', '.join(WISHES)}.")])
    with unit.of_work(operation="set_wish", actor=actor) as work:
        borrower = debt_writes.lock_borrower(borrower_id)
        standing = queries.standing(borrower, wish)
        changed = bool(standing) != on
        for revoked in standing if not on else [None] if changed else []:
            writes.add_preference(
                borrower,
                public_id=ids.public_id(),
                kind=wish,
                recorded_at=work.now,
                recorded_by=actor,
                revokes=revoked,
            )
        work.record(
            subject_kind="preference",
            subject_id=borrower_id,
            borrower_id=borrower_id,
            body={"kind": wish, "on": on, "changed": changed},
        )
        return changed
