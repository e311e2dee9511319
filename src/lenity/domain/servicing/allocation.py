"""In which order money goes to what is owed.

Default: Civil Code art. 561 (CN-CC-561): costs of realising the claim, then interest, then principal, unless
the contract says otherwise; the order of a loan is data of its agreement.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fractions import Fraction

from lenity.domain.servicing.rounding import half_even


class Component(Enum):
    """What an amount owed is made of."""

    FEE = "fee"
    LATE_FEE = "late_fee"
    LATE_INTEREST = "late_interest"
    INTEREST = "interest"
    PRINCIPAL = "principal"


CIVIL_CODE_561 = (
    Component.FEE,
    Component.LATE_FEE,
    Component.LATE_INTEREST,
    Component.INTEREST,
    Component.PRINCIPAL,
)


class Across(Enum):
    """Finish an instalment before the next one, or a component over all instalments that are due."""

    HORIZONTAL = "horizontal"
    VERTICAL = "vertical"


class Advance(Enum):
    """Where money goes that nothing due is left for: the next instalment, the last one, or all evenly."""

    NEXT = "next"
    LAST = "last"
    REAMORTISE = "reamortise"


@dataclass(frozen=True, slots=True)
class Rule:
    """How a loan's payments are allocated and what is asked for being late.

    `late_rate` is a fraction a year on overdue principal only (no interest on interest).
    """

    order: tuple[Component, ...] = CIVIL_CODE_561
    across: Across = Across.HORIZONTAL
    advance: Advance = Advance.NEXT
    late_rate: Fraction = Fraction(0)
    late_days_in_year: int = 360

    def __post_init__(self) -> None:
        if sorted(self.order, key=str) != sorted(Component, key=str):
            raise ValueError("an order names each component once")


@dataclass(slots=True)
class Item:
    """One instalment while money is allocated to it: what is owed and what is paid, minor units.

    `settled` is a note for speed: nothing is open.
    `late_minor_days` is overdue principal times days, so that late interest is rounded once on any day.
    """

    number: int
    due_date: date
    owed: dict[Component, int]
    paid: dict[Component, int] = field(default_factory=lambda: dict.fromkeys(Component, 0))
    late_minor_days: int = 0
    late_until: date | None = None
    late_forgiven: int = 0
    settled: bool = False

    def open(self, component: Component) -> int:
        """What is left of a component."""
        return self.owed[component] - self.paid[component]

    @property
    def open_minor(self) -> int:
        """All that is left."""
        return sum(self.owed.values()) - sum(self.paid.values())

    def grow_late(self, on_date: date, rule: Rule) -> None:
        """Count overdue principal up to `on_date`: from the day after the due date, each day once."""
        since = max(self.due_date, self.late_until or self.due_date)
        if rule.late_rate and on_date > since:
            self.late_minor_days += self.open(Component.PRINCIPAL) * (on_date - since).days
            self.late_until = on_date
            rate = rule.late_rate
            top = self.late_minor_days * rate.numerator
            grown = half_even(top, rate.denominator * rule.late_days_in_year)
            self.owed[Component.LATE_INTEREST] = grown - self.late_forgiven

    def forgive(self, component: Component, minor: int) -> None:
        """Ask less of a component; late interest keeps growing from what is left."""
        self.owed[component] -= minor
        if component is Component.LATE_INTEREST:
            self.late_forgiven += minor


Split = dict[Component, int]


def allocate(items: Sequence[Item], amount_minor: int, on_date: date, rule: Rule) -> tuple[Split, int]:
    """Put an amount to the items, which change; returns what went where and what is left over."""
    split: Split = {}
    left = amount_minor
    open_items = [item for item in items if not item.settled]
    due = [item for item in open_items if item.due_date <= on_date]
    for item, component in _steps(due, rule):
        left -= _pay(item, component, left, split)
        if not left:
            return split, 0
    ahead = [item for item in open_items if item.due_date > on_date]
    if rule.advance is Advance.REAMORTISE:
        left = _evenly(ahead, left, split)
    elif rule.advance is Advance.LAST:
        ahead.reverse()
    for item in ahead:
        for component in rule.order:
            left -= _pay(item, component, left, split)
        if not left:
            break
    return split, left


def _steps(due: Sequence[Item], rule: Rule) -> Iterator[tuple[Item, Component]]:
    if rule.across is Across.HORIZONTAL:
        for item in due:
            for component in rule.order:
                yield item, component
        return
    for component in rule.order:
        for item in due:
            yield item, component


def _pay(item: Item, component: Component, most: int, split: Split) -> int:
    paid = min(item.open(component), most)
    if paid > 0:
        item.paid[component] += paid
        split[component] = split.get(component, 0) + paid
        if component is Component.PRINCIPAL and not item.open_minor:
            item.settled = True
        return paid
    return 0


def _evenly(ahead: Sequence[Item], amount_minor: int, split: Split) -> int:
    """An even share of principal off each open instalment; the last takes the cents, a full one passes on."""
    left = amount_minor
    while left:
        takers = [item for item in ahead if item.open(Component.PRINCIPAL)]
        if not takers:
            break
        share = max(left // len(takers), 1)
        for index, item in enumerate(takers):
            part = left if index == len(takers) - 1 else min(share, left)
            left -= _pay(item, Component.PRINCIPAL, part, split)
            if not left:
                break
    return left


def plain(split: Mapping[Component, int]) -> dict[str, int]:
    """A split by the names of components, without zeros."""
    return {component.value: minor for component, minor in split.items() if minor}
