"""A policy or a model is kept under its fingerprint, so that a trial can name it. It decides nothing by that."""

from __future__ import annotations

import hashlib

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.approvals import change
from lenity.domain.lending import decision
from lenity.domain.scoring import model as models
from lenity.operations import unit
from lenity.records.scoring import writes


def keep_candidate(*, kind: str, text: str, actor: str) -> str:
    """Keep a candidate; returns its fingerprint. Keeping it again changes nothing."""
    if kind not in ("policy", "model"):
        raise InputRefused([Problem("candidate.kind", "It is a policy or a model.")])
    if len(text) > change.LONGEST_PAYLOAD:
        raise InputRefused([Problem("candidate.size", f"At most {change.LONGEST_PAYLOAD:,} characters.")])
    fingerprint = hashlib.sha256(text.encode()).hexdigest()
    name = (decision.read(text) if kind == "policy" else models.read(text)).name
    keep = writes.keep_policy if kind == "policy" else writes.keep_model
    with unit.of_work(operation="keep_candidate", actor=actor) as work:
        keep(fingerprint=fingerprint, name=name[:80], content=text, recorded_at=work.now)
        work.record(subject_kind="candidate", subject_id=fingerprint[:40], body={"kind": kind})
    return fingerprint
