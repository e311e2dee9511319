"""Every decision made again from what was stored with it, and what was put into it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from lenity.domain.lending import facts
from lenity.domain.underwriting import judging
from lenity.domain.underwriting.judging import Judged, Made
from lenity.records.lending.models import Application, CreditDecision, DecisionBasis, ShadowDecision
from lenity.records.scoring import rules
from lenity.records.scoring.models import DecisionPolicy, ScoreModel
from lenity.records.scoring.rules import KeptRule

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
