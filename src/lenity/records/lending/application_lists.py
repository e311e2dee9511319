"""Applications as a list tells them: newest first, a page at a time, by state, outcome, reason and day."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery

from lenity.domain.lending import review
from lenity.records.lending.models import (
    Application,
    CreditDecision,
    DecisionBasis,
    DecisionReview,
    ReviewAnswer,
)
from lenity.records.scoring import rules
from lenity.records.scoring.queries import model_in_force, policy_in_force

OUTCOMES = ("approve", "refer", "decline", "undecided")
STATES = ("undecided", "waits", "answered", "machine")
"""Not decided; waits for a person; a person has answered; nobody was asked."""
HIDDEN = ("inputs", "decision__reasons", "decision__basis__facts", "decision__basis__checks")


@dataclass(frozen=True)
class Wanted:
    """What a reader looks for; empty parts ask for nothing. `reason` is the code of a reason that was told."""

    outcome: str = ""
    state: str = ""
    reason: str = ""
    since: datetime | None = None
    until: datetime | None = None
    source: str = ""


@dataclass(frozen=True)
class Line:
    """An application in a list; outcome `undecided` where nothing was decided yet.

    `state` is one of `STATES`; `person` is what a person decided last, empty where none did.
    """

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
    state: str
    person: str


@dataclass(frozen=True)
class Page:
    """Some applications, and where the next ones begin; 0 at the end."""

    rows: tuple[Line, ...]
    after: int


def applications(wanted: Wanted = Wanted(), *, before: int = 0, most: int = 50) -> Page:
    """Applications, newest first."""
    rows = _wanted(_rows().order_by("-id"), wanted)
    found = list((rows.filter(pk__lt=before) if before else rows)[: most + 1])
    return Page(tuple(line(row) for row in found[:most]), found[most - 1].pk if len(found) > most else 0)


def one(public_id: str) -> Application | None:
    """An application with what `line` reads."""
    return _rows(hidden=()).filter(public_id=public_id).first()


def counts() -> dict[str, int]:
    """How many applications have each outcome, and how many reviews wait for a person."""
    grouped = CreditDecision.objects.order_by().values_list("outcome").annotate(Count("id"))
    found = dict.fromkeys(OUTCOMES, 0) | {str(name): int(number) for name, number in grouped}
    return found | {
        "undecided": Application.objects.filter(decision__isnull=True).count(),
        "waits": DecisionReview.objects.filter(answer__isnull=True).count(),
    }


def reasons() -> dict[str, Mapping[str, str]]:
    """The reasons that the rule in force can tell, by code, in both languages; nothing without a rule."""
    policy, model = policy_in_force(), model_in_force("default")
    if policy is None or model is None:
        return {}
    checks = {f"check:{one.id}": one.failed for one in rules.policy_of(policy.content).checks}
    told = {
        code: words
        for code, words in rules.model_of(model.content).reasons.items()
        if words.get("told", True)
    }
    caps = {f"cap:{name}": words for name, words in review.CAPS.items() if name != "exploration"}
    return {**checks, **told, **caps}


def _rows(hidden: tuple[str, ...] = HIDDEN) -> QuerySet[Application]:
    waits = DecisionReview.objects.filter(decision__application=OuterRef("pk"), answer__isnull=True)
    answers = ReviewAnswer.objects.filter(review__decision__application=OuterRef("pk")).order_by("-id")
    rows = Application.objects.select_related("decision__basis").defer(*hidden)
    return rows.annotate(waits=Exists(waits), person=Subquery(answers.values("outcome")[:1]))


def _wanted(rows: QuerySet[Any], wanted: Wanted) -> QuerySet[Any]:
    if wanted.outcome == "undecided" or wanted.state == "undecided":
        rows = rows.filter(decision__isnull=True)
    elif wanted.outcome:
        rows = rows.filter(decision__outcome=wanted.outcome)
    if wanted.state == "waits":
        rows = rows.filter(waits=True)
    elif wanted.state == "answered":
        rows = rows.filter(waits=False, person__isnull=False)
    elif wanted.state == "machine":
        rows = rows.filter(decision__isnull=False, waits=False, person__isnull=True)
    if wanted.reason:
        rows = rows.filter(decision__reasons__contains=f'"code":{json.dumps(wanted.reason)}')
    rows = rows.filter(source=wanted.source) if wanted.source else rows
    rows = rows.filter(applied_at__gte=wanted.since) if wanted.since else rows
    return rows.filter(applied_at__lt=wanted.until) if wanted.until else rows


def line(row: Application) -> Line:
    """An application of `_rows` as a line."""
    decision: CreditDecision | None = getattr(row, "decision", None)
    basis: DecisionBasis | None = getattr(decision, "basis", None) if decision else None
    waits, person = bool(row.waits), row.person or ""  # type: ignore[attr-defined]
    state = "undecided" if decision is None else "waits" if waits else "answered" if person else "machine"
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
        state,
        person,
    )
