"""Which policy and which models are in force."""

from __future__ import annotations

import json

from lenity.domain.scoring import model as models
from lenity.records.scoring.models import Activation, DecisionPolicy, ScoreModel


def policy_in_force() -> DecisionPolicy | None:
    """The policy that two people put in force last; none on a new installation."""
    last = Activation.objects.filter(kind="policy_activation").order_by("-id").first()
    return DecisionPolicy.objects.get(fingerprint=last.fingerprint) if last else None


def model_in_force(use: str) -> ScoreModel | None:
    """The model of this use that two people put in force last."""
    for activation in Activation.objects.filter(kind="model_activation").order_by("-id"):
        kept = ScoreModel.objects.get(fingerprint=activation.fingerprint)
        if json.loads(kept.content).get("use", models.DEFAULT) == use:
            return kept
    return None


def text_in_force(kind: str, use: str = models.DEFAULT) -> str:
    """The text of the policy or of the model of this use, empty when none is in force."""
    kept = policy_in_force() if kind == "policy_activation" else model_in_force(use)
    return kept.content if kept else ""
