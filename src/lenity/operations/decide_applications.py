"""Clients whom the lender knows are decided on in one batch: approve, refer or decline, a limit, reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from lenity.base import canonical
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.lending.facts import Facts
from lenity.domain.underwriting import judging
from lenity.domain.underwriting.judging import Judged, Made
from lenity.gateways import clock, ids
from lenity.operations import unit
from lenity.records.lending import application_writes
from lenity.records.lending.application_writes import NewApplication
from lenity.records.scoring import rules
from lenity.records.scoring.rules import KeptRule

CHUNK = 1000
VOUCHED = ("identity_valid", "birth_date_agrees", "of_age", "age_years", "mobile_known")
"""What a lender has checked of the clients whom it has."""


@dataclass
class Decided:
    """What came of a batch of applications. `limit_minor` sums the approved limits."""

    outcomes: Counter[str] = field(default_factory=Counter)
    caps: Counter[str] = field(default_factory=Counter)
    arms: Counter[str] = field(default_factory=Counter)
    limit_minor: int = 0
    examples: list[Judged] = field(default_factory=list)


def decide_applications(
    *,
    rows: Sequence[Mapping[str, str]],
    reference_column: str,
    place: str,
    currency: str,
    source: str,
    actor: str,
    vouched: Sequence[str] = VOUCHED,
    progress: Callable[[int], None] = lambda done: None,
) -> Decided:
    """Decide on a batch in one transaction with one audit event that carries the batch's digest.

    By the policy and the model in force. Only columns that they read are kept, so protected attributes never
    reach a decision; `vouched` are checks that the source made itself.
    """
    done = Decided()
    digests: list[str] = []
    with unit.of_work(operation="decide_applications", actor=actor) as work:
        kept = rules.in_force(work.now)
        if kept.rule.policy.currency not in ("", currency):
            says = f"The policy in force is in {kept.rule.policy.currency}, the applications in {currency}."
            raise InputRefused([Problem("application.currency", says)])
        known = Facts(clock.business_day(place), place, currency, tuple(vouched))
        for start in range(0, len(rows), CHUNK):
            part = rows[start : start + CHUNK]
            new = [_new(row, reference_column, kept) for row in part]
            made = [judging.made(one.public_id, judging.row_of(one.inputs), known, kept.rule) for one in new]
            for one, judged in zip(new, made, strict=True):
                _count(done, judged)
                digests.append(canonical.digest([one.inputs, judged.judged.outcome, judged.judged.reasons]))
            applications = application_writes.add_applications(
                new, source=source, currency=currency, at=work.now
            )
            application_writes.add_decisions(
                applications, made, [known.text()] * len(made), kept=kept, at=work.now
            )
            progress(len(new))
        work.record(
            subject_kind="applications",
            subject_id=source,
            body={
                "decisions": len(digests),
                "outcomes": dict(sorted(done.outcomes.items())),
                "model": kept.model.fingerprint,
                "policy": kept.policy.fingerprint,
                "digest": canonical.digest(digests),
            },
        )
    return done


def _new(row: Mapping[str, str], reference_column: str, kept: KeptRule) -> NewApplication:
    return NewApplication(ids.public_id(), row[reference_column], judging.inputs_of(row, kept.rule.columns()))


def _count(done: Decided, made: Made) -> None:
    judged = made.judged
    done.outcomes[judged.outcome] += 1
    done.arms[made.arm] += 1
    if judged.binding_cap:
        done.caps[judged.binding_cap] += 1
    done.limit_minor += judged.limit_minor
    if judged.outcome not in {example.outcome for example in done.examples}:
        done.examples.append(judged)
