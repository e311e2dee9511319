"""The only place that adds applications, the decisions on them, and how they went."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from lenity.base.money import minor_digits
from lenity.domain.underwriting.judging import Made
from lenity.records.lending.models import (
    Applicant,
    Application,
    CreditDecision,
    DecisionBasis,
    ObservedOutcome,
    ShadowDecision,
)
from lenity.records.people.models import Borrower
from lenity.records.scoring.rules import KeptRule

BATCH = 500


@dataclass(frozen=True, slots=True)
class NewApplication:
    """An application with the inputs that a decision may depend on."""

    public_id: str
    reference: str
    inputs: str


def lock_person(index: str) -> None:
    """Let one application of a person be worked on at a time, by her number, else by her telephone.

    SQLite's IMMEDIATE transactions already do.
    """
    if index and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"person {index}"])


def add_application(
    new: NewApplication,
    *,
    borrower: Borrower,
    source: str,
    currency: str,
    at: datetime,
    identity_index: str,
    name_index: str,
    mobile_index: str,
) -> Application:
    """Add one application with its applicant's fingerprints."""
    row = Application.objects.create(
        public_id=new.public_id,
        reference=new.reference,
        borrower=borrower,
        source=source,
        currency=currency,
        applied_at=at,
        inputs=new.inputs,
    )
    Applicant.objects.create(
        application=row, identity_index=identity_index, name_index=name_index, mobile_index=mobile_index
    )
    return row


def add_applications(
    new: Sequence[NewApplication], *, source: str, currency: str, at: datetime
) -> list[Application]:
    """Add applications of clients whom the source knows, in bulk."""
    return Application.objects.bulk_create(
        (
            Application(
                public_id=one.public_id,
                reference=one.reference,
                source=source,
                currency=currency,
                applied_at=at,
                inputs=one.inputs,
            )
            for one in new
        ),
        batch_size=BATCH,
    )


def add_decisions(
    applications: Sequence[Application],
    made: Sequence[Made],
    facts: Sequence[str],
    *,
    kept: KeptRule,
    at: datetime,
) -> list[CreditDecision]:
    """Add the decisions on applications, with what they rest on and what the other arm would have decided."""
    decisions = CreditDecision.objects.bulk_create(
        (_decision(row, one, kept, at) for row, one in zip(applications, made, strict=True)),
        batch_size=BATCH,
    )
    DecisionBasis.objects.bulk_create(
        (_basis(row, one, known, kept) for row, one, known in zip(decisions, made, facts, strict=True)),
        batch_size=BATCH,
    )
    ShadowDecision.objects.bulk_create(
        (_shadow(row, one, kept) for row, one in zip(decisions, made, strict=True) if one.shadow),
        batch_size=BATCH,
    )
    return decisions


def add_outcomes(
    outcomes: Sequence[tuple[Application, bool]], *, observed_on: date, source: str, at: datetime
) -> int:
    """Add how the credit of applications went."""
    rows = (
        ObservedOutcome(
            application=row, defaulted=defaulted, observed_on=observed_on, source=source, recorded_at=at
        )
        for row, defaulted in outcomes
    )
    return len(ObservedOutcome.objects.bulk_create(rows, batch_size=BATCH))


def _decision(row: Application, made: Made, kept: KeptRule, at: datetime) -> CreditDecision:
    challenged = made.arm == "challenger"
    one = made.judged
    return CreditDecision(
        application=row,
        outcome=one.outcome,
        score=one.score,
        limit_minor=one.limit_minor,
        binding_cap=one.binding_cap,
        reasons=one.reasons,
        model=kept.challenger_model if challenged else kept.model,
        policy=kept.challenger_policy if challenged else kept.policy,
        decided_at=at,
    )


def _basis(row: CreditDecision, made: Made, facts: str, kept: KeptRule) -> DecisionBasis:
    caps = json.loads(made.judged.caps)
    return DecisionBasis(
        decision=row,
        policy_in_force=kept.policy,
        model_in_force=kept.model,
        facts=facts,
        checks=made.judged.checks,
        caps=made.judged.caps,
        lowest_cap_minor=min(caps.values()) * 10 ** minor_digits(row.application.currency),
        default_ppm=made.judged.default_ppm,
        experiment=made.experiment,
        arm=made.arm,
    )


def _shadow(row: CreditDecision, made: Made, kept: KeptRule) -> ShadowDecision:
    challenged = made.arm == "challenger"
    trial, one = kept.rule.policy.trial, made.shadow
    assert trial is not None
    assert one is not None
    return ShadowDecision(
        decision=row,
        experiment=trial.name,
        outcome=one.outcome,
        score=one.score,
        limit_minor=one.limit_minor,
        default_ppm=one.default_ppm,
        model=kept.model if challenged else kept.challenger_model,
        policy=kept.policy if challenged else kept.challenger_policy,
    )
