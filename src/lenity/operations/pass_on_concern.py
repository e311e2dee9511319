"""A concern is passed on: to whoever answers it now, or to a senior person because it is late (HOUSE-LATE)."""

from __future__ import annotations

from lenity.base.outcomes import InputRefused, Problem
from lenity.operations import servicing, unit
from lenity.records.debt_collection import concern_queries, writes
from lenity.records.debt_collection.models import ConcernStep

KINDS = ("escalated", "assigned")
LONGEST = 300


def pass_on_concern(*, hold_id: str, kind: str, staff_id: str, reason: str, actor: str) -> ConcernStep:
    """Pass on an open concern; its borrower reads to whom and since when. The reason stays inside.

    Who takes it over may answer it. Only a senior person takes it over because it is late.
    """
    said = reason.strip()
    problems = []
    if kind not in KINDS:
        problems.append(Problem("concern.step", f"It is one of: {', '.join(KINDS)}."))
    if not 5 <= len(said) <= LONGEST:
        problems.append(Problem("concern.reason", f"Give a reason of 5 to {LONGEST} signs."))
    takers = {one.staff: one for one in concern_queries.takers()}
    if staff_id not in takers:
        problems.append(Problem("concern.taker", "Choose somebody who answers concerns."))
    elif kind == "escalated" and not takers[staff_id].is_senior:
        problems.append(Problem("concern.senior", "A late concern goes to a supervisor or manager."))
    if problems:
        raise InputRefused(problems)
    with unit.of_work(operation="pass_on_concern", actor=actor) as work:
        hold = servicing.needed(concern_queries.concern_by_id(hold_id), "concern", hold_id)
        writes.lock_borrower(hold.borrower.public_id)
        if concern_queries.concern_is_answered(hold):
            raise InputRefused([Problem("concern.answered", "It was answered already.")])
        step = writes.add_concern_step(
            hold, kind=kind, staff=staff_id, reason=said, taken_at=work.now, taken_by=actor
        )
        work.record(
            subject_kind="hold",
            subject_id=hold_id,
            borrower_id=hold.borrower.public_id,
            body={"step": kind, "staff": staff_id, "answer_by": hold.detail["answer_by"]},
        )
        return step
