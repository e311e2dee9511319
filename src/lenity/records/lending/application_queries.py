"""Decisions as they were made, for replay."""

from __future__ import annotations

from collections.abc import Iterator

from lenity.domain.lending import applications, decision
from lenity.domain.scoring import model as models
from lenity.records.lending.models import CreditDecision


def replay(repayment_columns: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    """Every stored decision made again with the model and policy of its day: reference, and whether equal."""
    read_models: dict[str, models.Model] = {}
    policies: dict[str, decision.Policy] = {}
    rows = CreditDecision.objects.select_related("application", "model", "policy").order_by("id")
    for row in rows.iterator(chunk_size=500):
        if row.model.fingerprint not in read_models:
            read_models[row.model.fingerprint] = models.read(row.model.content)
        if row.policy.fingerprint not in policies:
            policies[row.policy.fingerprint] = decision.read(row.policy.content)
        again = applications.judge(
            row.application.inputs,
            read_models[row.model.fingerprint],
            policies[row.policy.fingerprint],
            row.application.currency,
            repayment_columns,
        )
        equal = (again.outcome, again.score, again.limit_minor, again.binding_cap, again.reasons) == (
            row.outcome,
            row.score,
            row.limit_minor,
            row.binding_cap,
            row.reasons,
        )
        yield row.application.reference, equal
