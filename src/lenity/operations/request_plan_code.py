"""A borrower who is about to sign a plan asks for the one-time code that signs it."""

from __future__ import annotations

from lenity.base.outcomes import InputRefused, Problem
from lenity.operations import code_sending, unit
from lenity.records.arrangements import queries as arrangements
from lenity.records.debt_collection import writes


def request_plan_code(*, borrower_id: str, shown: str, address: str, actor: str) -> str:
    """Send a code to the borrower's own number; returns the request's id, empty where none could be sent.

    The code is bound to the digest of the plan that is shown: it signs that and nothing else. The limits are
    those of sign-in, counted together with it. No code is sent while nobody knows her month: the plan could
    not be judged by the floor.
    """
    with unit.of_work(operation="request_plan_code", actor=actor, of_parts=True) as work:
        borrower = writes.lock_borrower(borrower_id)
        if not arrangements.answers_of(borrower_id):
            says = "Nobody knows the household's month, so the floor cannot be judged."
            raise InputRefused([Problem("plan.month", says, "Ask for the month first: one short page.")])
        sent = code_sending.to_own_number(
            work,
            borrower,
            bound_to=shown,
            purpose="agreement",
            template="plan-code-sms",
            address=address,
        )
        work.record(
            subject_kind="agreement_code",
            subject_id=shown[:20],
            borrower_id=borrower_id,
            body={"within_limits": sent.within, "sent": sent.left, "shown": shown},
        )
    return sent.request_id if sent.left else ""
