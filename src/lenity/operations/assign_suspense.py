"""Money in suspense finds its loan."""

from __future__ import annotations

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import ids
from lenity.operations import servicing, unit
from lenity.records.intake import queries, writes
from lenity.records.lending import writes as lending_writes
from lenity.records.lending.models import Payment


def assign_suspense(*, entry_id: str, loan_id: str, reason: str, actor: str) -> Payment:
    """Take a movement in suspense as a payment of a loan, with the day on which the money came.

    Assigning it to the same loan again changes nothing; to another one is refused.
    """
    if not 0 < len(reason) <= 60:
        raise InputRefused([Problem("suspense.reason", "A reason has 1 to 60 signs.")])
    with unit.of_work(operation="assign_suspense", actor=actor) as work:
        base = servicing.ground(loan_id)
        entry = servicing.needed(queries.entry_by_id(entry_id), "bank entry", entry_id)
        outcome = getattr(entry, "outcome", None)
        if outcome is not None and outcome.payment is not None and outcome.payment.loan_id == base.loan.pk:
            work.record(subject_kind="bank_entry", subject_id=entry_id, body={"assigned_already": loan_id})
            return outcome.payment  # type: ignore[no-any-return]
        if outcome is not None or entry.payment_id is not None:
            raise InputRefused([Problem("suspense.done", "The money is no longer in suspense.")])
        servicing.check_amount(entry.amount_minor, entry.currency, base.loan)
        servicing.check_day(entry.value_date, base.loan, base.today)
        new = lending_writes.NewPayment(
            ids.public_id(), entry.amount_minor, entry.value_date, "suspense", entry_id
        )
        payment, now = servicing.receive(work, base, new, against="suspense")
        writes.add_outcome(
            entry,
            kind="assigned",
            payment=payment,
            reason=reason,
            decided_at=work.now,
            decided_by=actor[:60],
        )
        work.record(
            subject_kind="bank_entry",
            subject_id=entry_id,
            borrower_id=base.loan.borrower.public_id,
            body={"loan": loan_id, "payment": new.public_id, "owed_minor": now.owed_minor},
        )
        return payment
