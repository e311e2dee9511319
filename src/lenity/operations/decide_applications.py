"""Applicants are scored and decided on: approve, refer or decline, a limit, up to four reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from lenity.base import canonical
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.lending import applications, decision
from lenity.domain.scoring import model as models
from lenity.domain.scoring.model import Model
from lenity.gateways import ids
from lenity.operations import unit
from lenity.records.lending import application_writes
from lenity.records.scoring import writes as scoring_writes

CHUNK = 1000


@dataclass
class Decided:
    """What came of a batch of applications. `limit_minor` sums the approved limits."""

    outcomes: Counter[str] = field(default_factory=Counter)
    caps: Counter[str] = field(default_factory=Counter)
    limit_minor: int = 0
    examples: list[applications.Judged] = field(default_factory=list)


def decide_applications(
    *,
    rows: Sequence[Mapping[str, str]],
    columns: Sequence[str],
    repayment_columns: Sequence[str],
    reference_column: str,
    model_text: str,
    model: Model,
    policy: decision.Policy,
    currency: str,
    source: str,
    actor: str,
    progress: Callable[[int], None] = lambda done: None,
) -> Decided:
    """Decide on a batch in one transaction with one audit event that carries the batch's digest.

    Only `columns` are kept and used, so protected attributes never reach a decision.
    """
    if model.use != models.DEFAULT:
        says = f"A model of {models.USES[model.use]} decides on no application."
        raise InputRefused([Problem("applications.model", says, "Take a model of default.")])
    done = Decided()
    digests: list[str] = []
    with unit.of_work(operation="decide_applications", actor=actor) as work:
        kept_model = scoring_writes.keep_model(
            fingerprint=model.fingerprint, name=model.name, content=model_text, recorded_at=work.now
        )
        kept_policy = scoring_writes.keep_policy(
            fingerprint=policy.fingerprint, name=policy.name, content=policy.text, recorded_at=work.now
        )
        for start in range(0, len(rows), CHUNK):
            new = []
            for row in rows[start : start + CHUNK]:
                inputs = applications.inputs_of(row, columns)
                judged = applications.judge(inputs, model, policy, currency, repayment_columns)
                new.append(_new(row[reference_column], judged))
                _count(done, judged)
                digests.append(canonical.digest([judged.inputs, judged.outcome, judged.reasons]))
            application_writes.add_decided(
                new, source=source, currency=currency, model=kept_model, policy=kept_policy, at=work.now
            )
            progress(len(new))
        work.record(
            subject_kind="applications",
            subject_id=source,
            body={
                "decisions": len(digests),
                "outcomes": dict(sorted(done.outcomes.items())),
                "model": model.fingerprint,
                "policy": policy.fingerprint,
                "digest": canonical.digest(digests),
            },
        )
    return done


def _new(reference: str, judged: applications.Judged) -> application_writes.NewDecision:
    return application_writes.NewDecision(
        public_id=ids.public_id(),
        reference=reference,
        inputs=judged.inputs,
        outcome=judged.outcome,
        score=judged.score,
        limit_minor=judged.limit_minor,
        binding_cap=judged.binding_cap,
        reasons=judged.reasons,
    )


def _count(done: Decided, judged: applications.Judged) -> None:
    done.outcomes[judged.outcome] += 1
    if judged.binding_cap:
        done.caps[judged.binding_cap] += 1
    done.limit_minor += judged.limit_minor
    if judged.outcome not in {example.outcome for example in done.examples}:
        done.examples.append(judged)
