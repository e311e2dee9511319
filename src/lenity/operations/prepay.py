"""More than is due is paid, for a shorter term, a smaller instalment, or to settle the loan."""

from __future__ import annotations

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.servicing import relief
from lenity.domain.servicing.account import Account
from lenity.domain.servicing.relief import Kind, Preview, Request
from lenity.gateways import ids
from lenity.operations import servicing, unit
from lenity.operations.servicing import Ground
from lenity.records.lending import servicing_queries, writes
from lenity.records.lending.models import Payment

SOURCE = "prepayment"


def prepay(*, loan_id: str, kind: Kind, amount_minor: int, currency: str, key: str, actor: str) -> Payment:
    """Take money of today and the plan that goes with it, in one step. The same key again changes nothing.

    Interest is asked for the days the money was used only (Civil Code art. 677, CN-CC-676). To settle, the
    amount is the payoff of today; another amount is refused with the one it would have to be.
    """
    if not 0 < len(key) <= 80 or kind not in relief.PREPAYMENTS:
        raise InputRefused([Problem("payment.source", "A prepayment needs a key and a kind of prepayment.")])
    return servicing.once(
        lambda: _prepaid_already(loan_id, amount_minor, key),
        lambda: _prepay(loan_id, kind, amount_minor, currency, key, actor),
    )


def _prepaid_already(loan_id: str, amount_minor: int, key: str) -> Payment | None:
    before = servicing_queries.payment_by_source(SOURCE, key)
    if before and (before.loan.public_id, before.amount_minor) != (loan_id, amount_minor):
        says = "Another payment came under this key."
        raise InputRefused([Problem("payment.idempotency", says, "Give each payment its own key.")])
    return before


def _prepay(loan_id: str, kind: Kind, amount_minor: int, currency: str, key: str, actor: str) -> Payment:
    with unit.of_work(operation="prepay", actor=actor) as work:
        base = servicing.ground(loan_id)
        loan = base.loan
        servicing.check_amount(amount_minor, currency, loan)
        made = _plan(base, kind, amount_minor)
        public_id = ids.public_id()
        fact = writes.add_fact(
            writes.NewFact(
                ids.public_id(),
                "prepayment_plan",
                base.today,
                kind.value,
                SOURCE,
                public_id,
                made.returned_interest_minor,
                plan=servicing_queries.plan_text(made.new),
            ),
            loan=loan,
            recorded_at=work.now,
        )
        told = servicing_queries.loan_fact(fact)
        new = writes.NewPayment(public_id, amount_minor, base.today, SOURCE, key)
        payment, now = servicing.receive(work, base, new, kind="prepayment", more=(told,) if told else ())
        work.record(
            subject_kind="payment",
            subject_id=public_id,
            borrower_id=loan.borrower.public_id,
            body={
                "loan": loan.public_id,
                "kind": kind.value,
                "amount_minor": amount_minor,
                "owed_minor": now.owed_minor,
                "credit_minor": now.credit_minor,
            },
        )
        return payment


def _plan(base: Ground, kind: Kind, amount_minor: int) -> Preview:
    """The plan's rows: it comes before the payments of today, so these count towards it."""
    if kind is Kind.PAYOFF:
        _check_payoff(base.before, amount_minor)
    start, paid = servicing_queries.before_payments_of(base.known, base.today)
    asked = Request(kind, amount_minor=amount_minor + paid)
    return servicing_queries.preview(base.loan, start, asked)


def _check_payoff(now: Account, amount_minor: int) -> None:
    needed = relief.payoff_minor(now)
    if amount_minor != needed:
        says = f"Today {needed} minor units settle the loan."
        raise InputRefused([Problem("payment.amount", says, "Pay that, or take it as a payment.")])
