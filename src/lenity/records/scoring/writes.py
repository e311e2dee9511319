"""The only place that adds models and policies. Each is kept once, found by its fingerprint."""

from __future__ import annotations

from datetime import datetime

from lenity.records.approvals.models import ChangeClaim
from lenity.records.scoring.models import Activation, DecisionPolicy, ScoreModel, ScoreReport


def keep_model(*, fingerprint: str, name: str, content: str, recorded_at: datetime) -> ScoreModel:
    """Keep a model file."""
    kept, _ = ScoreModel.objects.get_or_create(
        fingerprint=fingerprint, defaults={"name": name, "content": content, "recorded_at": recorded_at}
    )
    return kept


def keep_policy(*, fingerprint: str, name: str, content: str, recorded_at: datetime) -> DecisionPolicy:
    """Keep a policy file."""
    kept, _ = DecisionPolicy.objects.get_or_create(
        fingerprint=fingerprint, defaults={"name": name, "content": content, "recorded_at": recorded_at}
    )
    return kept


def add_report(
    *, kind: str, digest: str, model: ScoreModel | None, content: str, recorded_at: datetime
) -> ScoreReport:
    """Keep a report; one that is kept already stays as it is."""
    kept, _ = ScoreReport.objects.get_or_create(
        digest=digest,
        defaults={"kind": kind, "model": model, "content": content, "recorded_at": recorded_at},
    )
    return kept


def activate(*, kind: str, fingerprint: str, claim: ChangeClaim, at: datetime) -> Activation:
    """Put a kept policy or model in force; the database compares it with what was approved."""
    return Activation.objects.create(kind=kind, fingerprint=fingerprint, claim=claim, activated_at=at)
