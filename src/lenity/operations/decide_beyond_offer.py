"""A supervisor decides on an offer beyond a collector's authority; approved, it is made at once."""

from __future__ import annotations

import json

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.approvals.change import Kind
from lenity.domain.servicing import authority
from lenity.operations import approving, planning, servicing, unit
from lenity.records.approvals import writes
from lenity.records.approvals.models import ChangeVerdict

VERDICTS = ("approved", "refused")


def decide_beyond_offer(
    *, proposal_id: str, digest: str, verdict: str, reason: str, actor: str
) -> ChangeVerdict:
    """Judge exactly what was asked, once, as another person; the floor and the account are looked at again."""
    if verdict not in VERDICTS:
        raise InputRefused([Problem("change.verdict", f"It is one of: {', '.join(VERDICTS)}.")])
    with unit.of_work(operation="decide_beyond_offer", actor=actor, of_parts=True) as work:
        proposal = approving.open_proposal(proposal_id)
        if proposal.kind != Kind.BEYOND_OFFER:
            raise InputRefused([Problem("change.kind", "This kind is judged elsewhere.")])
        approving.may_judge(proposal, actor=actor, digest=digest, reason=reason, work=work)
        payload = json.loads(proposal.payload)
        base = servicing.ground(payload["loan"])
        row = writes.add_verdict(
            proposal,
            verdict=verdict,
            digest=digest,
            reason=reason.strip(),
            decided_by=actor,
            decided_at=work.now,
        )
        if verdict == "approved":
            ask = authority.read(payload)
            approving.claim(
                work,
                approval_id=proposal_id,
                kind=Kind.BEYOND_OFFER,
                subject_id=proposal.subject_id,
                payload=payload,
            )
            if problems := authority.problems(ask, base.before, servicing.own_rate(base.loan)):
                raise InputRefused(problems)
            planning.offer(work, base, ask, proposal_id)
        work.record(
            subject_kind="change",
            subject_id=proposal_id,
            borrower_id=base.loan.borrower.public_id,
            body={"kind": proposal.kind, "verdict": verdict, "digest": digest},
        )
        return row
