"""Money in suspense that is no payment leaves it: it was sent back, or it was never a loan's."""

from __future__ import annotations

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.ledger.chart import Leg
from lenity.gateways import clock
from lenity.operations import servicing, unit
from lenity.records.intake import queries, writes
from lenity.records.intake.models import SuspenseOutcome
from lenity.records.ledger import writes as ledger_writes


def clear_suspense(*, entry_id: str, reason: str, actor: str) -> SuspenseOutcome:
    """Note that the movement was returned, or undone by the bank; a second time is refused."""
    if not 0 < len(reason) <= 60:
        raise InputRefused([Problem("suspense.reason", "A reason has 1 to 60 signs.")])
    with unit.of_work(operation="clear_suspense", actor=actor) as work:
        entry = servicing.needed(queries.entry_by_id(entry_id), "bank entry", entry_id)
        if hasattr(entry, "outcome") or entry.payment_id is not None:
            raise InputRefused([Problem("suspense.done", "The money is no longer in suspense.")])
        outcome = writes.add_outcome(
            entry,
            kind="returned",
            payment=None,
            reason=reason,
            decided_at=work.now,
            decided_by=actor[:60],
        )
        legs = (
            Leg("suspense", entry.currency, entry.amount_minor),
            Leg("cash", entry.currency, -entry.amount_minor),
        )
        ledger_writes.book(
            ledger_writes.Entry("suspense_cleared", clock.home_day(), "suspense_cleared", entry_id, legs),
            recorded_at=work.now,
        )
        work.record(
            subject_kind="bank_entry",
            subject_id=entry_id,
            body={"reason": reason, "amount_minor": entry.amount_minor, "currency": entry.currency},
        )
        return outcome
