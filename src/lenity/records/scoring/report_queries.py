"""Models that are kept with who put them in force, and the reports on them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lenity.domain.scoring import model as models
from lenity.records.approvals.models import ChangeVerdict
from lenity.records.people.models import StaffMember
from lenity.records.scoring.models import Activation, ScoreModel, ScoreReport
from lenity.records.scoring.queries import model_in_force

MOST = 24


@dataclass(frozen=True)
class Kept:
    """A report as a list tells it."""

    digest: str
    kind: str
    recorded_at: datetime
    model_name: str
    fingerprint: str


@dataclass(frozen=True)
class Report:
    """A report whole."""

    kept: Kept
    content: dict[str, Any]
    model: models.Model | None


@dataclass(frozen=True)
class ModelLine:
    """A model as a list tells it."""

    fingerprint: str
    name: str
    use: str
    recorded_at: datetime
    in_force: bool


@dataclass(frozen=True)
class Approval:
    """Who put a model in force: proposed by one, approved by another."""

    proposed_by: str
    reason: str
    approved_by: str
    approved_reason: str
    at: datetime


@dataclass(frozen=True)
class Card:
    """A model with who approved it and the newest reports on it."""

    line: ModelLine
    model: models.Model
    approvals: list[Approval]
    watch: Report | None
    cures: Report | None


def reports(kind: str) -> list[Kept]:
    """The newest reports of a kind."""
    rows = ScoreReport.objects.filter(kind=kind).select_related("model").order_by("-id")
    return [_kept(row) for row in rows[:MOST]]


def report(kind: str, digest: str = "", fingerprint: str = "") -> Report | None:
    """One report: the one with this digest, or the newest (of this model)."""
    rows = ScoreReport.objects.filter(kind=kind).select_related("model").order_by("-id")
    rows = rows.filter(digest=digest) if digest else rows
    row = (rows.filter(model__fingerprint=fingerprint) if fingerprint else rows).first()
    if row is None:
        return None
    model = models.read(row.model.content) if row.model else None
    return Report(_kept(row), json.loads(row.content), model)


def kept_models() -> list[ModelLine]:
    """Every model that is kept, the newest first."""
    return [_line(row) for row in ScoreModel.objects.order_by("-id")[:MOST]]


def card(fingerprint: str) -> Card | None:
    """All that is known of a model."""
    row = ScoreModel.objects.filter(fingerprint=fingerprint).first()
    if row is None:
        return None
    activations = Activation.objects.filter(kind="model_activation", fingerprint=fingerprint)
    names = dict(StaffMember.objects.values_list("public_id", "display_name"))
    found = activations.select_related("claim__verdict__proposal").order_by("-id")
    approvals = [_approval(one.claim.verdict, names) for one in found]
    return Card(
        _line(row),
        models.read(row.content),
        approvals,
        report("watch", fingerprint=fingerprint),
        report("cures", fingerprint=fingerprint),
    )


def _approval(verdict: ChangeVerdict, names: dict[str, str]) -> Approval:
    asked = verdict.proposal
    return Approval(
        names.get(asked.proposed_by, asked.proposed_by),
        asked.reason,
        names.get(verdict.decided_by, verdict.decided_by),
        verdict.reason,
        verdict.decided_at,
    )


def _line(row: ScoreModel) -> ModelLine:
    use = str(json.loads(row.content).get("use", models.DEFAULT))
    now = model_in_force(use)
    return ModelLine(row.fingerprint, row.name, use, row.recorded_at, now is not None and now.pk == row.pk)


def _kept(row: ScoreReport) -> Kept:
    model = row.model
    return Kept(
        row.digest,
        row.kind,
        row.recorded_at,
        model.name if model else "",
        model.fingerprint if model else "",
    )
