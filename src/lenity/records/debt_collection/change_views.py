"""Changes that wait for a second person, as the pages show them: money, and contacts to many people."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from lenity.domain.approvals import bulk
from lenity.records.approvals import queries as approvals
from lenity.records.approvals.models import ChangeProposal
from lenity.records.lending.models import Loan
from lenity.records.people.models import ContactPoint, StaffMember

MONEY = (
    "write_off",
    "refund",
    "rate_change",
    "payment_reversal",
    "fact_undo",
    "waiver",
    "plan_agreed",
)
BULK = ("bulk_send",)
ORDER = {"waiting": 0, "approved": 1}


@dataclass(frozen=True)
class Asked:
    """Who asked for what and where it stands; `own` where the reader asked for it herself."""

    change: str
    digest: str
    kind: str
    reason: str
    by: str
    own: bool
    at: datetime
    expires_at: datetime
    state: str
    decided_by: str
    decided_reason: str


@dataclass(frozen=True)
class MoneyChange:
    """A change of money as its second reader sees it."""

    asked: Asked
    account_ending: str
    currency: str
    amount_minor: int
    from_percent: str
    to_percent: str
    value_date: date | None
    part: str
    """What is undone, let go or agreed on: a kind of entry, a component, a kind of plan."""


@dataclass(frozen=True)
class BulkChange:
    """A bulk send as its second reader sees it."""

    asked: Asked
    on_date: date
    told: bulk.Told


def money(reader: str, now: datetime) -> list[MoneyChange]:
    """Changes of money, those that wait on top."""
    found, payloads = asked(reader, now, MONEY)
    wanted = {str(one["loan"]) for one in payloads.values()}
    loans = {one.public_id: one for one in Loan.objects.filter(public_id__in=wanted)}
    made = []
    for one in found:
        payload = payloads[one.change]
        loan = loans.get(str(payload["loan"]))
        if loan is not None:
            day = payload.get("value_date")
            made.append(
                MoneyChange(
                    one,
                    loan.account_number[-4:],
                    loan.currency,
                    int(payload.get("amount_minor", 0)),
                    str(payload.get("from_percent", "")),
                    str(payload.get("to_percent", "")),
                    date.fromisoformat(day) if day else None,
                    str(payload.get("kind") or payload.get("component") or payload.get("plan", "")),
                )
            )
    return made


def bulk_sends(reader: str, now: datetime) -> list[BulkChange]:
    """Bulk sends, those that wait on top."""
    found, payloads = asked(reader, now, BULK)
    return [
        BulkChange(
            one,
            date.fromisoformat(payloads[one.change]["on_date"]),
            bulk.told(bulk.wanted(payloads[one.change])),
        )
        for one in found
    ]


def live_points(public_ids: Iterable[str]) -> set[str]:
    """Which of these numbers and addresses are in use."""
    wanted = list(public_ids)
    live: set[str] = set()
    for start in range(0, len(wanted), 500):
        rows = ContactPoint.objects.filter(public_id__in=wanted[start : start + 500], retired_at__isnull=True)
        live |= set(rows.values_list("public_id", flat=True))
    return live


def asked(
    reader: str, now: datetime, kinds: tuple[str, ...], most: int = 60
) -> tuple[list[Asked], dict[str, dict[str, str]]]:
    """Changes of these kinds, those that wait on top, with the contents by id."""
    rows = list(ChangeProposal.objects.filter(kind__in=kinds).order_by("-id")[:most])
    payloads = {row.public_id: json.loads(row.payload) for row in rows}
    names = dict(StaffMember.objects.values_list("public_id", "display_name"))
    found = [
        Asked(
            one.public_id,
            one.digest,
            one.kind,
            one.reason,
            names.get(one.proposed_by, one.proposed_by),
            one.proposed_by == reader,
            one.proposed_at,
            one.expires_at,
            one.state,
            names.get(one.decided_by, one.decided_by),
            one.decided_reason,
        )
        for one in approvals.changes(now, kinds=kinds, most=most, brief=True)
    ]
    return sorted(found, key=lambda one: ORDER.get(one.state, 2)), payloads
