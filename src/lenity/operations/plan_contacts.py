"""A strategy spends its points: what it wishes for after a close, and what it leaves, is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lenity.domain.debt_collection import spending, strategy
from lenity.gateways import ids
from lenity.operations import unit
from lenity.records.debt_collection import strategy_queries, voice_writes


@dataclass(frozen=True)
class Plan:
    """The wishes, and what they spend of the points of all borrowers concerned."""

    wishes: tuple[strategy.Planned, ...]
    borrowers: int
    points_before: int
    points_spent: int
    passed_over: int
    left_alone: int
    """Borrowers with a contact that was left because she is likely to be back on time without it."""
    cure_model: str

    @property
    def points_left(self) -> int:
        """What was not spent."""
        return self.points_before - self.points_spent


def plan_contacts(*, treatment: strategy.Strategy, on_date: date, actor: str) -> Plan:
    """Choose contacts for every late borrower under her points left; the gate still decides on each.

    Asked again for the same day and strategy, it chooses by what has happened since, and the first choice stays
    on record.
    """
    with unit.of_work(operation="plan_contacts", actor=actor) as work:
        choices = strategy_queries.choices(treatment, on_date, work.now)
        voice_writes.add_spendings(
            choices,
            strategy_name=f"{treatment.name} {treatment.version}",
            digest=treatment.digest,
            on_date=on_date,
            planned_at=work.now,
        )
        made = Plan(
            tuple(option.wish for one in choices for option in one.chosen),
            len(choices),
            sum(one.points_before for one in choices),
            sum(one.points_spent for one in choices),
            sum(len(_not_taken(one)) for one in choices),
            sum(any(option.alone for option in one.passed_over) for one in choices),
            next((cures.model for one in choices for cures in _cures(one)), ""),
        )
        work.record(
            subject_kind="contact_plan", subject_id=ids.public_id(), body=_said(made, treatment, on_date)
        )
        return made


def _not_taken(one: spending.Choice) -> set[str]:
    """Groups of which nothing was chosen for want of points."""
    passed = {option.group for option in one.passed_over if not option.alone}
    return passed - {option.group for option in one.chosen}


def _cures(one: spending.Choice) -> tuple[strategy.Cures, ...]:
    return tuple(cures for option in (*one.chosen, *one.passed_over) for cures in option.cures)


def _said(made: Plan, treatment: strategy.Strategy, on_date: date) -> Mapping[str, object]:
    return {
        "strategy": treatment.digest,
        "on_date": on_date.isoformat(),
        "wishes": len(made.wishes),
        "borrowers": made.borrowers,
        "points_before": made.points_before,
        "points_spent": made.points_spent,
        "passed_over": made.passed_over,
        "left_alone": made.left_alone,
        "cure_model": made.cure_model,
    }
