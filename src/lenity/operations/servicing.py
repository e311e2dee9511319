"""What the operations on a loan's money share: replay, what has to be posted, and the refreshed position."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

from django.db import IntegrityError

from lenity.base import canonical
from lenity.base.money import MAX_MINOR
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.delinquency import stages
from lenity.domain.ledger.chart import Leg
from lenity.domain.servicing import account, caps
from lenity.domain.servicing.account import Account, Fact, FactRefused, Kind
from lenity.gateways import clock, ids
from lenity.law import reader
from lenity.operations import unit
from lenity.records.delinquency import writes as delinquency_writes
from lenity.records.ledger import writes as ledger_writes
from lenity.records.lending import servicing_queries, writes
from lenity.records.lending.models import Loan, LoanFact, Payment
from lenity.records.lending.servicing_queries import Stored

LOAN_ACCOUNTS = ("loan_principal", "interest_receivable", "fee_receivable", "customer_credit")
LENDER_ACCOUNTS = ("fee_income", "relief", "charge_off", "recovery_income")
Found = TypeVar("Found")
Done = TypeVar("Done")


def today(place: str) -> date:
    """The lender's business day in a place."""
    return clock.business_day(place)


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


@dataclass(frozen=True)
class Ground:
    """A locked loan with its stored facts and where its account stands before the operation."""

    loan: Loan
    known: Stored
    today: date

    @cached_property
    def before(self) -> Account:
        """The account as it stood before the operation."""
        return self.known.on(self.today)


def ground(loan_id: str) -> Ground:
    """Lock the loan and read what the operation stands on."""
    loan = needed(writes.lock_loan(loan_id), "loan", loan_id)
    business_day = today(loan.borrower.jurisdiction)
    return Ground(loan, servicing_queries.stored(loan), business_day)


@dataclass(frozen=True)
class Step:
    """What an operation adds to a loan: facts, the money that moved, and how its entry is named."""

    kind: str
    value_date: date
    source_id: str
    facts: tuple[Fact, ...]
    cash_minor: int = 0
    number: int | None = None
    against: str = "cash"


def settle(work: unit.Work, base: Ground, step: Step) -> Account:
    """Replay with the new facts, post what changed, supersede the schedule where it reads differently.

    Returns the account as it stands now. Raises `InputRefused` where a fact cannot be.
    """
    try:
        now = base.known.on(base.today, *step.facts)
    except FactRefused as refused:
        raise InputRefused([Problem(refused.code, str(refused))]) from refused
    loan = base.loan
    made = _legs(base, now, step)
    if made:
        entry = ledger_writes.Entry(step.kind, step.value_date, step.kind, step.source_id, made)
        ledger_writes.book(entry, recorded_at=work.now, number=step.number)
    rows = [row._replace(fee_minor=row.fee_minor + row.late_fee_minor) for row in account.told(now)]
    if [row[:5] for row in rows] != [row[:5] for row in base.known.told]:
        plain = [row._replace(late_fee_minor=0) for row in rows]
        writes.supersede_schedule(
            loan, version=base.known.version + 1, rows=plain, made_on=base.today, reason=step.kind
        )
    _refresh(loan, now)
    return now


def once(known: Callable[[], Done | None], act: Callable[[], Done]) -> Done:
    """What was done under a key already, else what is done now.

    Two at once under one key may both find nothing: the second is then refused, by the key or because what the
    first did leaves nothing to do, and gets the first's result.
    """
    if before := known():
        return before
    try:
        return act()
    except (IntegrityError, InputRefused):
        if before := known():
            return before
        raise


@dataclass(frozen=True)
class Entered:
    """Why a fact is entered, and under which key it is taken once."""

    key: str
    reason: str


def entered_already(entered: Entered, kind: str, loan_id: str, amount_minor: int) -> LoanFact | None:
    """The fact that this key has told already; refused where the key told another one."""
    if not 0 < len(entered.key) <= 80 or not 0 < len(entered.reason) <= 60:
        says = "A fact needs a key of 1 to 80 signs and a reason of 1 to 60."
        raise InputRefused([Problem("fact.key", says)])
    before = servicing_queries.fact_by_source("entered", entered.key)
    if before and (before.kind, before.loan.public_id, before.amount_minor) != (kind, loan_id, amount_minor):
        says = "Something else was entered under this key."
        raise InputRefused([Problem("fact.key", says, "Give each fact its own key.")])
    return before


def enter(
    work: unit.Work, base: Ground, new: writes.NewFact, cash_minor: int = 0
) -> tuple[LoanFact, Account]:
    """Store a fact of today, settle the account by it and record the event."""
    stored = writes.add_fact(new, loan=base.loan, recorded_at=work.now)
    fact = servicing_queries.loan_fact(stored)
    now = base.before
    if fact is not None:
        now = settle(work, base, Step(new.kind, new.on_date, new.public_id, (fact,), cash_minor))
    record(work, base, new, now)
    return stored, now


def record(work: unit.Work, base: Ground, new: writes.NewFact, now: Account) -> None:
    """The audit event of a fact: what it was, and what is owed after it."""
    work.record(
        subject_kind="loan",
        subject_id=base.loan.public_id,
        borrower_id=base.loan.borrower.public_id,
        body={
            "fact": new.public_id,
            "kind": new.kind,
            "reason": new.reason,
            "amount_minor": new.amount_minor,
            "plan": canonical.digest(new.plan) if new.plan else "",
            "owed_before_minor": base.before.owed_minor,
            "owed_minor": now.owed_minor,
        },
    )


def new_fact(
    base: Ground, kind: str, entered: Entered, amount_minor: int, *, component: str = "", plan: str = ""
) -> writes.NewFact:
    """A fact of today as it was entered."""
    return writes.NewFact(
        ids.public_id(),
        kind,
        base.today,
        entered.reason,
        "entered",
        entered.key,
        amount_minor,
        component,
        plan,
    )


def own_rate(loan: Loan) -> Fraction | None:
    """The yearly rate that was agreed; none for a loan that came with an imported book."""
    agreed = servicing_queries.agreed(loan)
    return agreed.terms.annual_rate if agreed else None


def check_ceiling(base: Ground, now: Account) -> None:
    """Refuse what would make a loan cost more than it may; the terms of an imported loan are not known."""
    agreed = servicing_queries.agreed(base.loan)
    if agreed is None:
        return
    place = base.loan.borrower.jurisdiction
    ceiling = caps.cap(reader.rulebook(place), place, agreed.licence, base.loan.opened_on)
    if over := caps.above(agreed.terms, ceiling, account.told(now)):
        raise InputRefused([Problem("demand.ceiling", str(over), "Ask less, or nothing.")])


def undone(fact: LoanFact, work: unit.Work, *, reason: str) -> LoanFact:
    """Add the row that undoes a fact, as of the fact's own day."""
    new = writes.NewFact(
        ids.public_id(),
        fact.kind,
        fact.on_date,
        reason,
        "reversal",
        fact.public_id,
        fact.amount_minor,
        fact.component,
        reverses_id=fact.pk,
    )
    return writes.add_fact(new, loan=fact.loan, recorded_at=work.now)


def plan_undone(payment: Payment, work: unit.Work) -> tuple[Fact, ...]:
    """The plan of a prepayment falls with its payment."""
    plan = servicing_queries.fact_by_source("prepayment", payment.public_id)
    if plan is None or hasattr(plan, "reversed_by"):
        return ()
    row = undone(plan, work, reason="payment reversed")
    return tuple(filter(None, [servicing_queries.loan_fact(row)]))


def receive(
    work: unit.Work,
    base: Ground,
    new: writes.NewPayment,
    *,
    kind: str = "payment",
    against: str = "cash",
    more: tuple[Fact, ...] = (),
) -> tuple[Payment, Account]:
    """Store money (or the reversal of it), settle the account by it and by `more` facts."""
    number = ledger_writes.next_number()
    payment = writes.add_payment(new, loan=base.loan, received_at=work.now, ledger_transaction_id=number)
    facts = (*more, servicing_queries.payment_fact(payment))
    cash = new.amount_minor if new.reverses_id is None else -new.amount_minor
    step = Step(kind, new.value_date, new.public_id, facts, cash, number, against)
    return payment, settle(work, base, step)


def take_back(
    work: unit.Work, base: Ground, payment_id: str, *, otherwise: str, against: str = "cash"
) -> tuple[Payment, Account]:
    """Reverse a payment, once; later ones are allocated again as if it had never been.

    `otherwise` is what to do where it is reversed already.
    """
    payment = needed(servicing_queries.payment_by_id(payment_id), "payment", payment_id)
    if payment.reverses_id is not None or hasattr(payment, "reversed_by"):
        raise InputRefused([Problem("payment.reversal", "This payment is reversed already.", otherwise)])
    new = writes.NewPayment(
        ids.public_id(), payment.amount_minor, base.today, "reversal", payment_id, payment.pk
    )
    undone_plan = plan_undone(payment, work)
    return receive(work, base, new, kind="payment_reversal", against=against, more=undone_plan)


def _legs(base: Ground, now: Account, step: Step) -> tuple[Leg, ...]:
    """The entry that brings the books to where the replay says they are.

    The loan's own accounts go from what is posted, the lender's from what the operation changes, cash by what
    moved. What is left over is interest that was recognised (or taken back): it was due or paid meanwhile.
    """
    loan = base.loan
    moves = {code: now.book.get(code, 0) - base.known.posted.get(code, 0) for code in LOAN_ACCOUNTS}
    made = [Leg(code, loan.currency, minor, loan.pk) for code, minor in moves.items() if minor]
    only_payments = all(fact.kind is Kind.PAYMENT for fact in (*base.known.facts, *step.facts))
    for code in () if only_payments else LENDER_ACCOUNTS:
        if change := now.book.get(code, 0) - base.before.book.get(code, 0):
            made.append(Leg(code, loan.currency, change))
    if step.cash_minor:
        made.append(Leg(step.against, loan.currency, step.cash_minor))
    interest = -sum(leg.amount_minor for leg in made)
    if interest:
        made.append(Leg("interest_income", loan.currency, interest))
    return tuple(made)


def _refresh(loan: Loan, now: Account) -> None:
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
