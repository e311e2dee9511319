"""What the operations on a loan's money share: replay, what has to be posted, and the refreshed position."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from lenity.base.money import MAX_MINOR
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.delinquency import stages
from lenity.domain.ledger.chart import Leg
from lenity.domain.servicing import account
from lenity.domain.servicing.account import Account
from lenity.gateways import clock
from lenity.records.delinquency import writes as delinquency_writes
from lenity.records.lending import servicing_queries
from lenity.records.lending.models import Loan

LOAN_ACCOUNTS = ("loan_principal", "interest_receivable", "fee_receivable", "customer_credit")
BUSINESS_ZONES = {"CN": "Asia/Shanghai", "HK": "Asia/Hong_Kong"}
"""Where the lender's day begins and ends; elsewhere the day is UTC's."""
Found = TypeVar("Found")


def today(place: str) -> date:
    """The lender's business day in a place."""
    return clock.today(BUSINESS_ZONES.get(place, "UTC"))


def needed(found: Found | None, what: str, public_id: str) -> Found:
    """The row, or a refusal that names what was looked for."""
    if found is None:
        raise InputRefused(
            [Problem(f"{what}.unknown", f"There is no {what} {public_id[:20]!r}.", "Check the id.")]
        )
    return found


def check_amount(amount_minor: int, currency: str, loan: Loan) -> None:
    """Refuse money that is no money, or of another currency than the loan's."""
    if type(amount_minor) is not int or not 0 < amount_minor <= MAX_MINOR:
        raise InputRefused([Problem("payment.amount", "The amount is not above zero.", "Give minor units.")])
    if currency != loan.currency:
        says = f"The loan is in {loan.currency}, the payment in {currency[:3]}."
        raise InputRefused([Problem("payment.currency", says, "Convert it before it is booked.")])


def check_day(value_date: date, loan: Loan, business_day: date) -> None:
    """Refuse a value date in the future or before the loan."""
    if value_date > business_day:
        raise InputRefused([Problem("payment.value_date", "The value date is in the future.")])
    if value_date < loan.opened_on:
        raise InputRefused([Problem("payment.value_date", "The value date is before the loan was paid out.")])


def replayed(loan: Loan, business_day: date) -> tuple[Account, Mapping[str, int]]:
    """The account today by its stored facts, and what the ledger says of it."""
    stored = servicing_queries.stored(loan)
    return account.replay(stored.opening, stored.facts, stored.rule, business_day), stored.posted


def legs(loan: Loan, now: Account, posted: Mapping[str, int], cash_minor: int) -> tuple[Leg, ...]:
    """The entry that brings the loan's accounts to where the replay says they are.

    `cash_minor` moved; what is left over is interest that was recognised (or taken back).
    """
    moves = {code: now.book.get(code, 0) - posted.get(code, 0) for code in LOAN_ACCOUNTS}
    made = [Leg(code, loan.currency, minor, loan.pk) for code, minor in moves.items() if minor]
    if cash_minor:
        made.append(Leg("cash", loan.currency, cash_minor))
    interest = -sum(leg.amount_minor for leg in made)
    if interest:
        made.append(Leg("interest_income", loan.currency, interest))
    return tuple(made)


def refresh(loan: Loan, now: Account) -> None:
    """What the pages show of the loan, as of now; the next close makes it anew."""
    ahead = [item for item in now.items if item.due_date >= now.on_date and item.open_minor]
    delinquency_writes.refresh_position(
        loan.pk,
        on_date=now.on_date,
        days_past_due=now.days_past_due,
        stage=stages.standard().of(now.days_past_due).code,
        oldest_unpaid_due_date=now.oldest_unpaid_due_date,
        overdue_minor=now.overdue_minor,
        next_due_date=ahead[0].due_date if ahead else None,
        next_due_minor=ahead[0].open_minor if ahead else 0,
        balance_minor=sum(now.book.get(code, 0) for code in LOAN_ACCOUNTS),
    )
