"""A second person approves exactly what was proposed; a policy or a model is in force at once."""

from __future__ import annotations

import json

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.approvals import change
from lenity.domain.approvals.change import Kind
from lenity.domain.lending import decision
from lenity.domain.scoring import model as models
from lenity.operations import approving, unit
from lenity.records.approvals import writes
from lenity.records.approvals.models import ChangeProposal, ChangeVerdict
from lenity.records.scoring import writes as scoring


def approve_change(*, proposal_id: str, digest: str, reason: str, actor: str) -> ChangeVerdict:
    """Approve the content with this digest.

    Other kinds are made by their own operation, which claims the approval (`approving.claim`) once.
    """
    with unit.of_work(operation="approve_change", actor=actor) as work:
        proposal = approving.open_proposal(proposal_id)
        if proposal.kind == Kind.BEYOND_OFFER or proposal.kind in change.SUSPENSE:
            raise InputRefused([Problem("change.kind", "It is judged elsewhere, where it is made at once.")])
        approving.may_judge(proposal, actor=actor, digest=digest, reason=reason, work=work)
        verdict = writes.add_verdict(
            proposal,
            verdict="approved",
            digest=digest,
            reason=reason.strip(),
            decided_by=actor,
            decided_at=work.now,
        )
        if proposal.kind in (Kind.POLICY_ACTIVATION, Kind.MODEL_ACTIVATION):
            _activate(proposal, verdict, work)
        work.record(
            subject_kind="change",
            subject_id=proposal_id,
            body={"kind": proposal.kind, "about": proposal.subject_id, "digest": digest},
        )
        return verdict


def _activate(proposal: ChangeProposal, verdict: ChangeVerdict, work: unit.Work) -> None:
    text = json.loads(proposal.payload)["text"]
    if proposal.kind == Kind.POLICY_ACTIVATION:
        scoring.keep_policy(
            fingerprint=proposal.subject_id, name=decision.read(text).name, content=text, recorded_at=work.now
        )
    else:
        scoring.keep_model(
            fingerprint=proposal.subject_id, name=models.read(text).name, content=text, recorded_at=work.now
        )
    claim = writes.add_claim(verdict, operation=work.operation, claimed_at=work.now)
    scoring.activate(kind=proposal.kind, fingerprint=proposal.subject_id, claim=claim, at=work.now)
