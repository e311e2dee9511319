"""One application and all that its decision rests on: facts, checks, points, caps, versions, other arm, people."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lenity.domain.lending import checks
from lenity.domain.scoring.model import Model
from lenity.domain.underwriting import judging
from lenity.records.lending import application_lists, application_queries, review_queries
from lenity.records.lending.application_lists import Line
from lenity.records.lending.application_queries import Replayed
from lenity.records.lending.models import Application, CreditDecision, DecisionBasis, ShadowDecision
from lenity.records.lending.review_queries import DecisionView
from lenity.records.scoring import rules


@dataclass(frozen=True)
class CheckLine:
    """A check with what it found and what it asked for; `words` in both languages where it did not pass.

    `line` is where the policy says so; 0 where its text names the check in another way.
    """

    id: str
    measure: str
    value: int | None
    bound: str
    outcome: str
    vouched: bool
    right: str
    words: Mapping[str, str]
    line: int

    @property
    def is_yes_or_no(self) -> bool:
        """Whether 1 and 0 mean yes and no."""
        return self.measure in checks.YES_OR_NO


@dataclass(frozen=True)
class PointLine:
    """What one table gave, against the reference; intercept and points add up to the score exactly."""

    name: str
    words: Mapping[str, str]
    points: int
    reference: int

    @property
    def lost(self) -> int:
        """Points lost against the reference; below zero where some were won."""
        return self.reference - self.points


@dataclass(frozen=True)
class CapLine:
    """A cap in whole units, and whether it bound the limit."""

    name: str
    units: int
    binding: bool


@dataclass(frozen=True)
class Shadow:
    """What the other arm of a trial would have decided."""

    experiment: str
    outcome: str
    score: int
    limit_minor: int
    default_ppm: int
    policy: str
    model: str
    model_name: str


@dataclass(frozen=True)
class Made:
    """The decision: by which rule and arm, on which facts, with which parts."""

    decided_at: datetime
    policy_name: str
    policy: str
    model_name: str
    model: str
    default_ppm: int
    experiment: str
    step: int
    reasons: tuple[Mapping[str, Any], ...]
    checks: tuple[CheckLine, ...]
    caps: tuple[CapLine, ...]
    intercept: int
    points: tuple[PointLine, ...]
    facts: Mapping[str, Any]
    shadow: Shadow | None
    said: DecisionView
    replayed: Replayed | None


@dataclass(frozen=True)
class Detail:
    """One application; `made` is None until it is decided."""

    line: Line
    borrower: str
    inputs: tuple[tuple[str, str], ...]
    made: Made | None


def application(public_id: str, on_date: date, *, again: bool = True) -> Detail | None:
    """One application; with `again`, its decision is made again while it is read."""
    row = application_lists.one(public_id)
    if row is None:
        return None
    known = CreditDecision.objects.select_related("basis", "policy", "model", "application")
    decision = known.filter(application=row).first()
    return Detail(
        application_lists.line(row),
        row.borrower.public_id if row.borrower else "",
        tuple(application_queries.shown_inputs(row.inputs)),
        _made(row, decision, on_date, again) if decision else None,
    )


def _made(row: Application, decision: CreditDecision, on_date: date, again: bool) -> Made:
    basis: DecisionBasis | None = getattr(decision, "basis", None)
    model, policy = rules.model_of(decision.model.content), rules.policy_of(decision.policy.content)
    scored = model.score(judging.row_of(row.inputs))
    return Made(
        decided_at=decision.decided_at,
        policy_name=decision.policy.name,
        policy=decision.policy.fingerprint,
        model_name=decision.model.name,
        model=decision.model.fingerprint,
        default_ppm=basis.default_ppm if basis else scored.default_ppm,
        experiment=basis.experiment if basis else "",
        step=policy.step,
        reasons=tuple(json.loads(decision.reasons)),
        checks=_checks(basis, decision.policy.content) if basis else (),
        caps=_caps(basis, decision.binding_cap) if basis else (),
        intercept=model.intercept,
        points=_points(model, scored.points),
        facts=_facts(basis) if basis else {},
        shadow=_shadow(decision),
        said=review_queries.decision_view(decision, on_date),
        replayed=next(application_queries.replay(row.public_id)) if again else None,
    )


def _points(model: Model, points: Mapping[str, int]) -> tuple[PointLine, ...]:
    lines = [
        PointLine(term.name, model.reasons[term.reason], points[term.name], term.reference)
        for term in model.terms
    ]
    return tuple(sorted(lines, key=lambda one: (-one.lost, one.name)))


def _caps(basis: DecisionBasis, binding: str) -> tuple[CapLine, ...]:
    caps: dict[str, int] = json.loads(basis.caps)
    ordered = sorted(caps.items(), key=lambda one: (one[1], one[0] != binding, one[0]))
    return tuple(CapLine(name, units, name == binding) for name, units in ordered)


def _shadow(decision: CreditDecision) -> Shadow | None:
    row = ShadowDecision.objects.select_related("policy", "model").filter(decision=decision).first()
    if row is None:
        return None
    return Shadow(
        row.experiment,
        row.outcome,
        row.score,
        row.limit_minor,
        row.default_ppm,
        row.policy.fingerprint,
        row.model.fingerprint,
        row.model.name,
    )


def _checks(basis: DecisionBasis, policy_text: str) -> tuple[CheckLine, ...]:
    by_id = {one.id: one for one in rules.policy_of(policy_text).checks}
    found = []
    for plain in json.loads(basis.checks):
        check, result = by_id[plain["id"]], checks.Result(**plain)
        found.append(
            CheckLine(
                result.id,
                check.measure,
                result.value,
                _bound(check),
                result.outcome,
                result.vouched,
                check.right,
                {} if result.outcome == "pass" else checks.words(check, result),
                _line_of(policy_text, result.id),
            )
        )
    return tuple(found)


def _line_of(policy_text: str, check_id: str) -> int:
    wanted = re.compile(rf"""\s*id\s*=\s*["']{re.escape(check_id)}["']\s*(#.*)?""")
    lines = enumerate(policy_text.splitlines(), start=1)
    return next((number for number, text in lines if wanted.fullmatch(text)), 0)


def _bound(check: checks.Check) -> str:
    low = f"≥ {check.at_least:,}" if check.at_least is not None else ""
    high = f"≤ {check.at_most:,}" if check.at_most is not None else ""
    return ", ".join(one for one in (low, high) if one)


def _facts(basis: DecisionBasis) -> Mapping[str, Any]:
    plain: dict[str, Any] = json.loads(basis.facts)
    return {key: value for key, value in sorted(plain.items()) if value not in (None, [], {})}
