"""A promise, a plan, a dispute, a complaint or another state that stops collection contacts begins."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import clock, ids
from lenity.operations import unit
from lenity.records.debt_collection import writes
from lenity.records.debt_collection.models import Hold
from lenity.records.lending.models import Loan

KINDS = (
    "promise",
    "plan",
    "offer_again",
    "dispute",
    "complaint",
    "hardship_review",
    "bankruptcy",
    "discharged",
    "identity_theft",
    "deceased",
    "wrong_person",
    "litigation",
    "preservation",
)
"""The last two keep everything about a person from going (HOUSE-RETAIN); a preservation stops no contact."""


def open_hold(
    *,
    borrower_id: str,
    kind: str,
    actor: str,
    loan_id: str = "",
    ends_on: date | None = None,
    detail: Mapping[str, str] | None = None,
) -> Hold:
    """Begin a state that the gate respects from this instant on; it takes the borrower's lock."""
    if kind not in KINDS:
        raise InputRefused([Problem("kind", f"{kind!r} is no hold.", f"Use one of: {', '.join(KINDS)}.")])
    with unit.of_work(operation="open_hold", actor=actor) as work:
        borrower = writes.lock_borrower(borrower_id)
        loan = Loan.objects.get(public_id=loan_id, borrower=borrower) if loan_id else None
        if ends_on is not None and ends_on < clock.business_day(borrower.jurisdiction):
            raise InputRefused(
                [Problem("ends_on", "The last day is in the past.", "Give a day from today on.")]
            )
        hold = writes.add_hold(
            public_id=ids.public_id(),
            borrower=borrower,
            loan=loan,
            kind=kind,
            opened_at=work.now,
            opened_by=actor,
            ends_on=ends_on,
            detail=detail or {},
        )
        work.record(
            subject_kind="hold",
            subject_id=hold.public_id,
            borrower_id=borrower.public_id,
            body={"kind": kind, "ends_on": ends_on.isoformat() if ends_on else None, "loan": loan_id},
        )
        return hold
