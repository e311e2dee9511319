"""A second person refuses what was proposed, with a reason; the proposal is closed."""

from __future__ import annotations

from lenity.operations import approving, unit
from lenity.records.approvals import writes
from lenity.records.approvals.models import ChangeVerdict


def refuse_change(*, proposal_id: str, digest: str, reason: str, actor: str) -> ChangeVerdict:
    """Refuse the content with this digest. To try again is another proposal."""
    with unit.of_work(operation="refuse_change", actor=actor) as work:
        proposal = approving.open_proposal(proposal_id)
        approving.may_judge(proposal, actor=actor, digest=digest, reason=reason, work=work)
        verdict = writes.add_verdict(
            proposal,
            verdict="refused",
            digest=digest,
            reason=reason.strip(),
            decided_by=actor,
            decided_at=work.now,
        )
        work.record(
            subject_kind="change",
            subject_id=proposal_id,
            body={"kind": proposal.kind, "about": proposal.subject_id, "digest": digest},
        )
        return verdict
