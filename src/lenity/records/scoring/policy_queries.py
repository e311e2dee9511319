"""Policies and models as they came into force: since when, on whose proposal and approval, what each changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lenity.domain.approvals import change
from lenity.records.people.models import StaffMember
from lenity.records.scoring import queries
from lenity.records.scoring.models import Activation, DecisionPolicy

Lines = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class InForceView:
    """A policy or model that came into force. A model's lines are not compared: its card tells them."""

    kind: str
    name: str
    fingerprint: str
    activated_at: datetime
    proposed_by: str
    reason: str
    approved_by: str
    approved_reason: str
    is_current: bool
    difference: Lines


@dataclass(frozen=True)
class KeptPolicy:
    """A policy whole. `difference` is against the one before it, of a candidate against the one in force."""

    name: str
    fingerprint: str
    recorded_at: datetime
    text: str
    in_force: tuple[InForceView, ...]
    difference: Lines


def history(kind: str, *, most: int = 20) -> list[InForceView]:
    """What was in force, newest first, each policy with the lines that it changed."""
    rows = Activation.objects.filter(kind=kind).select_related("claim__verdict__proposal").order_by("-id")
    found = list(rows[: most + 1])
    texts = {
        one.fingerprint: (one.name, one.content)
        for one in queries.TABLES[kind].objects.filter(fingerprint__in=[row.fingerprint for row in found])
    }
    people = dict(StaffMember.objects.values_list("public_id", "display_name"))
    return [_view(found, at, texts, people) for at in range(len(found[:most]))]


def policies(*, most: int = 40) -> list[KeptPolicy]:
    """Candidates that are kept and never came into force, newest first, without their lines."""
    active = Activation.objects.filter(kind="policy_activation").values("fingerprint")
    rows = DecisionPolicy.objects.exclude(fingerprint__in=active).order_by("-id")[:most]
    return [KeptPolicy(row.name, row.fingerprint, row.recorded_at, "", (), ()) for row in rows]


def policy(fingerprint: str) -> KeptPolicy | None:
    """A policy whole."""
    row = queries.policy(fingerprint)
    if row is None:
        return None
    found = tuple(one for one in history("policy_activation", most=200) if one.fingerprint == fingerprint)
    difference = found[-1].difference if found else ()
    current = queries.policy_in_force()
    if not found and current is not None:
        difference = tuple(change.difference(current.content, row.content))
    return KeptPolicy(row.name, fingerprint, row.recorded_at, row.content, found, difference)


def _view(
    rows: Sequence[Activation], at: int, texts: dict[str, tuple[str, str]], people: dict[str, str]
) -> InForceView:
    row, before = rows[at], rows[at + 1 : at + 2]
    verdict = row.claim.verdict
    lines: Lines = ()
    if before and row.kind == "policy_activation":
        lines = tuple(change.difference(texts[before[0].fingerprint][1], texts[row.fingerprint][1]))
    return InForceView(
        row.kind,
        texts[row.fingerprint][0],
        row.fingerprint,
        row.activated_at,
        people.get(verdict.proposal.proposed_by, verdict.proposal.proposed_by),
        verdict.proposal.reason,
        people.get(verdict.decided_by, verdict.decided_by),
        verdict.reason,
        at == 0,
        lines,
    )
