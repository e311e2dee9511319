"""A payment was not money after all: it is reversed, and the account is what it would have been."""

from __future__ import annotations

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.servicing.account import Fact
from lenity.gateways import ids
from lenity.operations import servicing, unit
from lenity.records.lending import servicing_queries, writes
from lenity.records.lending.models import Payment


def reverse_payment(*, payment_id: str, actor: str) -> Payment:
    """Reverse a payment once; later payments are allocated again as if it had never been.

    Reversing it a second time changes nothing. A reversal cannot be reversed: take the payment anew.
    """
    payment = servicing.needed(servicing_queries.payment_by_id(payment_id), "payment", payment_id)
    if payment.reverses_id is not None:
        says = "This is a reversal itself."
        raise InputRefused([Problem("payment.reversal", says, "Take the payment again under a new id.")])
    with unit.of_work(operation="reverse_payment", actor=actor) as work:
        base = servicing.ground(payment.loan.public_id)
        loan = base.loan
        current = servicing.needed(servicing_queries.payment_by_id(payment_id), "payment", payment_id)
        if before := getattr(current, "reversed_by", None):
            work.record(
                subject_kind="payment",
                subject_id=payment_id,
                borrower_id=loan.borrower.public_id,
                body={"reversed_already": before.public_id},
            )
            return before  # type: ignore[no-any-return]
        public_id = ids.public_id()
        new = writes.NewPayment(
            public_id, payment.amount_minor, base.today, "reversal", payment.public_id, payment.pk
        )
        reversal, now = servicing.receive(
            work, base, new, kind="payment_reversal", more=_plan_undone(payment, work)
        )
        work.record(
            subject_kind="payment",
            subject_id=payment_id,
            borrower_id=loan.borrower.public_id,
            body={
                "reversal": public_id,
                "loan": loan.public_id,
                "amount_minor": payment.amount_minor,
                "owed_minor": now.owed_minor,
            },
        )
        return reversal


def _plan_undone(payment: Payment, work: unit.Work) -> tuple[Fact, ...]:
    """The plan of a prepayment falls with its payment."""
    plan = servicing_queries.fact_by_source("prepayment", payment.public_id)
    if plan is None or hasattr(plan, "reversed_by"):
        return ()
    undone = servicing.undone(plan, work, reason="payment reversed")
    return tuple(filter(None, [servicing_queries.loan_fact(undone)]))
