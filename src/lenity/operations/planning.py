"""What the operations that agree on a plan share: the floor, the fact, the stop of contacts."""

from __future__ import annotations

from datetime import timedelta

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.servicing import affordability, relief, suggestions
from lenity.domain.servicing.relief import Preview, Request
from lenity.gateways import ids
from lenity.operations import servicing, unit
from lenity.operations.servicing import Entered, Ground
from lenity.records.arrangements import queries as arrangements
from lenity.records.debt_collection import writes as debt_writes
from lenity.records.lending import servicing_queries
from lenity.records.lending.models import Loan, LoanFact


def agree(
    work: unit.Work, base: Ground, asked: Request, shown: str, entered: Entered
) -> tuple[LoanFact, Preview]:
    """Agree on a plan as it was shown: store it, stop collection contacts. Floor and ceiling are kept."""
    made = servicing_queries.preview(base.loan, base.before, asked)
    if shown != servicing_queries.plan_digest(made.new):
        says = "The account has changed since the plan was shown."
        raise InputRefused([Problem("relief.shown", says, "Show the plan again and agree on that.")])
    keep_floor(base, made)
    forgiven = asked.amount_minor if asked.kind is relief.Kind.PRINCIPAL_REDUCTION else 0
    plan = servicing_queries.plan_text(made.new)
    fact = servicing.new_fact(base, "reschedule", entered, forgiven, plan=plan)
    stored, now = servicing.enter(work, base, fact)
    servicing.check_ceiling(base, now)
    stop_contacts(work, base.loan, stored, made)
    return stored, made


def keep_floor(base: Ground, made: Preview) -> None:
    """Refuse a plan below the floor of a household whose budget is known (HOUSE-FLOOR)."""
    budget = arrangements.budget_of(base.loan.borrower, base.today)
    if budget is None:
        return
    if budget.month.currency != base.loan.currency:
        says = f"The budget is in {budget.month.currency}, the loan in {base.loan.currency}."
        raise InputRefused([Problem("plan.floor", says, "Give the budget in the loan's currency.")])
    others = arrangements.others_minor(base.loan, base.today)
    affordability.refuse_below_floor(made.new, budget.month, others)


def stop_contacts(work: unit.Work, loan: Loan, plan: LoanFact, made: Preview) -> None:
    """No collection contact while a plan is kept: it ends with the plan's last day and its grace."""
    debt_writes.add_hold(
        public_id=ids.public_id(),
        borrower=debt_writes.lock_borrower(loan.borrower.public_id),
        loan=loan,
        kind="plan",
        opened_at=work.now,
        opened_by=work.actor[:60],
        ends_on=made.new[-1].due_date + timedelta(days=suggestions.grace_days()),
        detail={"plan": plan.public_id},
    )
