"""The only place that adds proposals, verdicts and claims."""

from __future__ import annotations

from datetime import datetime

from lenity.records.approvals.models import ChangeClaim, ChangeProposal, ChangeVerdict


def add_proposal(
    *,
    public_id: str,
    kind: str,
    subject_id: str,
    payload: str,
    before: str,
    digest: str,
    reason: str,
    proposed_by: str,
    proposed_at: datetime,
    expires_at: datetime,
) -> ChangeProposal:
    """Add a proposal."""
    return ChangeProposal.objects.create(
        public_id=public_id,
        kind=kind,
        subject_id=subject_id,
        payload=payload,
        before=before,
        digest=digest,
        reason=reason,
        proposed_by=proposed_by,
        proposed_at=proposed_at,
        expires_at=expires_at,
    )


def add_verdict(
    proposal: ChangeProposal, *, verdict: str, digest: str, reason: str, decided_by: str, decided_at: datetime
) -> ChangeVerdict:
    """Add the verdict on a proposal; a second one is refused by the database."""
    return ChangeVerdict.objects.create(
        proposal=proposal,
        verdict=verdict,
        digest=digest,
        reason=reason,
        decided_by=decided_by,
        decided_at=decided_at,
    )


def add_claim(verdict: ChangeVerdict, *, operation: str, claimed_at: datetime) -> ChangeClaim:
    """Use an approval; a second use is refused by the database."""
    return ChangeClaim.objects.create(verdict=verdict, operation=operation, claimed_at=claimed_at)
