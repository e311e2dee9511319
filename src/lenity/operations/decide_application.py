"""An application that was kept is decided, by the policy and the model in force."""

from __future__ import annotations

from lenity.base.outcomes import InputRefused, Problem
from lenity.operations import deciding, unit
from lenity.records.lending import applicant_queries
from lenity.records.lending.models import CreditDecision
from lenity.records.scoring import rules


def decide_application(*, application_id: str, actor: str) -> CreditDecision:
    """Decide once; the decision is never made again, only replayed, or looked at by a person."""
    with unit.of_work(operation="decide_application", actor=actor) as work:
        row = applicant_queries.by_id(application_id)
        if row is None:
            says = f"There is no application {application_id!r}."
            raise InputRefused(
                [Problem("application.unknown", says, "`lenity application list` lists them.")]
            )
        return deciding.decide(work, row, rules.in_force(work.now))
