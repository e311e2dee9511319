"""Money arrives for a loan: booked once, allocated exactly, whatever order it arrives in."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.servicing import allocation
from lenity.gateways import ids
from lenity.operations import servicing, unit
from lenity.records.lending import servicing_queries, writes
from lenity.records.lending.models import Payment


def take_payment(
    *,
    loan_id: str,
    amount_minor: int,
    currency: str,
    value_date: date,
    source: str,
    source_id: str,
    actor: str,
) -> Payment:
    """Take a payment with its value date, today or in the past.

    `source` and `source_id` name it once and for all: the same payment again changes nothing and returns the
    first; another one under that name is refused. Raises `InputRefused`.
    """
    if not source_id or len(source_id) > 80 or not source or len(source) > 40:
        raise InputRefused([Problem("payment.source", "A payment needs a source and its id there.")])
    again = (loan_id, amount_minor, value_date)
    new = writes.NewPayment(ids.public_id(), amount_minor, value_date, source, source_id)
    try:
        return _take(new, loan_id, currency, actor)
    except IntegrityError:
        if before := servicing_queries.payment_by_source(source, source_id):
            return _same(before, again)
        raise


def _take(new: writes.NewPayment, loan_id: str, currency: str, actor: str) -> Payment:
    with unit.of_work(operation="take_payment", actor=actor) as work:
        base = servicing.ground(loan_id)
        loan = base.loan
        servicing.check_amount(new.amount_minor, currency, loan)
        servicing.check_day(new.value_date, loan, base.today)
        payment, now = servicing.receive(work, base, new)
        work.record(
            subject_kind="payment",
            subject_id=new.public_id,
            borrower_id=loan.borrower.public_id,
            body={
                "loan": loan.public_id,
                "amount_minor": new.amount_minor,
                "currency": loan.currency,
                "value_date": new.value_date.isoformat(),
                "allocated": allocation.plain(now.splits[servicing_queries.payment_number(payment.pk)]),
                "credit_minor": now.credit_minor,
            },
        )
        return payment


def _same(before: Payment, again: tuple[str, int, date]) -> Payment:
    if (before.loan.public_id, before.amount_minor, before.value_date) != again:
        says = "Another payment came under this source and id."
        raise InputRefused([Problem("payment.idempotency", says, "Give each payment its own id.")])
    return before
