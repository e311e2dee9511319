"""Something entered on a loan is undone; the account is what it would have been."""

from __future__ import annotations

from lenity.base.outcomes import InputRefused, Problem
from lenity.operations import servicing, unit
from lenity.records.debt_collection import writes as debt_writes
from lenity.records.lending import servicing_queries, writes
from lenity.records.lending.models import LoanFact

UNDONE_WITH_ITS_PAYMENT = "prepayment_plan"


def undo_fact(*, fact_id: str, reason: str, actor: str) -> LoanFact:
    """Undo a charge, waiver, refund, plan or charge-off, once; a second time changes nothing."""
    fact = servicing.needed(servicing_queries.fact_by_id(fact_id), "fact", fact_id)
    if fact.reverses_id is not None or fact.kind == UNDONE_WITH_ITS_PAYMENT:
        says = "It is undone already, or goes with its payment."
        raise InputRefused([Problem("fact.undo", says, "Enter it anew, or reverse the payment.")])
    if not 0 < len(reason) <= 60:
        raise InputRefused([Problem("fact.reason", "A reason has 1 to 60 signs.")])
    with unit.of_work(operation="undo_fact", actor=actor) as work:
        base = servicing.ground(fact.loan.public_id)
        current = servicing.needed(servicing_queries.fact_by_id(fact_id), "fact", fact_id)
        row = getattr(current, "reversed_by", None) or servicing.undone(current, work, reason=reason)
        told = servicing_queries.loan_fact(row)
        now = base.before
        if told is not None and not hasattr(current, "reversed_by"):
            cash = current.amount_minor if current.kind == "refund" else 0
            step = servicing.Step(f"{row.kind}_undone", base.today, row.public_id, (told,), cash_minor=cash)
            now = servicing.settle(work, base, step)
            debt_writes.end_holds_of_plan(fact_id, ended_at=work.now, reason=reason)
        new = writes.NewFact(
            row.public_id, f"{row.kind}_undone", base.today, reason, "reversal", fact_id, row.amount_minor
        )
        servicing.record(work, base, new, now)
        return row
