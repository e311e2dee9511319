"""A concern is answered: upheld, partly or not; the borrower sees the answer, and the stop it had ends."""

from __future__ import annotations

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.debt_collection import voice
from lenity.gateways import ids
from lenity.operations import servicing, unit
from lenity.records.debt_collection import concern_queries, writes
from lenity.records.debt_collection.models import Hold, HoldEnd

ANSWERS = ("upheld", "partly_upheld", "not_upheld")


def answer_concern(*, hold_id: str, answer: str, actor: str) -> HoldEnd:
    """Answer once. What follows from it (a correction, a plan, a waiver) is an operation of its own.

    Where she is right that somebody used her name (HOUSE-IDENTITY), the stop stands on without an end.
    """
    if answer not in ANSWERS:
        raise InputRefused([Problem("concern.answer", f"It is one of: {', '.join(ANSWERS)}.")])
    with unit.of_work(operation="answer_concern", actor=actor) as work:
        hold = servicing.needed(concern_queries.concern_by_id(hold_id), "concern", hold_id)
        writes.lock_borrower(hold.borrower.public_id)
        if hasattr(hold, "end"):
            raise InputRefused([Problem("concern.answered", "It was answered already.")])
        end = writes.end_hold(hold, ended_at=work.now, reason=answer)
        lasts = _goes_on(hold, answer, actor, work)
        work.record(
            subject_kind="hold",
            subject_id=hold_id,
            borrower_id=hold.borrower.public_id,
            body={
                "answer": answer,
                "about": hold.detail["about"],
                "answer_by": hold.detail["answer_by"],
                "lasts": lasts,
            },
        )
        return end


def _goes_on(hold: Hold, answer: str, actor: str, work: unit.Work) -> str:
    """The id of the stop that stands on after the answer; empty where none does."""
    if answer != "upheld" or hold.detail["about"] not in voice.LASTING:
        return ""
    return writes.add_hold(
        public_id=ids.public_id(),
        borrower=hold.borrower,
        loan=hold.loan,
        kind=hold.kind,
        opened_at=work.now,
        opened_by=actor,
        ends_on=None,
        detail={"after": hold.public_id},
    ).public_id
