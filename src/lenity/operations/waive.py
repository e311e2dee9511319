"""The lender lets go of a part of what is owed."""

from __future__ import annotations

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.servicing.allocation import Component
from lenity.operations import servicing, unit
from lenity.operations.servicing import Entered
from lenity.records.lending.models import LoanFact


def waive(
    *, loan_id: str, component: str, amount_minor: int, currency: str, key: str, reason: str, actor: str
) -> LoanFact:
    """Waive interest, late interest, fees or principal; the newest open amounts of it go first."""
    entered = Entered(key, reason)
    if before := servicing.entered_already(entered, "waiver", loan_id, amount_minor):
        return before
    with unit.of_work(operation="waive", actor=actor) as work:
        base = servicing.ground(loan_id)
        servicing.check_amount(amount_minor, currency, base.loan)
        names = [one.value for one in Component]
        if component not in names:
            raise InputRefused([Problem("waiver.component", f"It is one of: {', '.join(names)}.")])
        new = servicing.new_fact(base, "waiver", entered, amount_minor, component=component)
        return servicing.enter(work, base, new)[0]
