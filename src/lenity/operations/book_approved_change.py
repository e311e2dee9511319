"""A change of money that two people agreed on is booked: exactly what they saw, once."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.approvals.change import Kind
from lenity.domain.servicing import negotiation
from lenity.operations import approving, planning, servicing, unit
from lenity.operations.servicing import Entered, Ground
from lenity.records.approvals import queries
from lenity.records.debt_collection import writes as debt_writes
from lenity.records.lending import servicing_queries, writes
from lenity.records.lending.models import LoanFact, Payment


@dataclass(frozen=True)
class _Agreed:
    """What was agreed on: the proposal's id, the locked loan, and the content."""

    proposal_id: str
    base: Ground
    payload: Mapping[str, Any]


def book_approved_change(*, proposal_id: str, actor: str) -> LoanFact | Payment:
    """Claim the approval and book it in one transaction; if the account has moved, neither happens.

    Either of the two people, or a third with the role, may do it. The audit event is named by the kind:
    `charge_off`, `refund`, `reverse_payment`, `change_rate`, `undo_fact`, `waive`, `agree_plan`.
    """
    proposal = servicing.needed(queries.proposal_by_id(proposal_id), "proposal", proposal_id)
    kind = approving.kind_of(proposal.kind)
    if kind not in DEEDS:
        raise InputRefused([Problem("change.kind", "This kind is made by another operation.")])
    operation, does = DEEDS[kind]
    with unit.of_work(operation=operation, actor=actor) as work:
        approving.participant(actor, kind, work)
        payload = json.loads(proposal.payload)
        base = servicing.ground(payload["loan"])
        approving.claim(
            work, approval_id=proposal_id, kind=kind, subject_id=proposal.subject_id, payload=payload
        )
        return does(work, _Agreed(proposal_id, base, payload))


def _write_off(work: unit.Work, agreed: _Agreed) -> LoanFact:
    """The lender takes its loss; the borrower's debt stays as it is and payments become recoveries."""
    if agreed.base.before.owed_minor != agreed.payload["amount_minor"]:
        raise _moved()
    entered = Entered(agreed.proposal_id, "approved write-off")
    return servicing.enter(work, agreed.base, servicing.new_fact(agreed.base, "charge_off", entered, 0))[0]


def _refund(work: unit.Work, agreed: _Agreed) -> LoanFact:
    """Money that was paid too much goes back to the borrower."""
    minor = agreed.payload["amount_minor"]
    entered = Entered(agreed.proposal_id, "approved refund")
    new = servicing.new_fact(agreed.base, "refund", entered, minor)
    return servicing.enter(work, agreed.base, new, cash_minor=-minor)[0]


def _change_rate(work: unit.Work, agreed: _Agreed) -> LoanFact:
    """A lower rate from today: the rest on the dates it has. A higher one needs the borrower's signature."""
    base, payload = agreed.base, agreed.payload
    asked = negotiation.read_request(payload["asked"])
    made = servicing_queries.preview(base.loan, base.before, asked)
    if servicing_queries.plan_digest(made.new) != payload["shown"]:
        raise _moved()
    entered = Entered(agreed.proposal_id, "approved rate change")
    plan = servicing_queries.plan_text(made.new)
    return servicing.enter(work, base, servicing.new_fact(base, "reschedule", entered, 0, plan=plan))[0]


def _reverse(work: unit.Work, agreed: _Agreed) -> Payment:
    """A payment was not money after all; later payments are allocated again as if it had never been.

    A reversal cannot be reversed: take the payment anew.
    """
    base, payment_id = agreed.base, agreed.payload["payment"]
    otherwise = "Take the payment again under a new id."
    reversal, now = servicing.take_back(work, base, payment_id, otherwise=otherwise)
    work.record(
        subject_kind="payment",
        subject_id=payment_id,
        borrower_id=base.loan.borrower.public_id,
        body={
            "reversal": reversal.public_id,
            "change": agreed.proposal_id,
            "loan": base.loan.public_id,
            "amount_minor": reversal.amount_minor,
            "owed_minor": now.owed_minor,
        },
    )
    return reversal


def _waive(work: unit.Work, agreed: _Agreed) -> LoanFact:
    """The lender lets go of a part of what is owed; the newest open amounts of it go first."""
    entered, payload = Entered(agreed.proposal_id, "approved waiver"), agreed.payload
    minor, component = payload["amount_minor"], payload["component"]
    return servicing.enter(
        work, agreed.base, servicing.new_fact(agreed.base, "waiver", entered, minor, component=component)
    )[0]


def _agree_plan(work: unit.Work, agreed: _Agreed) -> LoanFact:
    """A plan agreed with the borrower elsewhere, exactly as it was shown, for a household whose month is known."""
    asked = negotiation.read_request(agreed.payload["asked"])
    entered = Entered(agreed.proposal_id, asked.kind.value)
    shown = agreed.payload["shown"]
    return planning.agree(work, agreed.base, asked, shown, entered, must_know=True)[0]


def _undo(work: unit.Work, agreed: _Agreed) -> LoanFact:
    """A charge, waiver, refund, plan or charge-off is undone; the account is what it would have been."""
    base, fact_id = agreed.base, agreed.payload["fact"]
    fact = servicing.needed(servicing_queries.fact_by_id(fact_id), "fact", fact_id)
    if hasattr(fact, "reversed_by"):
        raise InputRefused([Problem("fact.undo", "It is undone already.", "Enter it anew.")])
    row = servicing.undone(fact, work, reason="approved undoing")
    told, now = servicing_queries.loan_fact(row), base.before
    if told is not None:
        cash = fact.amount_minor if fact.kind == "refund" else 0
        step = servicing.Step(f"{row.kind}_undone", base.today, row.public_id, (told,), cash_minor=cash)
        now = servicing.settle(work, base, step)
        debt_writes.end_holds_of_plan(fact_id, ended_at=work.now, reason=row.reason)
    new = writes.NewFact(
        row.public_id, f"{row.kind}_undone", base.today, row.reason, "reversal", fact_id, row.amount_minor
    )
    servicing.record(work, base, new, now)
    return row


def _moved() -> InputRefused:
    return InputRefused([Problem("change.moved", "The account has moved.", "Propose it again.")])


DEEDS: Mapping[Kind, tuple[str, Callable[[unit.Work, _Agreed], LoanFact | Payment]]] = {
    Kind.WRITE_OFF: ("charge_off", _write_off),
    Kind.REFUND: ("refund", _refund),
    Kind.RATE_CHANGE: ("change_rate", _change_rate),
    Kind.PAYMENT_REVERSAL: ("reverse_payment", _reverse),
    Kind.FACT_UNDO: ("undo_fact", _undo),
    Kind.WAIVER: ("waive", _waive),
    Kind.PLAN_AGREED: ("agree_plan", _agree_plan),
}
