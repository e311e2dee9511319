"""What was measured of a score is kept as a fact: stability, outcomes, groups, cures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lenity.base import canonical
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.scoring import model as models
from lenity.operations import unit
from lenity.records.scoring import writes

KINDS = ("watch", "cures")
LONGEST = 2_000_000


def record_score_report(*, kind: str, content: Mapping[str, Any], model_text: str, actor: str) -> str:
    """Keep a report with the model that it is about; gives the digest by which its page finds it."""
    if kind not in KINDS:
        raise InputRefused([Problem("report.kind", f"A report is one of: {', '.join(KINDS)}.")])
    if kind == "watch" and not model_text:
        raise InputRefused([Problem("report.model", "The report needs the model that it is about.")])
    model = models.read(model_text) if model_text else None
    text = canonical.text(content)
    if len(text) > LONGEST:
        says = f"The report has {len(text):,} characters; at most {LONGEST:,} are kept."
        raise InputRefused([Problem("report.size", says, "Give fewer months or groups.")])
    digest = canonical.digest([kind, model.fingerprint if model else "", content])
    with unit.of_work(operation="record_score_report", actor=actor) as work:
        kept = None
        if model:
            kept = writes.keep_model(
                fingerprint=model.fingerprint, name=model.name, content=model_text, recorded_at=work.now
            )
        writes.add_report(kind=kind, digest=digest, model=kept, content=text, recorded_at=work.now)
        work.record(
            subject_kind="score_report",
            subject_id=digest[:20],
            body={"kind": kind, "digest": digest, "model": model.fingerprint if model else ""},
        )
    return digest
