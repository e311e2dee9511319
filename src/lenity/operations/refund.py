"""Money that was paid too much goes back to the borrower."""

from __future__ import annotations

from lenity.operations import servicing, unit
from lenity.operations.servicing import Entered
from lenity.records.lending.models import LoanFact


def refund(*, loan_id: str, amount_minor: int, currency: str, key: str, reason: str, actor: str) -> LoanFact:
    """Pay back a part of the credit balance, at most what is there. The same key again changes nothing."""
    entered = Entered(key, reason)
    if before := servicing.entered_already(entered, "refund", loan_id, amount_minor):
        return before
    with unit.of_work(operation="refund", actor=actor) as work:
        base = servicing.ground(loan_id)
        servicing.check_amount(amount_minor, currency, base.loan)
        new = servicing.new_fact(base, "refund", entered, amount_minor)
        return servicing.enter(work, base, new, cash_minor=-amount_minor)[0]
