"""The limitation clock: until when a claim can be enforced, and what started it again.

Civil Code art. 188, 192, 195 (CN-CC-188): three years; a demand, an acknowledgement (a payment is one) and a
suit restart it. After it has run out the debtor has a defence and may not be led to give it up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from lenity.base import dates
from lenity.law import reader
from lenity.law.reader import InForce


class Restart(Enum):
    """What interrupts limitation."""

    DEMAND = "demand"
    ACKNOWLEDGEMENT = "acknowledgement"
    SUIT = "suit"


@dataclass(frozen=True, slots=True)
class Clock:
    """Where limitation stands. `ends_on` is the last day on which the claim can be enforced."""

    starts_on: date
    restarted_by: Restart | None
    ends_on: date

    def has_run_out(self, on_date: date) -> bool:
        """Whether the debtor has the defence on a day."""
        return on_date > self.ends_on


def rule(place: str, on_date: date) -> InForce | None:
    """The provision of a place that says after how many years a claim cannot be enforced, if it has one."""
    for provision in reader.rulebook(place).provisions:
        dated = provision.on(on_date)
        if dated and isinstance(dated.value, dict) and {"years", "interrupts"} <= set(dated.value):
            return InForce(provision, dated.value)
    return None


def clock(due_date: date, restarts: Iterable[tuple[date, Restart]], *, years: int, on_date: date) -> Clock:
    """The clock of a claim that fell due on `due_date`, by what happened up to `on_date`.

    Limitation that has run out is not restarted by a demand or a suit; an acknowledgement (an agreement to
    pay or a payment) revives the claim (art. 192).
    """
    current = Clock(due_date, None, dates.add_months(due_date, 12 * years))
    for day, restart in sorted(restarts, key=lambda one: (one[0], one[1].value)):
        if day < due_date or day > on_date:
            continue
        if current.has_run_out(day) and restart is not Restart.ACKNOWLEDGEMENT:
            continue
        current = Clock(day, restart, dates.add_months(day, 12 * years))
    return current
