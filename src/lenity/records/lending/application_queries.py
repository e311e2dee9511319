"""Applications and their decisions as staff and programs read them, and every decision made again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from lenity.domain.lending import checks, facts
from lenity.domain.underwriting import judging
from lenity.domain.underwriting.judging import Judged, Made
from lenity.records.lending.models import Application, CreditDecision, DecisionBasis, ShadowDecision
from lenity.records.scoring import rules
from lenity.records.scoring.models import DecisionPolicy, ScoreModel
from lenity.records.scoring.rules import KeptRule

OUTCOMES = ("approve", "refer", "decline", "undecided")
CHUNK = 500


@dataclass(frozen=True)
class Replayed:
    """A decision made again: whether it is equal to the byte, and else what differs."""

    application: str
    reference: str
    different: tuple[str, ...]

    @property
    def equal(self) -> bool:
        """Whether nothing differs."""
        return not self.different


@dataclass(frozen=True)
class Line:
    """An application in a list; outcome `undecided` where nothing was decided yet."""

    public_id: str
    reference: str
    source: str
    applied_at: datetime
    currency: str
    outcome: str
    score: int | None
    limit_minor: int
    binding_cap: str
    arm: str


@dataclass(frozen=True)
class CheckLine:
    """A check with what it found and what it asked for; `words` in both languages where it did not pass."""

    id: str
    value: int | None
    bound: str
    outcome: str
    vouched: bool
    right: str
    words: Mapping[str, str]


@dataclass(frozen=True)
class Detail:
    """One application and all that its decision rests on."""

    line: Line
    decided_at: datetime | None
    policy_name: str
    policy: str
    model_name: str
    model: str
    reasons: tuple[Mapping[str, Any], ...]
    checks: tuple[CheckLine, ...]
    caps: tuple[tuple[str, int], ...]
    points: tuple[tuple[str, int], ...]
    default_ppm: int | None
    facts: tuple[tuple[str, str], ...]
    inputs: tuple[tuple[str, str], ...]
    experiment: str
    shadow: ShadowDecision | None
    replayed: Replayed | None


def applications(*, outcome: str = "", before: int = 0, most: int = 50) -> tuple[list[Line], int]:
    """Applications, newest first, and where the next page goes on (0 at the end)."""
    rows = Application.objects.select_related("decision__basis").order_by("-id")
    rows = rows.defer("inputs", "decision__reasons", "decision__basis__facts", "decision__basis__checks")
    if outcome == "undecided":
        rows = rows.filter(decision__isnull=True)
    elif outcome:
        rows = rows.filter(decision__outcome=outcome)
    found = list((rows.filter(pk__lt=before) if before else rows)[: most + 1])
    return [_line(row) for row in found[:most]], found[most - 1].pk if len(found) > most else 0


def counts() -> dict[str, int]:
    """How many applications have each outcome."""
    decided = CreditDecision.objects.all()
    found = {name: decided.filter(outcome=name).count() for name in OUTCOMES[:-1]}
    return found | {"undecided": Application.objects.filter(decision__isnull=True).count()}


def application(public_id: str) -> Detail | None:
    """One application, its decision made again while it is read."""
    row = Application.objects.filter(public_id=public_id).first()
    if row is None:
        return None
    decision = CreditDecision.objects.select_related("basis", "shadow", "policy", "model")
    made = decision.filter(application=row).first()
    inputs = tuple(shown_inputs(row.inputs))
    if made is None:
        return Detail(
            _line(row), None, "", "", "", "", (), (), (), (), None, (), inputs, "", None, None
        )  # fmt: skip
    basis: DecisionBasis | None = getattr(made, "basis", None)
    scored = rules.model_of(made.model.content).score(judging.row_of(row.inputs))
    return Detail(
        line=_line(row),
        decided_at=made.decided_at,
        policy_name=made.policy.name,
        policy=made.policy.fingerprint,
        model_name=made.model.name,
        model=made.model.fingerprint,
        reasons=tuple(json.loads(made.reasons)),
        checks=_checks(basis, made.policy.content) if basis else (),
        caps=tuple(json.loads(basis.caps).items()) if basis else (),
        points=tuple(sorted(scored.points.items(), key=lambda one: (one[1], one[0]))),
        default_ppm=basis.default_ppm if basis else scored.default_ppm,
        facts=_known(basis) if basis else (),
        inputs=inputs,
        experiment=basis.experiment if basis else "",
        shadow=getattr(made, "shadow", None),
        replayed=next(replay(public_id)),
    )


def approved_references(source: str) -> list[str]:
    """References of a source's applications that were approved by whichever arm."""
    rows = Application.objects.filter(source=source, decision__outcome="approve")
    return list(rows.values_list("reference", flat=True))


def shown_inputs(inputs: str) -> Iterator[tuple[str, str]]:
    """What the applicant told, and the columns that the score reads, one line each."""
    plain = json.loads(inputs)
    told = plain["told"] if set(plain) == {"row", "told"} else {}
    flat = {**told, **(told.get("asked") or {}), **judging.row_of(inputs)}
    for key, value in sorted(flat.items()):
        if not isinstance(value, dict):
            yield key, "" if value is None else str(value)


def replay(application_id: str = "") -> Iterator[Replayed]:
    """Every stored decision, or one, made again by the rule of its day."""
    rows: QuerySet[CreditDecision] = CreditDecision.objects.select_related("application", "basis", "shadow")
    rows = rows.filter(application__public_id=application_id) if application_id else rows
    policies = {one.pk: one for one in DecisionPolicy.objects.all()}
    models = {one.pk: one for one in ScoreModel.objects.all()}
    known: dict[tuple[int, int], KeptRule] = {}
    for row in rows.order_by("id").iterator(chunk_size=CHUNK):
        basis: DecisionBasis | None = getattr(row, "basis", None)
        if basis is None:
            different = _legacy(row, policies[row.policy_id], models[row.model_id])
        else:
            key = (basis.policy_in_force_id, basis.model_in_force_id)
            if key not in known:
                known[key] = rules.kept(policies[key[0]], models[key[1]])
            different = _again(row, basis, known[key])
        yield Replayed(row.application.public_id, row.application.reference, tuple(different))


def _legacy(row: CreditDecision, policy: DecisionPolicy, model: ScoreModel) -> list[str]:
    """A decision of before there were checks."""
    inputs = judging.row_of(row.application.inputs)
    found = judging.judge(
        inputs, None, rules.model_of(model.content), rules.policy_of(policy.content), row.application.currency
    )
    return _differences(row, found)


def _again(row: CreditDecision, basis: DecisionBasis, kept: KeptRule) -> list[str]:
    inputs, known = judging.row_of(row.application.inputs), facts.read(basis.facts)
    made = judging.made(row.application.public_id, inputs, known, kept.rule)
    found = _differences(row, made.judged)
    stored = (basis.checks, basis.caps, basis.default_ppm, basis.experiment, basis.arm)
    one = made.judged
    again = (one.checks, one.caps, one.default_ppm, made.experiment, made.arm)
    names = ("checks", "caps", "default_ppm", "experiment", "arm")
    found += [name for name, old, new in zip(names, stored, again, strict=True) if old != new]
    challenged = made.arm == "challenger"
    policy = kept.challenger_policy if challenged else kept.policy
    model = kept.challenger_model if challenged else kept.model
    if (row.policy_id, row.model_id) != (policy.pk, model.pk):
        found.append("rule")
    return found + (["shadow"] if _shadow_differs(row, made) else [])


def _shadow_differs(row: CreditDecision, made: Made) -> bool:
    stored: ShadowDecision | None = getattr(row, "shadow", None)
    if stored is None or made.shadow is None:
        return (stored is None) != (made.shadow is None)
    one = made.shadow
    return (stored.outcome, stored.score, stored.limit_minor, stored.default_ppm) != (
        one.outcome,
        one.score,
        one.limit_minor,
        one.default_ppm,
    )


def _differences(row: CreditDecision, found: Judged) -> list[str]:
    names = ("outcome", "score", "limit_minor", "binding_cap", "reasons")
    return [name for name in names if getattr(row, name) != getattr(found, name)]


def _line(row: Application) -> Line:
    decision: CreditDecision | None = getattr(row, "decision", None)
    basis: DecisionBasis | None = getattr(decision, "basis", None) if decision else None
    return Line(
        row.public_id,
        row.reference,
        row.source,
        row.applied_at,
        row.currency,
        decision.outcome if decision else "undecided",
        decision.score if decision else None,
        decision.limit_minor if decision else 0,
        decision.binding_cap if decision else "",
        basis.arm if basis else "",
    )


def _checks(basis: DecisionBasis, policy_text: str) -> tuple[CheckLine, ...]:
    by_id = {one.id: one for one in rules.policy_of(policy_text).checks}
    found = []
    for plain in json.loads(basis.checks):
        check, result = by_id[plain["id"]], checks.Result(**plain)
        found.append(
            CheckLine(
                result.id,
                result.value,
                _bound(check),
                result.outcome,
                result.vouched,
                check.right,
                {} if result.outcome == "pass" else checks.words(check, result),
            )
        )
    return tuple(found)


def _bound(check: checks.Check) -> str:
    low = f"≥ {check.at_least:,}" if check.at_least is not None else ""
    high = f"≤ {check.at_most:,}" if check.at_most is not None else ""
    return ", ".join(one for one in (low, high) if one)


def _known(basis: DecisionBasis) -> tuple[tuple[str, str], ...]:
    plain: dict[str, Any] = json.loads(basis.facts)
    return tuple((key, str(value)) for key, value in sorted(plain.items()) if value not in (None, [], {}))
