"""A concern is answered: upheld, partly or not; the borrower sees the answer, and the stop it had ends."""

from __future__ import annotations

from lenity.base.outcomes import InputRefused, Problem
from lenity.operations import servicing, unit
from lenity.records.debt_collection import concern_queries, writes
from lenity.records.debt_collection.models import HoldEnd

ANSWERS = ("upheld", "partly_upheld", "not_upheld")


def answer_concern(*, hold_id: str, answer: str, actor: str) -> HoldEnd:
    """Answer once. What follows from it (a correction, a plan, a waiver) is an operation of its own."""
    if answer not in ANSWERS:
        raise InputRefused([Problem("concern.answer", f"It is one of: {', '.join(ANSWERS)}.")])
    with unit.of_work(operation="answer_concern", actor=actor) as work:
        hold = servicing.needed(concern_queries.concern_by_id(hold_id), "concern", hold_id)
        writes.lock_borrower(hold.borrower.public_id)
        if hasattr(hold, "end"):
            raise InputRefused([Problem("concern.answered", "It was answered already.")])
        end = writes.end_hold(hold, ended_at=work.now, reason=answer)
        work.record(
            subject_kind="hold",
            subject_id=hold_id,
            borrower_id=hold.borrower.public_id,
            body={"answer": answer, "about": hold.detail["about"], "answer_by": hold.detail["answer_by"]},
        )
        return end
