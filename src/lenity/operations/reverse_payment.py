"""A payment was not money after all: it is reversed, and the account is what it would have been."""

from __future__ import annotations

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import ids
from lenity.operations import servicing, unit
from lenity.records.ledger import writes as ledger_writes
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
        loan_id = payment.loan.public_id
        loan = servicing.needed(writes.lock_loan(loan_id), "loan", loan_id)
        current = servicing.needed(servicing_queries.payment_by_id(payment_id), "payment", payment_id)
        if before := getattr(current, "reversed_by", None):
            work.record(
                subject_kind="payment",
                subject_id=payment_id,
                borrower_id=loan.borrower.public_id,
                body={"reversed_already": before.public_id},
            )
            return before  # type: ignore[no-any-return]
        today = servicing.today(loan.borrower.jurisdiction)
        public_id = ids.public_id()
        new = writes.NewPayment(
            public_id, payment.amount_minor, today, "reversal", payment.public_id, payment.pk
        )
        number = ledger_writes.next_number()
        reversal = writes.add_payment(new, loan=loan, received_at=work.now, ledger_transaction_id=number)
        now, posted = servicing.replayed(loan, today)
        legs = servicing.legs(loan, now, posted, -payment.amount_minor)
        entry = ledger_writes.Entry("payment_reversal", today, "payment", public_id, legs)
        ledger_writes.book(entry, recorded_at=work.now, number=number)
        servicing.refresh(loan, now)
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
