"""Which contacts to wish for under the points that a borrower has left: an exact choice, and what it left.

HOUSE-STRESS limits points in seven days over all debts. One contact may speak of several debts; so a strategy
never pays twice for what it can say once, and pays only for what is worth most.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from lenity.base.rates import PPM
from lenity.domain.debt_collection import strategy
from lenity.domain.debt_collection.contact import Past, Standing
from lenity.domain.debt_collection.rules import stress
from lenity.domain.debt_collection.rules.view import PERSON, day_start, local_day


@dataclass(frozen=True)
class Option:
    """One contact that could be wished for: what it costs in points, and what it is worth in minor units."""

    wish: strategy.Planned
    group: str
    cost: int
    value_minor: int
    alone: bool = False
    """She is likely to be back on time without it: it is never chosen."""
    cures: tuple[strategy.Cures, ...] = ()
    """What was estimated of the debts that it tells of."""


@dataclass(frozen=True)
class Choice:
    """What was chosen of one borrower's options, and what was passed over."""

    borrower_id: str
    points_before: int
    chosen: tuple[Option, ...]
    passed_over: tuple[Option, ...]

    @property
    def points_spent(self) -> int:
        """What the chosen contacts cost."""
        return sum(option.cost for option in self.chosen)


def points_left(
    value: Mapping[str, object],
    history: Iterable[Past],
    standings: Iterable[Standing],
    since: datetime,
    zones: Sequence[str],
) -> int:
    """The points of HOUSE-STRESS that are left; `since` begins the window, the borrower may have lowered it."""
    return max(0, budget(value, standings) - spent(value, history, since, zones))


def window(value: Mapping[str, object], zones: Sequence[str], at: datetime) -> datetime:
    """The instant at which the days counted at `at` begin: days of the borrower's place, as at the gate."""
    named = str(value["zone"])
    zone = named if named != PERSON else min(zones, default="UTC")
    return day_start(local_day(at, zone) - timedelta(days=_whole(value["days"]) - 1), zone)


def budget(value: Mapping[str, object], standings: Iterable[Standing]) -> int:
    """The house's points, or fewer where the borrower asked for fewer."""
    lowered = [
        int(one.value("points"))
        for one in standings
        if one.kind in _names(value["lowered_by"]) and one.value("points").isdigit()
    ]
    return min([_whole(value["budget"]), *lowered])


def spent(value: Mapping[str, object], history: Iterable[Past], since: datetime, zones: Sequence[str]) -> int:
    """The points that contacts since an instant cost, as the gate counts them: those she began left out."""
    purposes, where = _names(value["purposes"]), tuple(zones) or ("UTC",)
    return sum(
        stress.cost(value, past.channel, past.at, where) or 0
        for past in history
        if past.purpose in purposes and past.initiated_by == "lender" and past.at >= since
    )


def prices(value: Mapping[str, object]) -> Mapping[str, int]:
    """The points of a contact by channel, by day: plans are made for the day."""
    points = value["points"]
    return points if isinstance(points, Mapping) else {}


def options(
    treatment: strategy.Strategy,
    cases: Sequence[strategy.Case],
    on_date: date,
    price: Mapping[str, int],
    priced: Sequence[str],
) -> list[Option]:
    """The contacts that could be wished for, of one borrower: debts of one purpose and currency are told together.

    The words are those of the debt that is most overdue. What the law asks for (a purpose without a price)
    costs nothing. A contact can only help a debt that is not cured without it: that is what its worth is of. Where
    every debt of a contact is likely to be cured without it, it is left.
    """
    together: dict[tuple[str, str], list[tuple[strategy.Case, strategy.Step]]] = defaultdict(list)
    for case in sorted(cases, key=lambda one: (-one.days_past_due, one.loan_id)):
        for step in strategy.due_steps(treatment, case, on_date):
            together[step.purpose, case.currency].append((case, step))
    return [
        option
        for (purpose, currency), members in together.items()
        for option in _channels(treatment, f"{purpose} {currency}", members, price, purpose in priced)
    ]


def choose(borrower_id: str, offered: Sequence[Option], points: int) -> Choice:
    """The most valuable options, at most one a group, within the points: an exact knapsack.

    Of equal value the cheaper choice is taken, and of equal price the one that the strategy names first.
    """
    best: list[tuple[int, tuple[Option, ...]]] = [(0, ())] * (points + 1)
    open_to_choice = [option for option in offered if not option.alone]
    for group in dict.fromkeys(option.group for option in open_to_choice):
        members = [option for option in open_to_choice if option.group == group]
        best = [_better(best, members, room) for room in range(points + 1)]
    chosen = best[points][1]
    passed = tuple(option for option in offered if option not in chosen)
    return Choice(borrower_id, points, chosen, passed)


def _better(
    best: Sequence[tuple[int, tuple[Option, ...]]], members: Sequence[Option], room: int
) -> tuple[int, tuple[Option, ...]]:
    found = best[room]
    for option in members:
        if option.cost > room:
            continue
        before, taken = best[room - option.cost]
        tried = (before + option.value_minor, (*taken, option))
        if (tried[0], -_cost(tried[1])) > (found[0], -_cost(found[1])):
            found = tried
    return found


def _cost(chosen: Sequence[Option]) -> int:
    return sum(option.cost for option in chosen)


def _channels(
    treatment: strategy.Strategy,
    group: str,
    members: Sequence[tuple[strategy.Case, strategy.Step]],
    price: Mapping[str, int],
    has_price: bool,
) -> list[Option]:
    lead, step = members[0]
    cases = list({case.loan_id: case for case, _ in members}.values())
    loans = tuple(case.loan_id for case in cases)
    owed = sum(_not_cured_minor(case) for case in cases)
    alone = has_price and all(strategy.left_alone(treatment, case) for case in cases)
    cures = tuple(case.cures for case in cases if case.cures)
    made = []
    for wish in strategy.wishes_of(step, lead):
        cost = price.get(wish.channel, 0) if has_price else 0
        worth = owed * step.worth_ppm.get(wish.channel, 0) // PPM
        made.append(Option(replace(wish, loan_ids=loans), group, cost, max(1, worth), alone, cures))
    return made


def _not_cured_minor(case: strategy.Case) -> int:
    """What is overdue, less what is likely to be paid without a contact."""
    return case.overdue_minor * (PPM - case.cures.ppm) // PPM if case.cures else case.overdue_minor


def _names(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, Sequence) else ()


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
