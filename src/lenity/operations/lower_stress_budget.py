"""A borrower lowers the points that contacts with her may cost in a week, or takes that back."""

from __future__ import annotations

from collections.abc import Mapping

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import ids
from lenity.law import reader
from lenity.operations import unit
from lenity.records.debt_collection import writes as debt_writes
from lenity.records.people import queries, writes
from lenity.records.people.models import Preference

KIND = "stress_budget"
PROVISION = "HOUSE-STRESS"


def lower_stress_budget(*, borrower_id: str, points: int, actor: str) -> int:
    """Set a borrower's own points, from 0 to the house's and never above (HOUSE-STRESS); returns them.

    What stood before is revoked as a fact of its own; the house's own number means that only the house's holds.
    """
    with unit.of_work(operation="lower_stress_budget", actor=actor) as work:
        borrower = debt_writes.lock_borrower(borrower_id)
        house = int(reader.rulebook(borrower.jurisdiction).value(PROVISION, work.now.date())["budget"])
        if isinstance(points, bool) or not 0 <= points <= house:
            problem = Problem(
                "stress.points", f"Choose 0 to {house} points.", "It may be lowered, never raised."
            )
            raise InputRefused([problem])

        def add(revokes: Preference | None, detail: Mapping[str, str] | None) -> None:
            writes.add_preference(
                borrower,
                public_id=ids.public_id(),
                kind=KIND,
                recorded_at=work.now,
                recorded_by=actor,
                revokes=revokes,
                detail=detail,
            )

        for standing in queries.standing(borrower, KIND):
            add(standing, None)
        if points < house:
            add(None, {"points": str(points)})
        work.record(
            subject_kind="preference",
            subject_id=borrower.public_id,
            borrower_id=borrower.public_id,
            body={"kind": KIND, "points": points},
        )
        return points
