"""A borrower and the lender agree on a new plan; what was shown is what is agreed."""

from __future__ import annotations

from datetime import timedelta

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.servicing import relief, suggestions
from lenity.domain.servicing.relief import Preview, Request
from lenity.gateways import ids
from lenity.operations import servicing, unit
from lenity.operations.servicing import Entered, Ground
from lenity.records.debt_collection import writes as debt_writes
from lenity.records.lending import servicing_queries
from lenity.records.lending.models import LoanFact


def agree_plan(*, loan_id: str, asked: Request, shown: str, key: str, actor: str) -> LoanFact:
    """Agree on relief as of today, and stop collection contacts. The same key again changes nothing.

    `shown` is the digest of the preview that the borrower saw: where the account has moved since, nothing is
    agreed and the preview has to be shown again. A plan above the ceiling on the annual cost is refused.
    """
    entered = Entered(key, asked.kind.value)
    forgiven = asked.amount_minor if asked.kind is relief.Kind.PRINCIPAL_REDUCTION else 0
    if before := servicing.entered_already(entered, "reschedule", loan_id, forgiven):
        return before
    if asked.kind in relief.PREPAYMENTS:
        raise InputRefused(
            [Problem("relief.kind", "A prepayment is agreed with its money.", "Prepay instead.")]
        )
    with unit.of_work(operation="agree_plan", actor=actor) as work:
        base = servicing.ground(loan_id)
        made = servicing_queries.preview(base.loan, base.before, asked)
        if shown != servicing_queries.plan_digest(made.new):
            says = "The account has changed since the plan was shown."
            raise InputRefused([Problem("relief.shown", says, "Show the plan again and agree on that.")])
        plan = servicing_queries.plan_text(made.new)
        stored, now = servicing.enter(
            work, base, servicing.new_fact(base, "reschedule", entered, forgiven, plan=plan)
        )
        servicing.check_ceiling(base, now)
        _stop_contacts(work, base, stored, made)
        return stored


def _stop_contacts(work: unit.Work, base: Ground, plan: LoanFact, made: Preview) -> None:
    """No collection contact while a plan is kept: it ends with the plan's last day and its grace."""
    debt_writes.add_hold(
        public_id=ids.public_id(),
        borrower=debt_writes.lock_borrower(base.loan.borrower.public_id),
        loan=base.loan,
        kind="plan",
        opened_at=work.now,
        opened_by=work.actor[:60],
        ends_on=made.new[-1].due_date + timedelta(days=suggestions.grace_days()),
        detail={"plan": plan.public_id},
    )
