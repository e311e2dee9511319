"""The schedule of a loan: what is due on which day, from its terms.

A schedule is a value: it is never edited, only superseded by another one.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from lenity.domain.servicing import cumulative, periods, progressive
from lenity.domain.servicing.rounding import half_even, to_multiple
from lenity.domain.servicing.terms import ChargeKind, Engine, Terms


class Instalment(NamedTuple):
    """One amount due, in minor units. `balance_minor` is the principal still owed after it."""

    number: int
    due_date: date
    principal_minor: int
    interest_minor: int
    fee_minor: int
    late_fee_minor: int
    balance_minor: int

    @property
    def total_minor(self) -> int:
        """All that is due with this instalment."""
        return self.principal_minor + self.interest_minor + self.fee_minor + self.late_fee_minor


def of(terms: Terms) -> list[Instalment]:
    """The schedule of `terms`. Principal sums to the contract and the balance ends at zero.

    A down payment is an instalment of its own on the day of disbursement, without interest.
    """
    down = down_payment_minor(terms)
    ends = periods.due_dates(terms)
    engine = progressive if terms.engine is Engine.PROGRESSIVE else cumulative
    rows = engine.split(terms, terms.principal_minor - down, ends)
    made = _numbered(terms, down, ends, rows)
    return _with_charges(terms, made) if terms.charges else made


def _numbered(terms: Terms, down: int, ends: list[date], rows: list[tuple[int, int]]) -> list[Instalment]:
    balance = terms.principal_minor
    made: list[Instalment] = []
    if down:
        balance -= down
        made.append(Instalment(1, terms.disbursed_on, down, 0, 0, 0, balance))
    number = len(made)
    for end, (principal, interest) in zip(ends, rows, strict=True):
        number += 1
        balance -= principal
        made.append(Instalment(number, end, principal, interest, 0, 0, balance))
    return made


def down_payment_minor(terms: Terms) -> int:
    """The down payment, rounded to the instalment multiple where one is set."""
    if not terms.down_payment:
        return 0
    top = terms.principal_minor * terms.down_payment.numerator
    bottom = terms.down_payment.denominator
    down = half_even(top, bottom)
    if terms.instalment_multiple_minor:
        down = to_multiple(down, 1, terms.instalment_multiple_minor)
    return down


def _with_charges(terms: Terms, made: list[Instalment]) -> list[Instalment]:
    """Planned charges fall into the period of their day; one after the last day makes a row of its own."""
    fees = [[0, 0] for _ in made]
    extra: dict[date, list[int]] = {}
    for charge in terms.charges:
        slot = 1 if charge.kind is ChargeKind.LATE_FEE else 0
        if charge.due == "every_instalment":
            for place, row in enumerate(made):
                if row.due_date > terms.disbursed_on:
                    fees[place][slot] += charge.amount_minor
            continue
        day = terms.disbursed_on if isinstance(charge.due, str) else charge.due
        index = _period_of(made, day)
        if charge.due == "disbursement" and made[0].due_date > day:
            index = None
        into = fees[index] if index is not None else extra.setdefault(day, [0, 0])
        into[slot] += charge.amount_minor
    rows = [
        row._replace(fee_minor=fee, late_fee_minor=late) for row, (fee, late) in zip(made, fees, strict=True)
    ]
    for day, (fee, late) in extra.items():
        rows.append(Instalment(0, day, 0, 0, fee, late, 0))
    rows.sort(key=lambda row: row.due_date)
    return _renumbered(rows, terms.principal_minor)


def _period_of(made: list[Instalment], day: date) -> int | None:
    return next((index for index, row in enumerate(made) if day <= row.due_date), None)


def _renumbered(rows: list[Instalment], balance: int) -> list[Instalment]:
    result = []
    for number, row in enumerate(rows, start=1):
        balance -= row.principal_minor
        result.append(row._replace(number=number, balance_minor=balance))
    return result
