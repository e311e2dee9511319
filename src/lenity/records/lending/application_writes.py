"""The only place that adds applications and the decisions on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lenity.records.lending.models import Application, CreditDecision
from lenity.records.scoring.models import DecisionPolicy, ScoreModel


@dataclass(frozen=True, slots=True)
class NewDecision:
    """An application with the decision on it, ready to be stored."""

    public_id: str
    reference: str
    inputs: str
    outcome: str
    score: int
    limit_minor: int
    binding_cap: str
    reasons: str


def add_decided(
    new: Sequence[NewDecision],
    *,
    source: str,
    currency: str,
    model: ScoreModel,
    policy: DecisionPolicy,
    at: datetime,
) -> int:
    """Add applications and decisions in bulk."""
    applications = Application.objects.bulk_create(
        (
            Application(
                public_id=one.public_id,
                reference=one.reference,
                source=source,
                currency=currency,
                applied_at=at,
                inputs=one.inputs,
            )
            for one in new
        ),
        batch_size=500,
    )
    CreditDecision.objects.bulk_create(
        (
            CreditDecision(
                application=application,
                outcome=one.outcome,
                score=one.score,
                limit_minor=one.limit_minor,
                binding_cap=one.binding_cap,
                reasons=one.reasons,
                model=model,
                policy=policy,
                decided_at=at,
            )
            for application, one in zip(applications, new, strict=True)
        ),
        batch_size=500,
    )
    return len(applications)
