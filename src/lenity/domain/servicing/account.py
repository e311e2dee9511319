"""A loan's account on a day: a pure function of its opening and its facts, replayed in order.

Facts are only added. A fact that is reversed is left out of the replay, so a reversed or backdated payment
gives exactly the account that would have been. Facts of one day are taken in a fixed order of kinds
(charges, waivers, the plan of a prepayment, payments, refunds, new plans, charge-off), then as recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import IntEnum

from lenity.domain.servicing import allocation
from lenity.domain.servicing.allocation import Component, Item, Rule, Split
from lenity.domain.servicing.schedule import Instalment


class Kind(IntEnum):
    """What can happen to a loan after it is paid out; the number is the order within one day."""

    CHARGE = 1
    WAIVER = 2
    PREPAYMENT_PLAN = 3
    PAYMENT = 4
    REFUND = 5
    RESCHEDULE = 6
    CHARGE_OFF = 7


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened on a day. `component` says what is charged or waived.

    `plan` replaces what is open; `amount_minor` is then the principal that a reschedule forgives, or the
    interest paid ahead that a prepayment plan gives back as principal.
    """

    number: int
    kind: Kind
    on_date: date
    amount_minor: int
    component: Component = Component.FEE
    reverses: int | None = None
    plan: tuple[Instalment, ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """What the account starts from: the schedule, the principal paid out, and how it came into the books.

    `unscheduled_minor` is principal that is owed and not yet in any instalment (a revolving account).
    """

    instalments: tuple[Instalment, ...]
    disbursed_on: date
    unscheduled_minor: int = 0
    source: str = "cash"

    @property
    def principal_minor(self) -> int:
        """All principal of the account."""
        return sum(row.principal_minor for row in self.instalments) + self.unscheduled_minor


class FactRefused(ValueError):
    """A fact that the account cannot have, with a code and what to do."""

    def __init__(self, code: str, says: str) -> None:
        self.code = code
        super().__init__(says)


@dataclass(slots=True)
class Account:
    """Where the account stands. Amounts in minor units; `book` is debit positive and sums to zero."""

    on_date: date
    items: list[Item]
    unscheduled_minor: int
    started_on: date
    credit_minor: int = 0
    charged_off: bool = False
    splits: dict[int, Split] = field(default_factory=dict)
    book: dict[str, int] = field(default_factory=dict)

    @property
    def owed_minor(self) -> int:
        """All that is open, due or not."""
        return sum(item.open_minor for item in self.items) + self.unscheduled_minor

    @property
    def overdue_minor(self) -> int:
        """What fell due before today and is open."""
        return sum(item.open_minor for item in self.items if item.due_date < self.on_date)

    @property
    def oldest_unpaid_due_date(self) -> date | None:
        """The due date from which the account is late."""
        days = (item.due_date for item in self.items if item.due_date < self.on_date and item.open_minor)
        return min(days, default=None)

    @property
    def days_past_due(self) -> int:
        """Days since the oldest unpaid due date; the due date itself is day 0."""
        oldest = self.oldest_unpaid_due_date
        return (self.on_date - oldest).days if oldest else 0

    def item_days_past_due(self, item: Item) -> int:
        """Days since an instalment fell due, while any of it is open."""
        return max((self.on_date - item.due_date).days, 0) if item.open_minor else 0

    def post(self, **legs: int) -> None:
        """Add to the book; the legs sum to zero."""
        if sum(legs.values()):
            raise AssertionError(f"legs do not sum to zero: {legs}")
        for code, minor in legs.items():
            self.book[code] = self.book.get(code, 0) + minor


def replay(opening: Opening, facts: Iterable[Fact], rule: Rule, on_date: date) -> Account:
    """The account at the end of `on_date`. Raises `FactRefused` where a fact cannot be."""
    known = list(facts)
    undone = {fact.reverses for fact in known if fact.reverses is not None}
    lasting = [
        fact
        for fact in known
        if fact.reverses is None and fact.number not in undone and fact.on_date <= on_date
    ]
    lasting.sort(key=lambda fact: (fact.on_date, fact.kind, fact.number))
    account = _opened(opening, on_date)
    for fact in lasting:
        _grow(account, fact.on_date, rule)
        APPLY[fact.kind](account, fact, rule)
    _grow(account, on_date, rule)
    _bill(account, on_date)
    return account


def _opened(opening: Opening, on_date: date) -> Account:
    items = [_item(row, row.number) for row in opening.instalments]
    account = Account(on_date, items, opening.unscheduled_minor, opening.disbursed_on)
    principal = opening.principal_minor
    account.post(loan_principal=principal, **{opening.source: -principal})
    fees = sum(item.owed[Component.FEE] + item.owed[Component.LATE_FEE] for item in items)
    if fees:
        account.post(fee_receivable=fees, fee_income=-fees)
    return account


def _item(row: Instalment, number: int) -> Item:
    return Item(
        number,
        row.due_date,
        {
            Component.FEE: row.fee_minor,
            Component.LATE_FEE: row.late_fee_minor,
            Component.LATE_INTEREST: 0,
            Component.INTEREST: row.interest_minor,
            Component.PRINCIPAL: row.principal_minor,
        },
    )


def _grow(account: Account, on_date: date, rule: Rule) -> None:
    if rule.late_rate:
        for item in account.items:
            if item.due_date >= on_date:
                break
            item.grow_late(on_date, rule)


def _bill(account: Account, on_date: date) -> None:
    """Interest is income when it falls due or is paid, whichever is first; late interest when it is paid."""
    if account.charged_off:
        return
    for item in account.items:
        if item.due_date <= on_date:
            billed = item.open(Component.INTEREST)
            account.post(interest_receivable=billed, interest_income=-billed)


def _charge(account: Account, fact: Fact, rule: Rule) -> None:
    """A charge goes to the first instalment due on or after its day; after the last, to one of its own."""
    item = next((one for one in account.items if one.due_date >= fact.on_date), None)
    if item is None:
        item = Item(len(account.items) + 1, fact.on_date, dict.fromkeys(Component, 0))
        account.items.append(item)
    item.owed[fact.component] += fact.amount_minor
    item.settled = False
    if not account.charged_off:
        account.post(fee_receivable=fact.amount_minor, fee_income=-fact.amount_minor)
    if account.credit_minor:
        held, account.credit_minor = account.credit_minor, 0
        account.post(customer_credit=held, cash=-held)
        _receive(account, held, fact, rule)


def _waive(account: Account, fact: Fact, rule: Rule) -> None:
    """A waiver takes from the newest open amounts of a component, so that what is oldest stays told."""
    left = fact.amount_minor
    for item in reversed(account.items):
        part = min(item.open(fact.component), left)
        item.forgive(fact.component, part)
        left -= part
        if part and not account.charged_off:
            _relieve(account, fact.component, part)
    if left:
        raise FactRefused("waiver.amount", f"Only {fact.amount_minor - left} of it is open.")


def _relieve(account: Account, component: Component, minor: int) -> None:
    if component is Component.PRINCIPAL:
        account.post(relief=minor, loan_principal=-minor)
    elif component in (Component.FEE, Component.LATE_FEE):
        account.post(relief=minor, fee_receivable=-minor)


def _pay(account: Account, fact: Fact, rule: Rule) -> None:
    _receive(account, fact.amount_minor, fact, rule)


def _receive(account: Account, amount_minor: int, fact: Fact, rule: Rule) -> None:
    split, left = allocation.allocate(account.items, amount_minor, fact.on_date, rule)
    beyond = min(left, account.unscheduled_minor)
    account.unscheduled_minor -= beyond
    if beyond:
        split[Component.PRINCIPAL] = split.get(Component.PRINCIPAL, 0) + beyond
    left -= beyond
    account.credit_minor += left
    before = account.splits.get(fact.number, {})
    account.splits[fact.number] = {
        component: split.get(component, 0) + before.get(component, 0) for component in {**split, **before}
    }
    _book_receipt(account, amount_minor, split, left)


def _book_receipt(account: Account, amount_minor: int, split: Mapping[Component, int], left: int) -> None:
    principal = split.get(Component.PRINCIPAL, 0)
    interest = split.get(Component.INTEREST, 0) + split.get(Component.LATE_INTEREST, 0)
    fees = split.get(Component.FEE, 0) + split.get(Component.LATE_FEE, 0)
    if account.charged_off:
        account.post(cash=amount_minor, recovery_income=left - amount_minor, customer_credit=-left)
        return
    account.post(
        cash=amount_minor,
        loan_principal=-principal,
        interest_income=-interest,
        fee_receivable=-fees,
        customer_credit=-left,
    )


def _refund(account: Account, fact: Fact, rule: Rule) -> None:
    if fact.amount_minor > account.credit_minor:
        raise FactRefused("refund.amount", f"Only {account.credit_minor} is there to be paid back.")
    account.credit_minor -= fact.amount_minor
    account.post(customer_credit=fact.amount_minor, cash=-fact.amount_minor)


def _prepay(account: Account, fact: Fact, rule: Rule) -> None:
    """The plan of a prepayment: interest that was paid ahead and not used up pays principal of the plan."""
    back = fact.amount_minor
    for item in account.items:
        if item.due_date > fact.on_date:
            part = min(item.paid[Component.INTEREST], back)
            item.paid[Component.INTEREST] -= part
            item.owed[Component.INTEREST] -= part
            back -= part
    _reschedule(account, replace(fact, amount_minor=0), rule)
    returned = fact.amount_minor - back
    left = returned
    for item in account.items:
        part = min(item.open(Component.PRINCIPAL), left)
        item.paid[Component.PRINCIPAL] += part
        left -= part
    account.credit_minor += left
    if not account.charged_off:
        account.post(interest_income=returned, loan_principal=left - returned, customer_credit=-left)


def _reschedule(account: Account, fact: Fact, rule: Rule) -> None:
    """What is open is closed and the plan takes its place; the last rows take a difference in principal.

    The difference arises where a payment was reversed or backdated after the plan was agreed.
    """
    principal = sum(item.open(Component.PRINCIPAL) for item in account.items) + account.unscheduled_minor
    fees = sum(item.open(Component.FEE) + item.open(Component.LATE_FEE) for item in account.items)
    for item in account.items:
        for component in Component:
            item.forgive(component, item.open(component))
    kept = [item for item in account.items if any(item.owed.values())]
    account.items = kept + [_item(row, len(kept) + row.number) for row in fact.plan]
    account.unscheduled_minor = 0
    forgiven = min(fact.amount_minor, principal)
    added = account.items[len(kept) :]
    change = principal - forgiven - sum(item.owed[Component.PRINCIPAL] for item in added)
    for item in reversed(added):
        item.late_until = fact.on_date
        part = max(change, -item.owed[Component.PRINCIPAL])
        item.owed[Component.PRINCIPAL] += part
        change -= part
    account.items.sort(key=lambda item: (item.due_date, item.number))
    fees -= sum(item.owed[Component.FEE] + item.owed[Component.LATE_FEE] for item in added)
    if not account.charged_off:
        account.post(relief=forgiven + fees, loan_principal=-forgiven, fee_receivable=-fees)


def _charge_off(account: Account, fact: Fact, rule: Rule) -> None:
    """What is in the books becomes a loss; the borrower's debt stays as it is, payments become recoveries."""
    if account.charged_off:
        raise FactRefused("charge_off.twice", "The loan is charged off already.")
    _bill(account, fact.on_date)
    codes = ("loan_principal", "interest_receivable", "fee_receivable")
    legs = {code: -account.book.get(code, 0) for code in codes}
    account.post(charge_off=-sum(legs.values()), **legs)
    account.charged_off = True


APPLY = {
    Kind.CHARGE: _charge,
    Kind.WAIVER: _waive,
    Kind.PREPAYMENT_PLAN: _prepay,
    Kind.PAYMENT: _pay,
    Kind.REFUND: _refund,
    Kind.RESCHEDULE: _reschedule,
    Kind.CHARGE_OFF: _charge_off,
}


def open_facts(facts: Sequence[Fact]) -> set[int]:
    """Numbers of the facts that still count."""
    undone = {fact.reverses for fact in facts if fact.reverses is not None}
    return {fact.number for fact in facts if fact.reverses is None} - undone


def told(account: Account) -> list[Instalment]:
    """The account as a schedule that money fills from the top: what every reader of schedules is told.

    Where money went ahead of what is open (last instalment first, evenly), the paid parts come first, so that
    the sum of payments still says which rows are paid.
    """
    items = [item for item in account.items if any(item.owed.values())]
    first_open = next((place for place, item in enumerate(items) if item.open_minor), len(items))
    if any(any(item.paid.values()) for item in items[first_open + 1 :]):
        parts = [(item, item.paid) for item in items]
        parts += [(item, {one: item.open(one) for one in Component}) for item in items]
    else:
        parts = [(item, item.owed) for item in items]
    rows: list[Instalment] = []
    for item, part in parts:
        if any(part.values()):
            fees = part[Component.FEE] + part[Component.LATE_INTEREST]
            principal, interest = part[Component.PRINCIPAL], part[Component.INTEREST]
            late_fee = part[Component.LATE_FEE]
            rows.append(Instalment(len(rows) + 1, item.due_date, principal, interest, fees, late_fee, 0))
    return rows
