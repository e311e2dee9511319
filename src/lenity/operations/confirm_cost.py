"""A borrower opens a cost statement, and confirms it after the time it takes to read; on paper she signs it."""

from __future__ import annotations

from lenity.base import dates
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.servicing import cost_statement
from lenity.operations import servicing, unit
from lenity.records.lending import cost_queries, writes
from lenity.records.lending.models import CostStatement

STEPS = ("opened", "confirmed", "signed")


def confirm_cost(*, statement_id: str, step: str, actor: str, borrower_id: str = "") -> CostStatement:
    """Write down one step, once. A borrower's door gives her own id; `signed` is for staff with the paper in hand.

    `confirmed` is refused before the statement was opened and the seconds of HOUSE-READING have passed.
    """
    if step not in STEPS:
        raise InputRefused([Problem("cost.step", f"It is one of: {', '.join(STEPS)}.")])
    with unit.of_work(operation="confirm_cost", actor=actor) as work:
        row = servicing.needed(cost_queries.row_by_id(statement_id), "cost", statement_id)
        if borrower_id and (row.borrower.public_id != borrower_id or step == "signed"):
            raise InputRefused([Problem("cost.unknown", "There is no such statement.")])
        if step == "confirmed":
            _check_read(row, work)
        done = writes.add_cost_step(row, step=step, at=work.now, by=actor)
        work.record(
            subject_kind="cost_statement",
            subject_id=statement_id,
            borrower_id=row.borrower.public_id,
            body={"step": step, "digest": row.digest, "again": done.at != work.now},
        )
        return row


def _check_read(row: CostStatement, work: unit.Work) -> None:
    opened = next((one.at for one in row.steps.all() if one.step == "opened"), None)
    if opened is None:
        raise InputRefused(
            [Problem("cost.unread", "The statement was not opened.", "Open and read it first.")]
        )
    opens = cost_statement.opens(opened, row.read_seconds)
    if work.now < opens:
        says = f"It can be confirmed from {dates.instant_text(opens)}."
        raise InputRefused([Problem("cost.too_soon", says, "Read it, then confirm.")])
