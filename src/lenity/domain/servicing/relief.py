"""New plans for a loan: relief for a borrower in trouble, prepayment, payoff. Previewed before agreed.

Pure functions of the account today: the old plan and the new one side by side, and what each side gives.
No plan asks interest on interest: arrears of interest and fees are carried, never capitalised. Interest runs
only for the days the money was used (Civil Code art. 677, CN-CC-676).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction

from lenity.base import dates
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.servicing import schedule
from lenity.domain.servicing.account import Account
from lenity.domain.servicing.allocation import Component, Item
from lenity.domain.servicing.plan import LAST_PAY_DAY, MOST_PERIODS, NEEDS, total
from lenity.domain.servicing.plan import PREPAYMENTS as PREPAYMENTS
from lenity.domain.servicing.plan import Kind as Kind
from lenity.domain.servicing.plan import Preview as Preview
from lenity.domain.servicing.plan import Request as Request
from lenity.domain.servicing.rounding import half_even
from lenity.domain.servicing.schedule import Instalment
from lenity.domain.servicing.terms import InterestPeriod, Terms, Unit, replaced


def preview(state: Account, terms: Terms, asked: Request) -> Preview:
    """The new plan beside the old. Raises `InputRefused` with what is wrong with the request."""
    check(state, asked)
    old = open_rows(state)
    forgiven = asked.amount_minor if asked.kind is Kind.PRINCIPAL_REDUCTION else 0
    rows = PLANS[asked.kind](state, terms, asked)
    rest = _principal(state) - forgiven - sum(row.principal_minor for row in rows)
    rows[-1] = replace_row(rows[-1], principal=rows[-1].principal_minor + rest)
    new = _number(rows)
    return Preview(
        asked.kind,
        old,
        new,
        forgiven,
        sum(row.interest_minor for row in old) - sum(row.interest_minor for row in new),
        sum(row.fee_minor + row.late_fee_minor for row in old)
        - sum(row.fee_minor + row.late_fee_minor for row in new),
        max(-accrued_minor(state), 0) if asked.kind in PREPAYMENTS else 0,
    )


def check(state: Account, asked: Request) -> None:
    """Refuse a request that no plan can be made for."""
    problems = []
    principal = _principal(state)
    if not state.owed_minor:
        problems.append(Problem("relief.settled", "Nothing is owed on the loan."))
    needs = NEEDS.get(asked.kind)
    if needs == "periods" and not 1 <= asked.periods <= MOST_PERIODS:
        problems.append(Problem("relief.periods", f"periods is 1 to {MOST_PERIODS}."))
    if needs == "annual_rate" and (asked.annual_rate is None or asked.annual_rate < 0):
        problems.append(Problem("relief.annual_rate", "The new rate is missing.", "It is 0 % or more."))
    if needs == "amount_minor" and not 0 < asked.amount_minor <= principal:
        says = "The amount is above zero and at most the open principal."
        problems.append(Problem("relief.amount", says, "To settle all of it, use payoff."))
    if asked.kind in (Kind.SHORTER_TERM, Kind.SMALLER_INSTALMENT):
        due = _arrears(state).total_minor + accrued_minor(state)
        if asked.amount_minor <= due or not _ahead(state):
            says = f"The amount does not reach beyond the {due} minor units due by today."
            problems.append(Problem("relief.amount", says, "Take it as a payment."))
    if not 0 <= asked.pay_day <= LAST_PAY_DAY:
        problems.append(Problem("relief.pay_day", f"The payday is a day from 1 to {LAST_PAY_DAY}."))
    if problems:
        raise InputRefused(problems)


def open_rows(state: Account) -> tuple[Instalment, ...]:
    """What is open now, as rows."""
    rows = [_open_row(item) for item in state.items if item.open_minor]
    if state.unscheduled_minor:
        rows.append(_row(state.on_date, state.unscheduled_minor, 0, 0, 0))
    return _number(rows)


def accrued_minor(state: Account) -> int:
    """Interest of the running period up to today, by days of the period, exact, less what was paid of it.

    Below zero where interest was paid ahead that is not used up: it is given back with a prepayment.
    """
    ahead = [item for item in state.items if item.due_date > state.on_date]
    if not ahead:
        return 0
    first, since = ahead[0].due_date, _period_start(state)
    days, used = (first - since).days, (state.on_date - since).days
    running = sum(item.owed[Component.INTEREST] for item in ahead if item.due_date == first)
    so_far = half_even(running * used, days) if days else 0
    return so_far - sum(item.paid[Component.INTEREST] for item in ahead)


def payoff_minor(state: Account) -> int:
    """What settles the loan today."""
    back = max(-accrued_minor(state), 0)
    return max(total(_payoff(state)) - back - state.credit_minor, 0)


def _payoff(state: Account) -> list[Instalment]:
    due = _arrears(state)
    fees = sum(item.open(Component.FEE) for item in _ahead(state))
    late_fees = sum(item.open(Component.LATE_FEE) for item in _ahead(state))
    return [
        _row(
            state.on_date,
            _principal(state),
            due.interest_minor + max(accrued_minor(state), 0),
            due.fee_minor + fees,
            due.late_fee_minor + late_fees,
        )
    ]


def _prepay(state: Account, terms: Terms, asked: Request) -> list[Instalment]:
    due, accrued = _arrears(state), accrued_minor(state)
    beyond = asked.amount_minor - due.total_minor - accrued
    owed = max(accrued, 0)
    ahead = _ahead(state)
    rest = _principal(state) - due.principal_minor - beyond
    first = replace_row(due, principal=due.principal_minor + beyond, interest=due.interest_minor + owed)
    daily = replaced(terms, interest_period=InterestPeriod.DAILY)
    if rest <= 0 or not ahead:
        return _payoff(state)
    days = [item.due_date for item in ahead]
    if asked.kind is Kind.SHORTER_TERM:
        days = _fewest(daily, rest, state.on_date, days, ahead[0].open_minor)
    return [first, *_with_fees(_spread(daily, rest, state.on_date, days), ahead)]


def _fewest(terms: Terms, principal: int, start: date, days: list[date], most: int) -> list[date]:
    """The fewest due dates on which no instalment is above what it was."""
    for count in range(1, len(days)):
        if max(row.total_minor for row in _spread(terms, principal, start, days[:count])) <= most:
            return days[:count]
    return days


def _extension(state: Account, terms: Terms, asked: Request) -> list[Instalment]:
    """Everything open moves by whole periods; the time in between costs simple interest at the loan's rate."""
    moved = [
        replace_row(_open_row(item), due=_later(item.due_date, terms, asked.periods)) for item in _open(state)
    ]
    days = (moved[0].due_date - _open(state)[0].due_date).days
    return [replace_row(moved[0], more_interest=_simple(state, terms, days)), *moved[1:]]


def _interest_pause(state: Account, terms: Terms, asked: Request) -> list[Instalment]:
    """No interest falls due with the next instalments; principal and dates stay."""
    rows = [_open_row(item) for item in state.items if item.open_minor and item.due_date < state.on_date]
    ahead = [_open_row(item) for item in state.items if item.open_minor and item.due_date >= state.on_date]
    paused = [replace_row(row, interest=0) for row in ahead[: asked.periods]]
    return rows + paused + ahead[asked.periods :]


def _re_age(state: Account, terms: Terms, asked: Request) -> list[Instalment]:
    """The loan is current again: what is overdue is spread over the instalments still to come."""
    due, ahead = _arrears(state), _ahead(state)
    if not ahead:
        return [replace_row(due, due=_later(state.on_date, terms, 1))]
    return _with_arrears([_open_row(item) for item in ahead], due)


def _re_amortise(state: Account, terms: Terms, asked: Request) -> list[Instalment]:
    """A new plan of so many periods; interest due by today is carried, without interest on it."""
    ahead = _ahead(state)
    first = ahead[0].due_date if ahead else _later(state.on_date, terms, 1)
    if asked.pay_day and terms.unit is Unit.MONTHS:
        first = dates.next_day_of_month(state.on_date, asked.pay_day)
    days = [_later(first, terms, number) for number in range(asked.periods)]
    rows = _spread(terms, _principal(state), _period_start(state) if ahead else state.on_date, days)
    carried = replace_row(_arrears(state), principal=0)
    return _with_arrears(_with_fees(rows, ahead), carried)


def _rate_cut(state: Account, terms: Terms, asked: Request) -> list[Instalment]:
    if asked.annual_rate is None or asked.annual_rate > terms.annual_rate:
        raise InputRefused([Problem("relief.annual_rate", "The new rate is above the loan's rate.")])
    return _again(state, replaced(terms, annual_rate=asked.annual_rate), _principal(state))


def _principal_reduction(state: Account, terms: Terms, asked: Request) -> list[Instalment]:
    return _again(state, terms, _principal(state) - asked.amount_minor)


def _again(state: Account, terms: Terms, principal: int) -> list[Instalment]:
    """The rest on the dates it has; overdue principal is in it, overdue interest is carried."""
    ahead = _ahead(state)
    days = [item.due_date for item in ahead] or [_later(state.on_date, terms, 1)]
    rows = _spread(terms, principal, _period_start(state) if ahead else state.on_date, days)
    return _with_arrears(_with_fees(rows, ahead), replace_row(_arrears(state), principal=0))


PLANS: dict[Kind, Callable[[Account, Terms, Request], list[Instalment]]] = {
    Kind.EXTENSION: _extension,
    Kind.RE_AGE: _re_age,
    Kind.RE_AMORTISE: _re_amortise,
    Kind.INTEREST_PAUSE: _interest_pause,
    Kind.RATE_CUT: _rate_cut,
    Kind.PRINCIPAL_REDUCTION: _principal_reduction,
    Kind.SHORTER_TERM: _prepay,
    Kind.SMALLER_INSTALMENT: _prepay,
    Kind.PAYOFF: lambda state, terms, asked: _payoff(state),
}


def _spread(terms: Terms, principal: int, start: date, days: Sequence[date]) -> list[Instalment]:
    if principal <= 0:
        return [_row(day, 0, 0, 0, 0) for day in days]
    return schedule.of(
        replaced(
            terms,
            principal_minor=principal,
            disbursed_on=start,
            instalments=len(days),
            due_dates=tuple(days),
            charges=(),
            down_payment=Fraction(0),
            principal_grace=0,
            interest_grace=0,
        )
    )


def _with_fees(rows: list[Instalment], ahead: Sequence[Item]) -> list[Instalment]:
    """Fees that were agreed stay where they fell due; with fewer rows the rest goes to the last."""
    made = list(rows)
    for place, item in enumerate(ahead):
        at = min(place, len(made) - 1)
        row = made[at]
        made[at] = row._replace(
            fee_minor=row.fee_minor + item.open(Component.FEE),
            late_fee_minor=row.late_fee_minor + item.open(Component.LATE_FEE),
        )
    return made


def _with_arrears(rows: list[Instalment], due: Instalment) -> list[Instalment]:
    """What is overdue, in even parts on top of rows; the last takes the cents."""
    count = len(rows)
    made = []
    for place, row in enumerate(rows):
        last = place == count - 1
        more = [part // count + (part % count if last else 0) for part in _parts(due)]
        parts = [old + new for old, new in zip(_parts(row), more, strict=True)]
        made.append(_row(row.due_date, *parts))
    return made


def _parts(row: Instalment) -> tuple[int, int, int, int]:
    return row.principal_minor, row.interest_minor, row.fee_minor, row.late_fee_minor


def _simple(state: Account, terms: Terms, days: int) -> int:
    top = _principal(state) * days * terms.annual_rate.numerator
    return half_even(top, terms.annual_rate.denominator * (terms.days_in_year or 365))


def _later(day: date, terms: Terms, periods: int) -> date:
    every = terms.every * periods
    if terms.unit is Unit.MONTHS:
        return dates.add_months(day, every)
    return date.fromordinal(day.toordinal() + every * (7 if terms.unit is Unit.WEEKS else 1))


def _period_start(state: Account) -> date:
    past = [item.due_date for item in state.items if item.due_date <= state.on_date]
    return max(past, default=state.started_on)


def _open(state: Account) -> list[Item]:
    return [item for item in state.items if item.open_minor]


def _ahead(state: Account) -> list[Item]:
    return [item for item in _open(state) if item.due_date > state.on_date]


def _principal(state: Account) -> int:
    return sum(item.open(Component.PRINCIPAL) for item in state.items) + state.unscheduled_minor


def _arrears(state: Account) -> Instalment:
    """All that is due by today, as one row of today."""
    due = [_open_row(item) for item in _open(state) if item.due_date <= state.on_date]
    return _row(
        state.on_date,
        sum(row.principal_minor for row in due),
        sum(row.interest_minor for row in due),
        sum(row.fee_minor for row in due),
        sum(row.late_fee_minor for row in due),
    )


def _open_row(item: Item) -> Instalment:
    """An item's open amounts; late interest stands with the interest."""
    return _row(
        item.due_date,
        item.open(Component.PRINCIPAL),
        item.open(Component.INTEREST) + item.open(Component.LATE_INTEREST),
        item.open(Component.FEE),
        item.open(Component.LATE_FEE),
    )


def _row(due: date, principal: int, interest: int, fee: int, late_fee: int) -> Instalment:
    return Instalment(0, due, principal, interest, fee, late_fee, 0)


def replace_row(
    row: Instalment,
    *,
    due: date | None = None,
    principal: int | None = None,
    interest: int | None = None,
    more_interest: int = 0,
) -> Instalment:
    """A row with some parts changed."""
    return row._replace(
        due_date=due or row.due_date,
        principal_minor=row.principal_minor if principal is None else principal,
        interest_minor=(row.interest_minor if interest is None else interest) + more_interest,
    )


def _number(rows: Sequence[Instalment]) -> tuple[Instalment, ...]:
    """Rows that ask something, numbered, each with the principal left after it."""
    kept = [row for row in rows if row.total_minor]
    left = sum(row.principal_minor for row in kept)
    made = []
    for number, row in enumerate(kept, start=1):
        left -= row.principal_minor
        made.append(row._replace(number=number, balance_minor=left))
    return tuple(made)
