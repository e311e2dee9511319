"""A borrower says that something is wrong, or that she cannot pay: contacts stop and a clock starts."""

from __future__ import annotations

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.debt_collection import voice
from lenity.gateways import clock, ids
from lenity.law import reader
from lenity.operations import unit
from lenity.records.debt_collection import concern_queries, writes
from lenity.records.debt_collection.models import Hold
from lenity.records.lending.models import Loan


def raise_concern(*, borrower_id: str, about: str, loan_id: str = "", actor: str) -> Hold:
    """Begin a dispute, a complaint or a review. The same concern again, while open, changes nothing."""
    if about not in voice.KINDS:
        raise InputRefused([Problem("concern.about", f"It is one of: {', '.join(voice.KINDS)}.")])
    with unit.of_work(operation="raise_concern", actor=actor) as work:
        borrower = writes.lock_borrower(borrower_id)
        loan = Loan.objects.get(public_id=loan_id, borrower=borrower) if loan_id else None
        known = concern_queries.open_concern(borrower, loan, about)
        place = borrower.jurisdiction
        answer_by = voice.answer_by(about, clock.business_day(place), reader.rulebook(place))
        hold = known or writes.add_hold(
            public_id=ids.public_id(),
            borrower=borrower,
            loan=loan,
            kind=voice.KINDS[about],
            opened_at=work.now,
            opened_by=actor,
            ends_on=None,
            detail={"about": about, "answer_by": answer_by.isoformat()},
        )
        work.record(
            subject_kind="hold",
            subject_id=hold.public_id,
            borrower_id=borrower_id,
            body={
                "about": about,
                "loan": loan_id,
                "answer_by": hold.detail["answer_by"],
                "again": bool(known),
            },
        )
        return hold
