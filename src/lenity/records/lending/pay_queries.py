"""What a borrower can pay today: due, in full, or a part, and where each part would go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lenity.domain.servicing import relief
from lenity.domain.servicing.account import Account, Fact, Kind
from lenity.domain.servicing.allocation import Component
from lenity.records.lending import servicing_queries
from lenity.records.lending.models import Loan


@dataclass(frozen=True)
class Parts:
    """An amount by what it is for, minor units; fees with late fees, interest with late interest."""

    principal_minor: int
    interest_minor: int
    fee_minor: int

    @property
    def total_minor(self) -> int:
        """All of it."""
        return self.principal_minor + self.interest_minor + self.fee_minor


@dataclass(frozen=True)
class PayView:
    """A loan on a day: what is due by then, what comes next, what would settle it."""

    loan: Loan
    on_date: date
    due: Parts
    overdue_minor: int
    next_due_date: date | None
    next_due_minor: int
    payoff_minor: int
    owed_minor: int


@dataclass(frozen=True)
class PartView:
    """What a payment of this amount today would do; `ahead_minor` is more than what is due."""

    amount_minor: int
    paid: Parts
    still_due_minor: int
    ahead_minor: int


def pay(loan: Loan, on_date: date) -> PayView:
    """What can be paid on a day."""
    state = servicing_queries.account_on(loan, on_date)
    ahead = [item for item in state.items if item.due_date > on_date and item.open_minor]
    return PayView(
        loan,
        on_date,
        _due(state, on_date),
        state.overdue_minor,
        ahead[0].due_date if ahead else None,
        ahead[0].open_minor if ahead else 0,
        relief.payoff_minor(state),
        state.owed_minor,
    )


def part(loan: Loan, amount_minor: int, on_date: date) -> PartView:
    """Where a payment would go, by the loan's own order of allocation."""
    known = servicing_queries.stored(loan)
    before, number = known.on(on_date), max((fact.number for fact in known.facts), default=0) + 1
    after = known.on(on_date, Fact(number, Kind.PAYMENT, on_date, amount_minor))
    then, now = _due(before, on_date), _due(after, on_date)
    paid = Parts(
        then.principal_minor - now.principal_minor,
        then.interest_minor - now.interest_minor,
        then.fee_minor - now.fee_minor,
    )
    return PartView(amount_minor, paid, now.total_minor, max(amount_minor - paid.total_minor, 0))


def _due(state: Account, on_date: date) -> Parts:
    items = [item for item in state.items if item.due_date <= on_date]
    opened = {part: sum(item.open(part) for item in items) for part in Component}
    return Parts(
        opened[Component.PRINCIPAL],
        opened[Component.INTEREST] + opened[Component.LATE_INTEREST],
        opened[Component.FEE] + opened[Component.LATE_FEE],
    )
