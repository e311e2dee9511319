"""A borrower promises to pay an amount by a day: no reminder until then, and the close says whether it was kept."""

from __future__ import annotations

from datetime import date, timedelta

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import ids
from lenity.operations import servicing, unit
from lenity.records.arrangements import queries
from lenity.records.debt_collection import concern_queries, writes
from lenity.records.debt_collection.models import Hold


def record_promise(
    *, loan_id: str, amount_minor: int, on_date: date, actor: str, borrower_id: str = ""
) -> Hold:
    """Record a promise of an amount that is owed, at most the days of HOUSE-TALK ahead, one at a time."""
    with unit.of_work(operation="record_promise", actor=actor) as work:
        base = servicing.ground(loan_id)
        loan = base.loan
        if borrower_id and loan.borrower.public_id != borrower_id:
            raise InputRefused([Problem("loan.unknown", "There is no such loan.")])
        last = base.today + timedelta(
            days=queries.days(loan.borrower.jurisdiction, base.today)["promise_at_most"]
        )
        problems = []
        if not 0 < amount_minor <= base.before.owed_minor:
            problems.append(Problem("promise.amount", "The amount is above zero and at most what is owed."))
        if not base.today <= on_date <= last:
            problems.append(Problem("promise.day", f"The day is from today to {last.isoformat()}."))
        if concern_queries.open_promise(loan, base.today):
            problems.append(Problem("promise.open", "A promise is open already.", "Wait for its day."))
        if problems:
            raise InputRefused(problems)
        hold = writes.add_hold(
            public_id=ids.public_id(),
            borrower=writes.lock_borrower(loan.borrower.public_id),
            loan=loan,
            kind="promise",
            opened_at=work.now,
            opened_by=actor,
            ends_on=on_date,
            detail={"promised_minor": str(amount_minor), "since": base.today.isoformat()},
        )
        work.record(
            subject_kind="hold",
            subject_id=hold.public_id,
            borrower_id=loan.borrower.public_id,
            body={
                "kind": "promise",
                "amount_minor": amount_minor,
                "on": on_date.isoformat(),
                "loan": loan_id,
            },
        )
        return hold
