"""What a draft policy or model would have decided on past applications. Nothing is booked by asking."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.lending import facts
from lenity.domain.lending.decision import Policy
from lenity.domain.scoring.model import Model
from lenity.domain.underwriting import judging
from lenity.portfolio import measures
from lenity.records.lending.models import CreditDecision, DecisionBasis
from lenity.records.scoring import rules

CHUNK = 500
ALL = "all"
Counts = dict[str, Counter[str]]


def tried(policy: Policy, model: Model | None, groups: Mapping[str, str], *, most: int = 0) -> dict[str, Any]:
    """Every past decision (the newest `most`) beside the draft's: approvals, swap set, defaults, by group.

    Without `model`, each is scored by the model of its day. Groups (by reference) are for testing only.
    Outcomes are known only of those who were approved then, so whom a draft would approve anew has none.
    """
    found: Counts = defaultdict(Counter)
    untried = 0
    rows = CreditDecision.objects.select_related("application", "basis", "model", "application__observed")
    known_models: dict[int, Model] = {}
    rows = rows.defer("model__content").order_by("-id")
    for row in (rows[:most] if most else rows).iterator(chunk_size=CHUNK):
        basis: DecisionBasis | None = getattr(row, "basis", None)
        if row.model_id not in known_models:
            known_models[row.model_id] = model or _model(row)
        try:
            known = facts.read(basis.facts) if basis else None
            inputs = judging.row_of(row.application.inputs)
            currency = row.application.currency
            again = judging.judge(inputs, known, known_models[row.model_id], policy, currency)
        except InputRefused:
            untried += 1
            continue
        observed = getattr(row.application, "observed", None)
        defaulted = observed.defaulted if observed else None
        _count(found[ALL], row.outcome, again.outcome, defaulted)
        if row.application.reference in groups:
            name = f"group {groups[row.application.reference]}"
            _count(found[name], row.outcome, again.outcome, defaulted)
    if not found:
        raise InputRefused([Problem("policy.try", "There is no past application that it can be tried on.")])
    return {
        "applications": found[ALL]["rows"],
        "of": CreditDecision.objects.count(),
        "untried": untried,
        "groups": {name: _told(counts) for name, counts in sorted(found.items())},
    }


def _model(row: CreditDecision) -> Model:
    return rules.model_of(row.model.content)


def _count(counts: Counter[str], then: str, now: str, defaulted: bool | None) -> None:
    """One application in its cell of the swap set."""
    before, after = then == "approve", now == "approve"
    cell = ("out", "in")[after] if before != after else ("kept_out", "kept_in")[after]
    counts["rows"] += 1
    counts[cell] += 1
    counts[f"then_{then}"] += 1
    counts[f"now_{now}"] += 1
    if defaulted is not None:
        counts[f"{cell}_observed"] += 1
        counts[f"{cell}_defaults"] += defaulted


def _told(counts: Counter[str]) -> dict[str, Any]:
    whole = counts["rows"]
    return {
        "applications": whole,
        "then": {name: counts[f"then_{name}"] for name in ("approve", "refer", "decline")},
        "now": {name: counts[f"now_{name}"] for name in ("approve", "refer", "decline")},
        "approved_then_ppm": measures.share_ppm(counts["then_approve"], whole),
        "approved_now_ppm": measures.share_ppm(counts["now_approve"], whole),
        "swap_set": {
            cell: {
                "applications": counts[cell],
                "observed": counts[f"{cell}_observed"],
                "defaulted_ppm": _share(counts[f"{cell}_defaults"], counts[f"{cell}_observed"]),
            }
            for cell in ("kept_in", "in", "out", "kept_out")
        },
    }


def _share(part: int, whole: int) -> tuple[int, int, int] | None:
    return measures.share_ppm(part, whole) if whole else None
