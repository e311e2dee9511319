"""Which policy and which model are in force."""

from __future__ import annotations

from lenity.records.scoring.models import Activation, DecisionPolicy, ScoreModel

TABLES: dict[str, type[DecisionPolicy] | type[ScoreModel]] = {
    "policy_activation": DecisionPolicy,
    "model_activation": ScoreModel,
}


def in_force(kind: str) -> DecisionPolicy | ScoreModel | None:
    """The policy or the model that two people put in force last; none on a new installation."""
    last = Activation.objects.filter(kind=kind).order_by("-id").first()
    return TABLES[kind].objects.get(fingerprint=last.fingerprint) if last else None


def text_in_force(kind: str) -> str:
    """Its text, empty when none is in force."""
    kept = in_force(kind)
    return kept.content if kept else ""
