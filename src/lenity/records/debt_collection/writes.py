"""The only place that adds contacts, decisions, holds, outbox rows and receipts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from lenity.records import encrypted
from lenity.records.debt_collection.models import (
    ConcernStep,
    Contact,
    ContactCheck,
    ContactOutcome,
    ContactSlot,
    DeliveryReceipt,
    Hold,
    HoldEnd,
    OutboxMessage,
    Placement,
)
from lenity.records.lending.models import Loan
from lenity.records.people.models import Borrower


def lock_borrower(public_id: str) -> Borrower:
    """Take the borrower's row for the length of the transaction: contacts are decided one at a time.

    SQLite's IMMEDIATE transactions already exclude each other; PostgreSQL locks the row.
    """
    rows = Borrower.objects.all()
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    return rows.get(public_id=public_id)


def claim_messages(*, owner: str, until: datetime, at_most: int) -> list[OutboxMessage]:
    """Lease queued messages; two dispatchers never get the same one (SKIP LOCKED, or SQLite's one writer)."""
    queued = OutboxMessage.objects.filter(state="queued").order_by("contact_id")
    rows = _lockable(queued.select_related("contact__borrower", "contact__contact_point"))
    messages = list(rows[:at_most])
    for message in messages:
        message.state, message.lease_owner, message.leased_until = "leased", owner, until
    OutboxMessage.objects.bulk_update(messages, ["state", "lease_owner", "leased_until"], batch_size=500)
    return messages


def cancel_messages(stopped: Mapping[int, str], *, owner: str) -> int:
    """Stop leased messages that have not left; the places they held in their allowances are free again."""
    for contact_id, reason in stopped.items():
        OutboxMessage.objects.filter(contact_id=contact_id, state="leased", lease_owner=owner).update(
            state="cancelled", note=reason
        )
    ContactSlot.objects.filter(contact_id__in=stopped).delete()
    return len(stopped)


def lapse_leases(*, now: datetime) -> int:
    """A lease that ran out may or may not have been handed over: unknown, and never sent again."""
    lapsed = OutboxMessage.objects.filter(state="leased", leased_until__lt=now)
    return lapsed.update(state="unknown", note="The dispatcher stopped before it could say what happened.")


def settle_messages(results: Iterable[Mapping[str, Any]], *, owner: str, now: datetime) -> int:
    """Write down what became of leased messages. Only the holder of the lease may."""
    settled = 0
    for result in results:
        changes = {key: value for key, value in result.items() if key != "contact_id"}
        settled += OutboxMessage.objects.filter(
            contact_id=result["contact_id"], state="leased", lease_owner=owner
        ).update(**changes, handed_at=now)
    return settled


def add_receipts(receipts: Sequence[DeliveryReceipt]) -> int:
    """Store receipts; one that came before is passed over. Links those that belong to a message."""
    known = {
        (message.provider, message.provider_id): message
        for message in OutboxMessage.objects.filter(provider_id__in={r.provider_id for r in receipts} - {""})
    }
    for receipt in receipts:
        receipt.message = known.get((receipt.provider, receipt.provider_id))
    DeliveryReceipt.objects.bulk_create(receipts, ignore_conflicts=True, batch_size=500)
    return len(receipts)


def link_receipts() -> int:
    """Give early receipts (that came before the provider's answer) to their messages."""
    mine = OutboxMessage.objects.filter(provider=OuterRef("provider"), provider_id=OuterRef("provider_id"))
    orphans = DeliveryReceipt.objects.filter(message__isnull=True).exclude(provider_id="")
    return orphans.filter(Exists(mine)).update(message=Subquery(mine.values("pk")[:1]))


def add_hold(
    *,
    public_id: str,
    borrower: Borrower,
    loan: Loan | None,
    kind: str,
    opened_at: datetime,
    opened_by: str,
    ends_on: date | None,
    detail: Mapping[str, str],
) -> Hold:
    """Add something that stops collection contacts."""
    return Hold.objects.create(
        public_id=public_id,
        borrower=borrower,
        loan=loan,
        kind=kind,
        opened_at=opened_at,
        opened_by=opened_by,
        ends_on=ends_on,
        detail=dict(detail),
    )


def add_concern_step(
    hold: Hold, *, kind: str, staff: str, reason: str, taken_at: datetime, taken_by: str
) -> ConcernStep:
    """Keep that a concern was passed on."""
    return ConcernStep.objects.create(
        hold=hold, kind=kind, staff=staff, reason=reason, taken_at=taken_at, taken_by=taken_by
    )


def end_hold(hold: Hold, *, ended_at: datetime, reason: str) -> HoldEnd:
    """End a hold before its date."""
    return HoldEnd.objects.create(hold=hold, ended_at=ended_at, reason=reason)


def add_placement(
    *,
    public_id: str,
    agency: str,
    loan: Loan,
    channels: Sequence[str],
    hours: tuple[time, time],
    until: date,
    placed_at: datetime,
) -> Placement:
    """Place a loan with an agency."""
    return Placement.objects.create(
        public_id=public_id,
        agency=agency,
        loan=loan,
        channels=list(channels),
        opens=hours[0],
        closes=hours[1],
        until=until,
        placed_at=placed_at,
    )


def recall_placement(placement: Placement, *, at: datetime) -> None:
    """Take a loan back from an agency; it holds for the next request."""
    Placement.objects.filter(pk=placement.pk, recalled_at=None).update(recalled_at=at)


def end_broken_plans(late_loans: set[int], *, ended_at: datetime) -> list[Hold]:
    """End the stop of contacts of agreed plans whose loans are late; returns what ended."""
    agreed = Hold.objects.filter(kind="plan", detail__has_key="plan", end__isnull=True)
    holds = agreed.select_related("borrower")
    broken = [hold for hold in holds if hold.loan_id in late_loans]
    for hold in broken:
        end_hold(hold, ended_at=ended_at, reason="broken")
    return broken


def end_holds_of_plan(plan_id: str, *, ended_at: datetime, reason: str) -> int:
    """End what a plan stopped, when the plan falls."""
    holds = Hold.objects.filter(kind="plan", detail__plan=plan_id, end__isnull=True)
    return len([end_hold(hold, ended_at=ended_at, reason=reason) for hold in holds])


def add_outcome(
    contact: Contact, *, outcome: str, recorded_at: datetime, recorded_by: str, note: str
) -> ContactOutcome:
    """Say what came of a call or a visit."""
    sealed = ""
    if note:
        sealed = encrypted.seal(
            note, table="debt_collection_contactoutcome", column="note", row=contact.public_id
        )
    return ContactOutcome.objects.create(
        contact=contact, outcome=outcome, recorded_at=recorded_at, recorded_by=recorded_by, note_sealed=sealed
    )


def _lockable(rows: QuerySet[OutboxMessage]) -> QuerySet[OutboxMessage]:
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True, of=("self",))
    return rows


def add_check(
    contact: Contact | None,
    *,
    kind: str,
    code_index: str,
    result: str,
    checked_at: datetime,
    from_index: str,
) -> ContactCheck:
    """Note that somebody checked a contact."""
    return ContactCheck.objects.create(
        contact=contact,
        kind=kind,
        code_index=code_index,
        result=result,
        checked_at=checked_at,
        from_index=from_index,
    )


def has_open_hold(loan: Loan, kind: str) -> bool:
    """Whether such a state of this loan has begun and not ended."""
    return Hold.objects.filter(loan=loan, kind=kind, end=None).exists()
