"""A trial's two arms beside each other: where they agree, whom each approves, who defaulted, which reasons change.

Outcomes are known only of people who got credit, so a rate of defaults says nothing of whom only the arm that
did not decide would have approved. What an exploration approved by lot says it, with the interval that it has.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from django.db.models import Avg, Count, F, Max, Q, QuerySet
from django.db.models.functions import TruncMonth

from lenity.base.outcomes import InputRefused
from lenity.domain.lending import facts
from lenity.domain.underwriting import judging
from lenity.portfolio import measures
from lenity.records.lending.models import CreditDecision, DecisionBasis, ShadowDecision
from lenity.records.scoring import queries as scoring
from lenity.records.scoring import rules

OUTCOMES = ("approve", "refer", "decline")
MOST_REASONS = 500
"""How many of the newest decisions on which the arms differ have their reasons made again."""
MILLION = 1_000_000
Z_PPM = 1_959_964


@dataclass(frozen=True, slots=True)
class Cell:
    """Decisions alike in arm, month and both outcomes; of some the credit's outcome is known."""

    arm: str
    month: str
    champion: str
    challenger: str
    rows: int
    observed: int
    defaults: int


def trials() -> list[dict[str, Any]]:
    """Every trial with how many decisions it saw, the newest first."""
    rows = ShadowDecision.objects.values("experiment").annotate(rows=Count("id"), last=Max("id"))
    return [{"trial": one["experiment"], "rows": one["rows"]} for one in rows.order_by("-last")]


def report(zone: tzinfo, trial: str = "") -> dict[str, Any] | None:
    """A trial, the newest without a name; None where there is none of that name."""
    known = [one["trial"] for one in trials()]
    name = trial or (known[0] if known else "")
    if name not in known:
        return None
    cells = _cells(name, zone)
    return {
        "trial": name,
        **_both(cells),
        "by_arm": {arm: _arm([one for one in cells if one.arm == arm]) for arm in _arms(cells)},
        "months": {
            month: _both([one for one in cells if one.month == month])
            for month in sorted({one.month for one in cells})
        },
        "exploration": _explored(name),
        "reasons": _reasons(name),
        "challengers": _challengers(name),
    }


def _cells(name: str, zone: tzinfo) -> list[Cell]:
    rows = ShadowDecision.objects.filter(experiment=name).order_by()
    grouped = rows.values(
        "outcome",
        "decision__outcome",
        "decision__basis__arm",
        month=TruncMonth("decision__decided_at", tzinfo=zone),
    ).annotate(
        rows=Count("id"),
        observed=Count("decision__application__observed"),
        defaults=Count("id", filter=Q(decision__application__observed__defaulted=True)),
    )
    return [_cell(one) for one in grouped]


def _cell(one: Mapping[str, Any]) -> Cell:
    arm, made, other = one["decision__basis__arm"], one["decision__outcome"], one["outcome"]
    champion, challenger = {
        "champion": (made, other),
        "challenger": (other, made),
        # An exploration approves what the rule in force had declined.
        "exploration": ("decline", other),
    }[arm]
    month = one["month"].strftime("%Y-%m")
    return Cell(arm, month, champion, challenger, one["rows"], one["observed"], one["defaults"])


def _both(cells: list[Cell]) -> dict[str, Any]:
    """The two arms on the same applications: agreement, approvals, defaults of whom each approves."""
    whole = sum(one.rows for one in cells)
    matrix: dict[str, Counter[str]] = defaultdict(Counter)
    for one in cells:
        matrix[one.champion][one.challenger] += one.rows
    only = [one for one in cells if one.champion == "approve" != one.challenger]
    gained = [one for one in cells if one.challenger == "approve" != one.champion]
    return {
        "rows": whole,
        "agree_ppm": _share(sum(one.rows for one in cells if one.champion == one.challenger), whole),
        "matrix": {first: {second: matrix[first][second] for second in OUTCOMES} for first in OUTCOMES},
        "champion": _side([one for one in cells if one.champion == "approve"], whole),
        "challenger": _side([one for one in cells if one.challenger == "approve"], whole),
        "only_champion": _side(only, whole),
        "only_challenger": _side(gained, whole),
        "difference_ppm": _difference(_rows(gained), _rows(only), whole),
    }


def _rows(cells: Iterable[Cell]) -> int:
    return sum(one.rows for one in cells)


def _side(cells: list[Cell], whole: int) -> dict[str, Any]:
    observed, defaults = sum(one.observed for one in cells), sum(one.defaults for one in cells)
    return {
        "approved": _rows(cells),
        "approved_ppm": _share(_rows(cells), whole),
        "observed": observed,
        "defaulted_ppm": _share(defaults, observed),
    }


def _arms(cells: list[Cell]) -> list[str]:
    there = {one.arm for one in cells}
    return [arm for arm in ("champion", "challenger", "exploration") if arm in there]


def _arm(cells: list[Cell]) -> dict[str, Any]:
    """What an arm decided itself: the arms of a share were drawn by lot, so these compare without bias."""
    approved = [one for one in cells if _decided(one) == "approve"]
    return {"rows": _rows(cells), **_side(approved, _rows(cells))}


def _decided(one: Cell) -> str:
    return {"champion": one.champion, "challenger": one.challenger}.get(one.arm, "approve")


def _explored(name: str) -> dict[str, Any] | None:
    """Would-be declines approved by lot: how many defaulted, beside what the model expected."""
    last = ShadowDecision.objects.filter(experiment=name).order_by("-id").first()
    if last is None:
        return None
    policy = last.decision.basis.policy_in_force
    arm = rules.policy_of(policy.content).exploration
    rows = DecisionBasis.objects.filter(arm="exploration", policy_in_force=policy)
    found = rows.aggregate(
        rows=Count("id"),
        expected=Avg("default_ppm", filter=Q(decision__application__observed__isnull=False)),
        observed=Count("decision__application__observed"),
        defaults=Count("id", filter=Q(decision__application__observed__defaulted=True)),
    )
    if not found["rows"]:
        return None
    expected = None if found["expected"] is None else round(found["expected"])
    defaulted = _share(found["defaults"], found["observed"])
    return {
        "rows": found["rows"],
        "share_ppm": arm.share_ppm if arm else 0,
        "up_to_ppm": arm.up_to_ppm if arm else 0,
        "observed": found["observed"],
        "expected_ppm": expected,
        "defaulted_ppm": defaulted,
        "factor_ppm": _factor(defaulted, expected),
    }


def _factor(defaulted: tuple[int, int, int] | None, expected: int | None) -> tuple[int, int, int] | None:
    """The odds seen over the odds expected: what a parcelling may assume of such people, with its interval."""
    if defaulted is None or not expected or expected == MILLION or max(defaulted) >= MILLION:
        return None
    low, middle, high = (
        one * (MILLION - expected) * MILLION // ((MILLION - one) * expected)
        for one in (defaulted[1], defaulted[0], defaulted[2])
    )
    return middle, low, high


def _reasons(name: str) -> dict[str, Any]:
    """Of decisions on which the arms differ, the reasons of each arm; the other arm's are made again."""
    rows: QuerySet[CreditDecision] = CreditDecision.objects.select_related(
        "application", "basis", "shadow__policy", "shadow__model"
    )
    rows = rows.filter(shadow__experiment=name, basis__arm__in=["champion", "challenger"])
    rows = rows.order_by("-id")
    gone: Counter[str] = Counter()
    come: Counter[str] = Counter()
    words: dict[str, Mapping[str, str]] = {}
    seen = 0
    for row in rows.filter(~Q(outcome=F("shadow__outcome"))).defer("model", "policy")[:MOST_REASONS]:
        made = _codes(row.outcome, json.loads(row.reasons), words)
        other = _codes(row.shadow.outcome, _made_again(row), words)
        first, second = (made, other) if row.basis.arm == "champion" else (other, made)
        gone.update(first - second)
        come.update(second - first)
        seen += 1
    return {
        "decisions": seen,
        "only_champion": gone.most_common(10),
        "only_challenger": come.most_common(10),
        "words": words,
    }


def _codes(
    outcome: str, reasons: Iterable[Mapping[str, Any]], words: dict[str, Mapping[str, str]]
) -> set[str]:
    """What an applicant would be told: of an approval, no reason."""
    found = set()
    for one in reasons if outcome != "approve" else ():
        found.add(str(one["code"]))
        words.setdefault(str(one["code"]), {"zh": str(one["zh"]), "en": str(one["en"])})
    return found


def _made_again(row: CreditDecision) -> list[dict[str, Any]]:
    shadow = row.shadow
    model, policy = rules.model_of(shadow.model.content), rules.policy_of(shadow.policy.content)
    try:
        known = facts.read(row.basis.facts)
        made = judging.judge(
            judging.row_of(row.application.inputs), known, model, policy, row.application.currency
        )
    except InputRefused:
        return []
    found: list[dict[str, Any]] = json.loads(made.reasons)
    return found


def _challengers(name: str) -> list[dict[str, Any]]:
    """The policies and models that stood against the rule in force, and whether each is in force now."""
    policy, model = scoring.policy_in_force(), scoring.model_in_force("default")
    rows = ShadowDecision.objects.filter(experiment=name, decision__basis__arm="champion")
    pairs = rows.order_by().values("policy__fingerprint", "policy__name", "model__fingerprint", "model__name")
    return [
        {
            "policy": one["policy__fingerprint"],
            "policy_name": one["policy__name"],
            "policy_in_force": policy is not None and policy.fingerprint == one["policy__fingerprint"],
            "model": one["model__fingerprint"],
            "model_name": one["model__name"],
            "model_in_force": model is not None and model.fingerprint == one["model__fingerprint"],
            "rows": one["rows"],
        }
        for one in pairs.annotate(rows=Count("id"), last=Max("id")).order_by("-last")
    ]


def _share(part: int, whole: int) -> tuple[int, int, int] | None:
    return measures.share_ppm(part, whole) if whole else None


def _difference(gained: int, lost: int, whole: int) -> tuple[int, int, int] | None:
    """Challenger's approvals less champion's on the same applications, with the interval of paired shares.

    >>> _difference(30, 10, 1000)
    (20000, 7667, 32333)
    >>> _difference(0, 0, 0) is None
    True
    """
    if not whole:
        return None
    spread = (gained + lost) * whole - (gained - lost) ** 2
    wide = math.isqrt(spread * Z_PPM * Z_PPM // whole**3)
    middle = (gained - lost) * MILLION // whole
    return middle, middle - wide, middle + wide
