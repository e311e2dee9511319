"""Which policy and which model are in force, and every one that was kept."""

from __future__ import annotations

import json
from datetime import datetime

from django.db.models import QuerySet

from lenity.domain.scoring import model as models
from lenity.records.scoring.models import Activation, DecisionPolicy, ScoreModel

TABLES: dict[str, type[DecisionPolicy] | type[ScoreModel]] = {
    "policy_activation": DecisionPolicy,
    "model_activation": ScoreModel,
}


def policy_in_force(at: datetime | None = None) -> DecisionPolicy | None:
    """The policy that two people put in force last, now or at an instant; none before the first."""
    last = _activations("policy_activation", at).first()
    return policy(last.fingerprint) if last else None


def model_in_force(use: str, at: datetime | None = None) -> ScoreModel | None:
    """The model of this use that two people put in force last, now or at an instant."""
    for activation in _activations("model_activation", at):
        kept = ScoreModel.objects.get(fingerprint=activation.fingerprint)
        if json.loads(kept.content).get("use", models.DEFAULT) == use:
            return kept
    return None


def text_in_force(kind: str, use: str = models.DEFAULT) -> str:
    """The text of the policy or of the model of this use, empty when none is in force."""
    kept = policy_in_force() if kind == "policy_activation" else model_in_force(use)
    return kept.content if kept else ""


def _activations(kind: str, at: datetime | None) -> QuerySet[Activation]:
    rows = Activation.objects.filter(kind=kind).order_by("-id")
    return rows.filter(activated_at__lte=at) if at else rows


def policy(fingerprint: str) -> DecisionPolicy | None:
    """A kept policy."""
    return DecisionPolicy.objects.filter(fingerprint=fingerprint).first()


def model(fingerprint: str) -> ScoreModel | None:
    """A kept model."""
    return ScoreModel.objects.filter(fingerprint=fingerprint).first()
