"""A fee is asked of a borrower, and refused where the loan would cost more than it may."""

from __future__ import annotations

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.servicing import cost_statement
from lenity.operations import servicing, unit
from lenity.operations.servicing import Entered
from lenity.records.lending import cost_queries, servicing_queries
from lenity.records.lending.models import LoanFact

COMPONENTS = ("fee", "late_fee")


def charge(
    *, loan_id: str, component: str, amount_minor: int, currency: str, key: str, reason: str, actor: str
) -> LoanFact:
    """Ask a fee today: it falls due with the next instalment. The same key again changes nothing.

    A demand above the ceiling cannot be posted: the refusal names the provision and its number, which are
    those of the lender's licence on the day of the contract.
    """
    entered = Entered(key, reason)
    return servicing.once(
        lambda: servicing.entered_already(entered, "charge", loan_id, amount_minor),
        lambda: _charge(loan_id, component, amount_minor, currency, entered, actor),
    )


def _charge(
    loan_id: str, component: str, amount_minor: int, currency: str, entered: Entered, actor: str
) -> LoanFact:
    with unit.of_work(operation="charge", actor=actor) as work:
        base = servicing.ground(loan_id)
        servicing.check_amount(amount_minor, currency, base.loan)
        if component not in COMPONENTS:
            raise InputRefused([Problem("charge.component", f"It is one of: {', '.join(COMPONENTS)}.")])
        if base.before.charged_off:
            raise InputRefused([Problem("charge.charged_off", "A loan that is charged off takes no charge.")])
        agreed = servicing_queries.agreed(base.loan)
        if agreed is None:
            says = "The terms of an imported loan are not known, so its annual cost cannot be checked."
            raise InputRefused([Problem("charge.terms", says, "A charge needs terms.")])
        stated = cost_queries.stated(base.loan)
        if stated is not None and (why := cost_statement.not_stated(stated, component, amount_minor)):
            raise InputRefused([Problem("charge.not_stated", why, "Nothing else may be charged.")])
        new = servicing.new_fact(base, "charge", entered, amount_minor, component=component)
        stored, now = servicing.enter(work, base, new)
        servicing.check_ceiling(base, now)
        return stored
