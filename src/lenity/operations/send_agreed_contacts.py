"""A bulk send that two people agreed on is put to the gate: exactly those wishes, once, each decided alone."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.approvals import bulk
from lenity.domain.approvals.change import Kind
from lenity.domain.debt_collection import decided
from lenity.operations import approving, gatekeeping, servicing, unit
from lenity.operations.gatekeeping import Wish
from lenity.records.approvals import queries
from lenity.records.debt_collection import change_views


def send_agreed_contacts(*, proposal_id: str, actor: str) -> Mapping[str, int]:
    """Claim the approval and ask the gate for each wish in one transaction; how many by verdict.

    An approval allows nobody to be contacted: the gate still decides on each, by what is known now. A number
    that was retired meanwhile is left out and counted as `dropped`.
    """
    proposal = servicing.needed(queries.proposal_by_id(proposal_id), "proposal", proposal_id)
    if proposal.kind != Kind.BULK_SEND:
        raise InputRefused([Problem("change.kind", "This kind is made by another operation.")])
    with unit.of_work(operation="request_contact", actor=actor, of_parts=True) as work:
        approving.participant(actor, Kind.BULK_SEND, work)
        payload = json.loads(proposal.payload)
        approving.claim(
            work,
            approval_id=proposal_id,
            kind=Kind.BULK_SEND,
            subject_id=proposal.subject_id,
            payload=payload,
        )
        asked = bulk.wanted(payload)
        live = change_views.live_points(one.point_id for one in asked)
        wishes = [_wish(one, proposal_id) for one in asked if one.point_id in live]
        memory: decided.Memory = {}
        counts: Counter[str] = Counter(dropped=len(asked) - len(wishes))
        for chunk in gatekeeping.rounds(list(enumerate(wishes)), most=bulk.MOST):
            made = gatekeeping.decide_many(work, [wish for _, wish in chunk], memory)
            counts.update(contact.verdict for contact in made)
        work.record(
            subject_kind="change",
            subject_id=proposal_id,
            body=dict(sorted(counts.items())),
            operation="send_agreed_contacts",
        )
        return counts


def _wish(one: bulk.Wanted, proposal_id: str) -> Wish:
    return Wish(
        borrower_id=one.borrower_id,
        channel=one.channel,
        purpose=one.purpose,
        point_id=one.point_id,
        loan_ids=one.loan_ids,
        template=one.template,
        requested_by=f"bulk:{proposal_id}",
    )
