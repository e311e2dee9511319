"""A second person decides what becomes of money in suspense; approved, it is booked at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.approvals import change
from lenity.domain.ledger.chart import Leg
from lenity.gateways import clock, ids
from lenity.operations import approving, servicing, unit
from lenity.records.approvals import writes as approval_writes
from lenity.records.approvals.models import ChangeVerdict
from lenity.records.intake import suspense_queries, writes
from lenity.records.intake.models import BankEntry
from lenity.records.ledger import writes as ledger_writes
from lenity.records.lending import writes as lending_writes
from lenity.records.lending.models import Payment

VERDICTS = ("approved", "refused")


def decide_suspense(*, proposal_id: str, digest: str, verdict: str, reason: str, actor: str) -> ChangeVerdict:
    """Judge exactly what was asked, once, as another person.

    Approved, the money is a loan's payment with the day on which it came, goes back to its sender, is cleared
    against the bank's own counter-movement, or is the reversal of the payment that the bank has taken back.
    """
    if verdict not in VERDICTS:
        raise InputRefused([Problem("change.verdict", f"It is one of: {', '.join(VERDICTS)}.")])
    with unit.of_work(operation="decide_suspense", actor=actor, of_parts=True) as work:
        proposal = approving.open_proposal(proposal_id)
        kind = approving.kind_of(proposal.kind)
        if kind not in change.SUSPENSE:
            raise InputRefused([Problem("change.kind", "This kind is judged elsewhere.")])
        approving.may_judge(proposal, actor=actor, digest=digest, reason=reason, work=work)
        row = approval_writes.add_verdict(
            proposal,
            verdict=verdict,
            digest=digest,
            reason=reason.strip(),
            decided_by=actor,
            decided_at=work.now,
        )
        if verdict == "approved":
            payload = json.loads(proposal.payload)
            approving.claim(
                work, approval_id=proposal_id, kind=kind, subject_id=proposal.subject_id, payload=payload
            )
            writes.lock_entry(proposal.subject_id)
            entry = suspense_queries.still_waiting(proposal.subject_id)
            if kind is change.Kind.SUSPENSE_ASSIGN:
                _assign(work, entry, payload)
            elif kind is change.Kind.SUSPENSE_REVERSE:
                _reverse(work, entry, payload)
            else:
                _leave(work, entry, "returned" if kind is change.Kind.SUSPENSE_RETURN else "cleared")
        work.record(
            subject_kind="change",
            subject_id=proposal_id,
            body={"kind": kind.value, "verdict": verdict, "digest": digest},
        )
        return row


def _assign(work: unit.Work, entry: BankEntry, payload: Mapping[str, Any]) -> None:
    base = servicing.ground(payload["loan"])
    servicing.check_amount(entry.amount_minor, entry.currency, base.loan)
    servicing.check_day(entry.value_date, base.loan, base.today)
    new = lending_writes.NewPayment(
        ids.public_id(), entry.amount_minor, entry.value_date, "suspense", entry.public_id
    )
    payment, now = servicing.receive(work, base, new, against="suspense")
    _out_of_suspense(work, entry, "assigned", payment)
    work.record(
        operation="assign_suspense",
        subject_kind="bank_entry",
        subject_id=entry.public_id,
        borrower_id=base.loan.borrower.public_id,
        body={"loan": base.loan.public_id, "payment": new.public_id, "owed_minor": now.owed_minor},
    )


def _reverse(work: unit.Work, entry: BankEntry, payload: Mapping[str, Any]) -> None:
    """The bank took a payment back: it is reversed, and the money that went out is out of suspense by it."""
    base, payment_id = servicing.ground(payload["loan"]), payload["payment"]
    otherwise = "Clear the movement against that reversal."
    reversal, now = servicing.take_back(work, base, payment_id, otherwise=otherwise, against="suspense")
    _out_of_suspense(work, entry, "reversed", reversal)
    work.record(
        operation="reverse_payment",
        subject_kind="payment",
        subject_id=payment_id,
        borrower_id=base.loan.borrower.public_id,
        body={
            "reversal": reversal.public_id,
            "bank_entry": entry.public_id,
            "loan": base.loan.public_id,
            "amount_minor": reversal.amount_minor,
            "owed_minor": now.owed_minor,
        },
    )


def _leave(work: unit.Work, entry: BankEntry, kind: str) -> None:
    """Out of suspense and out of cash: the bank tells, or has told, the movement the other way."""
    _out_of_suspense(work, entry, kind)
    minor, currency = entry.amount_minor, entry.currency
    legs = (Leg("suspense", currency, minor), Leg("cash", currency, -minor))
    ledger_writes.book(
        ledger_writes.Entry(f"suspense_{kind}", clock.home_day(), "suspense_cleared", entry.public_id, legs),
        recorded_at=work.now,
    )
    body = {"amount_minor": minor, "currency": currency}
    if kind == "returned":
        work.record(
            operation="return_suspense", subject_kind="bank_entry", subject_id=entry.public_id, body=body
        )
    else:
        work.record(
            operation="clear_suspense", subject_kind="bank_entry", subject_id=entry.public_id, body=body
        )


def _out_of_suspense(work: unit.Work, entry: BankEntry, kind: str, payment: Payment | None = None) -> None:
    writes.add_outcome(
        entry,
        kind=kind,
        payment=payment,
        reason="approved by a second person",
        decided_at=work.now,
        decided_by=work.actor,
    )
