"""Proposals as their readers need them: what waits for a second person, and what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lenity.domain.approvals import change
from lenity.records.approvals.models import ChangeProposal, ChangeVerdict


@dataclass(frozen=True)
class ChangeView:
    """A proposal. `state` is waiting, expired, approved, refused or done (an approval that was used)."""

    public_id: str
    kind: str
    subject_id: str
    digest: str
    reason: str
    proposed_by: str
    proposed_at: datetime
    expires_at: datetime
    state: str
    decided_by: str
    decided_reason: str
    difference: tuple[tuple[str, str], ...]


def proposal_by_id(public_id: str) -> ChangeProposal | None:
    """A proposal, judged or not."""
    return ChangeProposal.objects.select_related("verdict").filter(public_id=public_id).first()


def has_verdict(proposal: ChangeProposal) -> bool:
    """Whether it was judged."""
    return ChangeVerdict.objects.filter(proposal=proposal).exists()


def approval(proposal_id: str, *, kind: str, digest: str) -> ChangeVerdict | None:
    """The approval of exactly this content, if it has not been used; a race for it ends at its claim."""
    rows = ChangeVerdict.objects.select_related("proposal")
    return rows.filter(
        proposal__public_id=proposal_id,
        proposal__kind=kind,
        digest=digest,
        verdict="approved",
        claim__isnull=True,
    ).first()


def changes(
    now: datetime, *, kinds: tuple[str, ...] = (), most: int = 100, brief: bool = False
) -> list[ChangeView]:
    """Proposals, newest first; `brief` leaves the lines out that they change, which can be many."""
    rows = ChangeProposal.objects.select_related("verdict", "verdict__claim").order_by("-id")
    if kinds:
        rows = rows.filter(kind__in=kinds)
    return [_view(row, now, brief) for row in rows[:most]]


def change_by_id(public_id: str, now: datetime) -> ChangeView | None:
    """One proposal with the lines that it changes."""
    row = proposal_by_id(public_id)
    return _view(row, now) if row else None


def _view(row: ChangeProposal, now: datetime, brief: bool = False) -> ChangeView:
    verdict: ChangeVerdict | None = getattr(row, "verdict", None)
    return ChangeView(
        row.public_id,
        row.kind,
        row.subject_id,
        row.digest,
        row.reason,
        row.proposed_by,
        row.proposed_at,
        row.expires_at,
        _state(row, verdict, now),
        verdict.decided_by if verdict else "",
        verdict.reason if verdict else "",
        () if brief else tuple(change.difference(change.readable(row.before), change.readable(row.payload))),
    )


def _state(row: ChangeProposal, verdict: ChangeVerdict | None, now: datetime) -> str:
    if verdict and hasattr(verdict, "claim"):
        return "done"
    if verdict and verdict.verdict == "refused":
        return "refused"
    if now >= row.expires_at:
        return "expired"
    return verdict.verdict if verdict else "waiting"
