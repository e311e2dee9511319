"""One applicant's row becomes a decision with reasons; the same inputs give the same bytes again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lenity.base import canonical
from lenity.domain.lending import decision
from lenity.domain.scoring import features
from lenity.domain.scoring.model import Model


@dataclass(frozen=True, slots=True)
class Judged:
    """A decision as it is stored: canonical inputs and reasons."""

    inputs: str
    outcome: str
    score: int
    limit_minor: int
    binding_cap: str
    reasons: str
    default_ppm: int


def inputs_of(row: Mapping[str, str], columns: Sequence[str]) -> str:
    """The inputs that a decision may depend on, as canonical text, without protected attributes."""
    return canonical.text({column: row.get(column) for column in columns})


def judge(
    inputs: str, model: Model, policy: decision.Policy, currency: str, repayment_columns: Sequence[str]
) -> Judged:
    """Score and decide on stored inputs."""
    row = json.loads(inputs)
    scored = model.score(row)
    repaid = [features.number(row, column) or 0 for column in repayment_columns]
    decided = decision.decide(scored.default_ppm, repaid, currency, policy)
    reasons = canonical.text(
        [
            {"code": reason.code, "points_lost": reason.points_lost, "zh": reason.zh, "en": reason.en}
            for reason in scored.reasons
        ]
    )
    return Judged(
        inputs,
        decided.outcome,
        scored.score,
        decided.limit_minor,
        decided.binding_cap,
        reasons,
        decided.default_ppm,
    )
