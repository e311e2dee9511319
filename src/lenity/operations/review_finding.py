"""Compliance says what a finding in a text is: a breach, or harmless."""

from __future__ import annotations

from lenity.base.outcomes import InputRefused, Problem
from lenity.operations import servicing, unit
from lenity.records.debt_collection import voice_queries, voice_writes
from lenity.records.debt_collection.models import FindingReview

DECISIONS = ("confirmed", "harmless")
LONGEST = 300


def review_finding(*, finding_id: str, decision: str, reason: str, actor: str) -> FindingReview:
    """Close a finding with a decision and its reason; whoever wrote the text cannot close it."""
    if decision not in DECISIONS:
        raise InputRefused([Problem("finding.decision", f"Decide: {' or '.join(DECISIONS)}.")])
    if not 5 <= len(reason.strip()) <= LONGEST:
        raise InputRefused([Problem("finding.reason", f"Give a reason of 5 to {LONGEST} signs.")])
    with unit.of_work(operation="review_finding", actor=actor) as work:
        found = servicing.needed(voice_queries.finding_by_id(finding_id), "finding", finding_id)
        if getattr(found, "review", None) is not None:
            raise InputRefused([Problem("finding.closed", "This finding has been reviewed already.")])
        if found.written_by == actor:
            raise InputRefused([Problem("finding.own", "Somebody else must look at one's own text.")])
        row = voice_writes.add_review(
            found, decision=decision, reason=reason.strip(), reviewed_at=work.now, reviewed_by=actor
        )
        work.record(
            subject_kind="finding",
            subject_id=found.public_id,
            borrower_id=found.borrower.public_id,
            body={"decision": decision, "category": found.category},
        )
        return row
