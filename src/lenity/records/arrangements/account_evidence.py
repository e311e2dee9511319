"""What was owed, asked, paid and let go on each loan of a borrower: amounts in minor units, by component."""

from __future__ import annotations

from datetime import date
from typing import Any

from lenity.base import dates
from lenity.domain.servicing import account as accounts
from lenity.domain.servicing.allocation import Component
from lenity.records.lending import servicing_queries
from lenity.records.lending.models import Loan, Payment

ORDER = (Component.PRINCIPAL, Component.INTEREST, Component.LATE_INTEREST, Component.FEE, Component.LATE_FEE)


def loans(borrower_id: str, on_date: date) -> list[dict[str, Any]]:
    """Each loan with its table of amounts, its payments and what else happened to it."""
    return [_loan(loan, on_date) for loan in servicing_queries.loans_of(borrower_id)]


def _loan(loan: Loan, on_date: date) -> dict[str, Any]:
    state = servicing_queries.account_on(loan, on_date)
    agreed = servicing_queries.agreed(loan)
    return {
        "id": loan.public_id,
        "account": loan.account_number,
        "product": loan.product,
        "currency": loan.currency,
        "opened_on": loan.opened_on.isoformat(),
        "limit_minor": loan.credit_limit_minor,
        "yearly_rate": str(agreed.terms.annual_rate) if agreed else "",
        "amounts": _amounts(state),
        "owed_minor": state.owed_minor,
        "overdue_minor": state.overdue_minor,
        "credit_minor": state.credit_minor,
        "days_past_due": state.days_past_due,
        "since": state.oldest_unpaid_due_date.isoformat() if state.oldest_unpaid_due_date else "",
        "payments": [_payment(row, state) for row in servicing_queries.payments(loan)],
        "events": [
            {
                "id": row.public_id,
                "on": row.on_date.isoformat(),
                "kind": row.kind,
                "component": row.component,
                "amount_minor": row.amount_minor,
                "undoes": row.reverses.public_id if row.reverses else "",
            }
            for row in servicing_queries.loan_facts(loan)
        ],
    }


def _amounts(state: accounts.Account) -> list[dict[str, Any]]:
    """A line a component: asked so far or in the plan, paid, open; principal of no instalment is open."""
    found = []
    for component in ORDER:
        asked = sum(item.owed[component] for item in state.items)
        paid = sum(item.paid[component] for item in state.items)
        if component is Component.PRINCIPAL:
            asked += state.unscheduled_minor
        overdue = sum(item.open(component) for item in state.items if item.due_date < state.on_date)
        found.append(
            {
                "component": component.value,
                "asked_minor": asked,
                "paid_minor": paid,
                "open_minor": asked - paid,
                "overdue_minor": overdue,
            }
        )
    return found


def _payment(row: Payment, state: accounts.Account) -> dict[str, Any]:
    split = state.splits.get(servicing_queries.payment_number(row.pk), {})
    return {
        "id": row.public_id,
        "value_date": row.value_date.isoformat(),
        "received_at": dates.instant_text(row.received_at),
        "amount_minor": row.amount_minor,
        "source": row.source,
        "reverses": row.reverses.public_id if row.reverses else "",
        "split": {one.value: split[one] for one in ORDER if split.get(one)},
    }
