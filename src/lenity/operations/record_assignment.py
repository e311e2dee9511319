"""A claim came to the lender by assignment: nobody collects it before the notice of it went out (CN-CC-546)."""

from __future__ import annotations

from datetime import date

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import clock, ids
from lenity.operations import noticing, servicing, unit
from lenity.records.debt_collection import writes
from lenity.records.debt_collection.models import Hold
from lenity.records.lending import writes as lending

LONGEST = 80


def record_assignment(*, loan_id: str, former: str, assigned_on: date, actor: str) -> Hold:
    """Write down who assigned the claim and when, and ask the gate for the notice to the borrower.

    Until that notice has left, every collection contact about the loan is refused, whoever asks.
    """
    former = former.strip()
    with unit.of_work(operation="record_assignment", actor=actor, of_parts=True) as work:
        loan = servicing.needed(lending.lock_loan(loan_id), "loan", loan_id)
        problems = []
        if not 0 < len(former) <= LONGEST or any(ord(sign) < 32 for sign in former):
            problems.append(Problem("assignment.former", f"The former creditor has 1 to {LONGEST} signs."))
        if not loan.opened_on <= assigned_on <= clock.business_day(loan.borrower.jurisdiction):
            problems.append(Problem("assignment.on", "The day is between the loan's first day and today."))
        if writes.has_open_hold(loan, "assigned"):
            problems.append(Problem("assignment.twice", "The assignment of this loan is on record."))
        if problems:
            raise InputRefused(problems)
        hold = writes.add_hold(
            public_id=ids.public_id(),
            borrower=writes.lock_borrower(loan.borrower.public_id),
            loan=loan,
            kind="assigned",
            opened_at=work.now,
            opened_by=actor,
            ends_on=None,
            detail={"from": former, "on": assigned_on.isoformat()},
        )
        work.record(
            subject_kind="hold",
            subject_id=hold.public_id,
            borrower_id=loan.borrower.public_id,
            body={"kind": "assigned", "loan": loan_id, "on": assigned_on.isoformat()},
        )
        noticing.tell(work, [loan_id])
        return hold
