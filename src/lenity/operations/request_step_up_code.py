"""A borrower is about to change something sensitive: a fresh code goes to her own number (HOUSE-STEP-UP)."""

from __future__ import annotations

from lenity.operations import code_sending, unit
from lenity.records.debt_collection import writes

PURPOSE = "step_up"


def request_step_up_code(*, borrower_id: str, address: str, actor: str) -> str:
    """Send a code; returns the request's id, empty where none could be sent.

    The limits are those of sign-in and signing, counted together with them.
    """
    with unit.of_work(operation="request_step_up_code", actor=actor, of_parts=True) as work:
        sent = code_sending.to_own_number(
            work,
            writes.lock_borrower(borrower_id),
            bound_to=borrower_id,
            purpose=PURPOSE,
            template="step-up-code-sms",
            address=address,
        )
        work.record(
            subject_kind="step_up",
            subject_id=borrower_id,
            borrower_id=borrower_id,
            body={"within_limits": sent.within, "sent": sent.left},
        )
    return sent.request_id if sent.left else ""
