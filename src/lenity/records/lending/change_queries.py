"""What a change of money that needs two people would do, in full: this is what both of them agree on."""

from __future__ import annotations

from datetime import date

from lenity.base.outcomes import InputRefused, Problem
from lenity.records.lending import servicing_queries
from lenity.records.lending.models import Loan


def content(loan: Loan, kind: str, amount_minor: int, on_date: date) -> dict[str, object]:
    """A write-off takes all that is owed on the day; a refund at most the credit balance."""
    state = servicing_queries.account_on(loan, on_date)
    if kind == "write_off":
        if state.charged_off or state.owed_minor <= 0:
            raise InputRefused([Problem("change.nothing", "Nothing is left to write off.")])
        amount_minor = state.owed_minor
    elif not 0 < amount_minor <= state.credit_minor:
        raise InputRefused([Problem("change.credit", "A refund is above zero and at most the credit.")])
    return {"loan": loan.public_id, "amount_minor": amount_minor, "currency": loan.currency}
