"""The lender takes its loss; the borrower's debt stays as it is and payments become recoveries."""

from __future__ import annotations

from lenity.operations import servicing, unit
from lenity.operations.servicing import Entered
from lenity.records.lending.models import LoanFact


def charge_off(*, loan_id: str, key: str, reason: str, actor: str) -> LoanFact:
    """Write off what is in the books, once."""
    entered = Entered(key, reason)
    if before := servicing.entered_already(entered, "charge_off", loan_id, 0):
        return before
    with unit.of_work(operation="charge_off", actor=actor) as work:
        base = servicing.ground(loan_id)
        return servicing.enter(work, base, servicing.new_fact(base, "charge_off", entered, 0))[0]
