"""One applicant becomes a decision with reasons; the same inputs, facts, model and policy give the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lenity.base import canonical
from lenity.base.money import minor_digits
from lenity.domain.lending import checks, decision, experiments, review
from lenity.domain.lending.decision import Decided, Policy
from lenity.domain.lending.facts import Facts
from lenity.domain.scoring import features, nodes
from lenity.domain.scoring.model import MOST_REASONS, Model, Scored
from lenity.domain.underwriting import capacity

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Judged:
    """A decision as it is stored: canonical reasons, checks and caps (whole units)."""

    outcome: str
    score: int
    limit_minor: int
    binding_cap: str
    reasons: str
    default_ppm: int
    checks: str
    caps: str


@dataclass(frozen=True)
class Rule:
    """What is in force: a policy with its model, and the challenger that its trial names."""

    policy: Policy
    model: Model
    challenger: tuple[Policy, Model] | None = None

    def columns(self) -> tuple[str, ...]:
        """Every raw column that a decision may depend on."""
        found = dict.fromkeys(columns_of(self.model)) | dict.fromkeys(self.policy.repayment_columns)
        if self.challenger:
            found |= dict.fromkeys(columns_of(self.challenger[1]))
            found |= dict.fromkeys(self.challenger[0].repayment_columns)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Made:
    """A decision with the arm that made it, and what the other arm would have decided."""

    judged: Judged
    experiment: str
    arm: str  # "" | champion | challenger | exploration
    shadow: Judged | None


def columns_of(model: Model) -> tuple[str, ...]:
    """The raw columns that a model reads."""
    every = nodes.walk(list(model.nodes.values()))
    return tuple(sorted({one.name for one in every if isinstance(one, (nodes.Column, nodes.Category))}))


def inputs_of(row: Row, columns: Sequence[str], told: Mapping[str, object] | None = None) -> str:
    """The inputs that a decision may depend on, as canonical text, without protected attributes."""
    kept = {column: row[column] for column in columns if column in row}
    return canonical.text(kept if told is None else {"row": kept, "told": told})


def row_of(inputs: str) -> dict[str, Any]:
    """What the score reads of stored inputs."""
    plain: dict[str, Any] = json.loads(inputs)
    return plain["row"] if set(plain) == {"row", "told"} else plain


def made(application: str, row: Row, known: Facts, rule: Rule) -> Made:
    """Decide by whichever arm the application falls into (`experiments.draw`)."""
    trial, explored = rule.policy.trial, rule.policy.exploration
    first = judge(row, known, rule.model, rule.policy, known.currency)
    other = (
        judge(row, known, rule.challenger[1], rule.challenger[0], known.currency) if rule.challenger else None
    )
    if trial and other and experiments.takes_part(trial, application):
        return Made(other, trial.name, "challenger", first)
    if explored and experiments.takes_part(explored, application):
        learnt = judge(row, known, rule.model, rule.policy, known.currency, explore=True)
        if learnt.outcome != first.outcome:
            return Made(learnt, explored.name, "exploration", other)
    return Made(first, trial.name, "champion", other) if trial and other else Made(first, "", "", None)


def judge(
    row: Row, known: Facts | None, model: Model, policy: Policy, currency: str, *, explore: bool = False
) -> Judged:
    """Check, score and decide. Without facts (decisions of before there were checks) the score alone decides."""
    scored = model.score(row)
    repaid = [features.number(row, one) or 0 for one in policy.repayment_columns if one in row]
    results = checks.run(policy.checks, known, bool(repaid)) if known else []
    afforded = capacity.affordable(known, policy) if known else None
    decided = decision.decide(
        scored.default_ppm,
        decision.from_repayments(repaid, policy) if afforded is None else afforded,
        currency,
        policy,
        asked=_asked(known),
        worst=checks.hardest(results),
    )
    if explore and checks.hardest(results) == "pass":
        decided = decision.explore(decided, currency, policy)
    told = _reasons(decided, results, scored, policy) if known else _scored(scored)
    return Judged(
        decided.outcome,
        scored.score,
        decided.limit_minor,
        decided.binding_cap,
        canonical.text(told[:MOST_REASONS]),
        scored.default_ppm,
        canonical.text([one.plain() for one in results]),
        canonical.text(decided.caps),
    )


def _asked(known: Facts | None) -> int | None:
    if known is None or known.asked is None:
        return None
    return int(known.asked.amount_minor // 10 ** minor_digits(known.currency))


def _scored(scored: Scored) -> list[dict[str, object]]:
    return [
        {"code": one.code, "points_lost": one.points_lost, "zh": one.zh, "en": one.en}
        for one in scored.reasons
    ]


def _reasons(
    decided: Decided, results: Sequence[checks.Result], scored: Scored, policy: Policy
) -> list[dict[str, object]]:
    """US-RB-9b2: only what was used. Checks that led to the outcome, then the score where it did, then the cap.

    Of an approval: what cost points, for whoever asks why the limit is no higher.
    """
    if decided.outcome == "approve":
        return _scored(scored)
    by_id = {check.id: check for check in policy.checks}
    told: list[dict[str, object]] = [
        {"code": f"check:{one.id}", "points_lost": 0, **checks.words(by_id[one.id], one)}
        for one in results
        if one.outcome == decided.outcome
    ]
    bound = policy.refer_at_most_ppm if decided.outcome == "decline" else policy.approve_at_most_ppm
    if scored.default_ppm > bound:
        told += _scored(scored)
    if decided.outcome == "refer" and decided.binding_cap:
        cap = decided.binding_cap
        told.append({"code": f"cap:{cap}", "points_lost": 0, **(policy.wording.get(cap) or review.CAPS[cap])})
    return told
