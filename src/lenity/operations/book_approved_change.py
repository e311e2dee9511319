"""A write-off or a refund that two people agreed on is booked: exactly what they saw, once."""

from __future__ import annotations

import json

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.approvals.change import Kind
from lenity.operations import approving, servicing, unit
from lenity.operations.servicing import Entered
from lenity.records.approvals import queries
from lenity.records.lending.models import LoanFact

REASONS = {Kind.WRITE_OFF: "approved write-off", Kind.REFUND: "approved refund"}


def book_approved_change(*, proposal_id: str, actor: str) -> LoanFact:
    """Claim the approval and book it in one transaction; if the account has moved, neither happens.

    Either of the two people, or a third with the role, may do it.
    """
    with unit.of_work(operation="book_approved_change", actor=actor) as work:
        proposal = servicing.needed(queries.proposal_by_id(proposal_id), "proposal", proposal_id)
        kind = approving.kind_of(proposal.kind)
        if kind not in REASONS:
            raise InputRefused([Problem("change.kind", "This kind is made by another operation.")])
        approving.participant(actor, kind, work)
        payload = json.loads(proposal.payload)
        base = servicing.ground(proposal.subject_id)
        approving.claim(
            work, approval_id=proposal_id, kind=kind, subject_id=proposal.subject_id, payload=payload
        )
        entered = Entered(proposal_id, REASONS[kind])
        if kind is Kind.REFUND:
            new = servicing.new_fact(base, "refund", entered, payload["amount_minor"])
            return servicing.enter(work, base, new, cash_minor=-payload["amount_minor"])[0]
        if base.before.owed_minor != payload["amount_minor"]:
            raise InputRefused([Problem("change.moved", "The account has moved.", "Propose it again.")])
        return servicing.enter(work, base, servicing.new_fact(base, "charge_off", entered, 0))[0]
