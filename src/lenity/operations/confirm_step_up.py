"""A fresh code is entered before something sensitive: by a borrower, or by staff with the second factor."""

from __future__ import annotations

from lenity.operations import unit
from lenity.records.people import codes, sign_in_writes

PURPOSE = "step_up"


def confirm_step_up(*, borrower_id: str, request_id: str, code: str) -> bool:
    """Whether it is the code that was sent to this borrower for this request: five tries, five minutes, once."""
    with unit.of_work(operation="confirm_step_up", actor="borrower") as work:
        row = sign_in_writes.take_try(request_id, now=work.now, most=codes.TRIES, purpose=PURPOSE)
        expected = codes.keyed(f"{request_id}|{borrower_id}", code.strip())
        right = row is not None and codes.same(row.code_hash, expected)
        confirmed = right and row is not None and sign_in_writes.use_up(row, now=work.now)
        work.record(
            subject_kind="step_up",
            subject_id=borrower_id,
            borrower_id=borrower_id,
            body={"confirmed": confirmed},
        )
        return confirmed
