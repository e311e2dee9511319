"""The one door to a borrower."""

from __future__ import annotations

from lenity.operations import gatekeeping, unit
from lenity.records.debt_collection.models import Contact


def request_contact(
    *,
    borrower_id: str,
    channel: str,
    purpose: str,
    point_id: str,
    loan_ids: tuple[str, ...],
    actor: str,
    template: str = "",
    collectors: int = 1,
    initiated_by: str = "lender",
) -> Contact:
    """Ask the gate for one contact; decision, places, message and audit event are one transaction.

    Returns the contact with its verdict: `allowed` (a message is in the outbox, a call may be dialled),
    `deferred` (with the earliest instant) or `refused`. All three stay visible to the borrower.
    """
    wish = gatekeeping.Wish(
        borrower_id=borrower_id,
        channel=channel,
        purpose=purpose,
        point_id=point_id,
        loan_ids=loan_ids,
        template=template,
        requested_by=actor,
        collectors=collectors,
        initiated_by=initiated_by,
    )
    with unit.of_work(operation="request_contact", actor=actor, travelling=True) as work:
        return gatekeeping.decide_one(work, wish)
