"""Whether a model file may be used: approved by two people for its use, in force now, or neither."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError

from lenity.records.scoring import queries
from lenity.records.scoring.models import Activation, ScoreModel


@dataclass(frozen=True)
class Standing:
    """`state`: in_force, was_in_force, kept (never approved), unknown (not kept here) or unread (no database)."""

    state: str
    since: datetime | None = None

    @property
    def is_approved(self) -> bool:
        """Whether two people brought it into force, now or before."""
        return self.state in ("in_force", "was_in_force")


def standing(fingerprint: str, use: str) -> Standing:
    """What is known here of a model with these bytes."""
    try:
        activation = Activation.objects.filter(kind="model_activation", fingerprint=fingerprint).last()
        if activation is not None:
            now = queries.model_in_force(use)
            current = now is not None and now.fingerprint == fingerprint
            return Standing("in_force" if current else "was_in_force", activation.activated_at)
        kept = ScoreModel.objects.filter(fingerprint=fingerprint).exists()
        return Standing("kept" if kept else "unknown")
    except DatabaseError:
        return Standing("unread")
