"""A loan for a benchmark: its cost stated, signed on paper, then paid out."""

from __future__ import annotations

from lenity.domain.servicing.terms import Terms
from lenity.operations.confirm_cost import confirm_cost
from lenity.operations.disburse import disburse
from lenity.operations.show_cost import show_cost
from lenity.records.lending.servicing_queries import LoanRow


def pay_out(*, borrower_id: str, account_number: str, product: str, terms: Terms, actor: str) -> LoanRow:
    """Pay out a loan as a branch does: with the signed statement in hand."""
    shown = show_cost(borrower_id=borrower_id, terms=terms, actor=actor)
    confirm_cost(statement_id=shown.public_id, step="signed", actor=actor)
    return disburse(
        borrower_id=borrower_id,
        account_number=account_number,
        product=product,
        terms=terms,
        actor=actor,
        cost=shown.public_id,
    )
