"""A state that stopped collection contacts ends before its date."""

from __future__ import annotations

from lenity.base.outcomes import InputRefused, Problem
from lenity.operations import unit
from lenity.records.debt_collection import writes
from lenity.records.debt_collection.models import Hold, HoldEnd


def end_hold(*, hold_id: str, reason: str, actor: str) -> HoldEnd:
    """End a hold; its reason is kept with it."""
    with unit.of_work(operation="end_hold", actor=actor) as work:
        hold = Hold.objects.select_related("borrower").get(public_id=hold_id)
        writes.lock_borrower(hold.borrower.public_id)
        if HoldEnd.objects.filter(hold=hold).exists():
            raise InputRefused([Problem("hold", "This hold has ended already.", "Nothing is left to do.")])
        end = writes.end_hold(hold, ended_at=work.now, reason=reason)
        work.record(
            subject_kind="hold",
            subject_id=hold.public_id,
            borrower_id=hold.borrower.public_id,
            body={"ended": True, "reason": reason},
        )
        return end
