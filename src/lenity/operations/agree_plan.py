"""A borrower and the lender agree on a new plan; what was shown is what is agreed."""

from __future__ import annotations

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.servicing import relief
from lenity.domain.servicing.relief import Request
from lenity.operations import planning, servicing, unit
from lenity.operations.servicing import Entered
from lenity.records.lending.models import LoanFact


def agree_plan(*, loan_id: str, asked: Request, shown: str, key: str, actor: str) -> LoanFact:
    """Agree on relief as of today, and stop collection contacts. The same key again changes nothing.

    `shown` is the digest of the preview that the borrower saw: where the account has moved since, nothing is
    agreed and the preview has to be shown again. A plan above the ceiling on the annual cost, or below the
    floor of a household whose budget is known, is refused.
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
        stored, _ = planning.agree(work, servicing.ground(loan_id), asked, shown, entered)
        return stored
