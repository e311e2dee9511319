"""What a change of money that needs two people would do, in full: this is what both of them agree on."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.servicing import negotiation
from lenity.domain.servicing.allocation import Component
from lenity.domain.servicing.plan import PREPAYMENTS, Kind, Request
from lenity.records.lending import servicing_queries
from lenity.records.lending.models import Loan

Content = dict[str, object]


def content(loan: Loan, kind: str, amount_minor: int, on_date: date) -> Content:
    """A write-off takes all that is owed on the day; a refund at most the credit balance."""
    state = servicing_queries.account_on(loan, on_date)
    if kind == "write_off":
        if state.charged_off or state.owed_minor <= 0:
            raise InputRefused([Problem("change.nothing", "Nothing is left to write off.")])
        amount_minor = state.owed_minor
    elif not 0 < amount_minor <= state.credit_minor:
        says = f"A refund is above zero and at most the credit of {state.credit_minor} minor units."
        raise InputRefused([Problem("change.credit", says)])
    return {"loan": loan.public_id, "amount_minor": amount_minor, "currency": loan.currency}


def rate(loan: Loan, annual_rate: Fraction, on_date: date) -> Content:
    """A lower yearly rate: the plan that follows, named by its digest, and what the borrower pays less."""
    agreed = servicing_queries.agreed(loan)
    if agreed is None:
        says = "The rate of an imported loan is not known."
        raise InputRefused([Problem("change.rate", says, "Offer a plan instead.")])
    if not 0 <= annual_rate < agreed.terms.annual_rate:
        says = "The new rate is below the loan's own; a higher one needs the borrower's signature."
        raise InputRefused([Problem("change.rate", says)])
    asked = Request(Kind.RATE_CUT, annual_rate=annual_rate)
    made = servicing_queries.preview(loan, servicing_queries.account_on(loan, on_date), asked)
    if made.borrower_pays_more_minor > 0:
        says = "The borrower would pay more than by the plan in force; that needs her signature."
        raise InputRefused([Problem("change.rate", says)])
    return {
        "loan": loan.public_id,
        "amount_minor": -made.borrower_pays_more_minor,
        "currency": loan.currency,
        "asked": negotiation.request_text(asked),
        "shown": servicing_queries.plan_digest(made.new),
        "from_percent": percent(agreed.terms.annual_rate),
        "to_percent": percent(annual_rate),
    }


def reversal(payment_id: str) -> Content:
    """The reversal of a payment that stands."""
    payment = servicing_queries.payment_by_id(payment_id)
    if payment is None:
        raise InputRefused([Problem("payment.unknown", f"There is no payment {payment_id[:20]!r}.")])
    if payment.reverses_id is not None or hasattr(payment, "reversed_by"):
        says = "It is a reversal itself, or reversed already."
        raise InputRefused([Problem("payment.reversal", says, "Take the payment again under a new id.")])
    return {
        "loan": payment.loan.public_id,
        "payment": payment.public_id,
        "amount_minor": payment.amount_minor,
        "currency": payment.loan.currency,
        "value_date": payment.value_date.isoformat(),
    }


def undoing(fact_id: str) -> Content:
    """The undoing of an entry that stands; the plan of a prepayment goes with its payment."""
    fact = servicing_queries.fact_by_id(fact_id)
    if fact is None:
        raise InputRefused([Problem("fact.unknown", f"There is no entry {fact_id[:20]!r}.", "Check the id.")])
    if fact.reverses_id is not None or hasattr(fact, "reversed_by") or fact.kind == "prepayment_plan":
        says = "It is undone already, or goes with its payment."
        raise InputRefused([Problem("fact.undo", says, "Enter it anew, or reverse the payment.")])
    return {
        "loan": fact.loan.public_id,
        "fact": fact.public_id,
        "kind": fact.kind,
        "amount_minor": fact.amount_minor,
        "currency": fact.loan.currency,
        "value_date": fact.on_date.isoformat(),
    }


def waiver(loan: Loan, component: str, amount_minor: int, on_date: date) -> Content:
    """A part of what is owed that the lender lets go: at most what is open of it."""
    names = [one.value for one in Component]
    if component not in names:
        raise InputRefused([Problem("waiver.component", f"It is one of: {', '.join(names)}.")])
    state = servicing_queries.account_on(loan, on_date)
    known = sum(item.open(Component(component)) for item in state.items)
    if not 0 < amount_minor <= known:
        says = f"What is let go is above zero and at most the {known} minor units open of it."
        raise InputRefused([Problem("offer.amount", says)])
    return {
        "loan": loan.public_id,
        "component": component,
        "amount_minor": amount_minor,
        "currency": loan.currency,
    }


def plan(loan: Loan, asked: Request, shown: str, on_date: date) -> Content:
    """A plan agreed with the borrower elsewhere, named by the digest of what she was shown."""
    if asked.kind in PREPAYMENTS:
        raise InputRefused(
            [Problem("relief.kind", "A prepayment is agreed with its money.", "Prepay instead.")]
        )
    made = servicing_queries.preview(loan, servicing_queries.account_on(loan, on_date), asked)
    if shown != servicing_queries.plan_digest(made.new):
        says = "The account has changed since the plan was shown."
        raise InputRefused([Problem("relief.shown", says, "Show the plan again and agree on that.")])
    return {
        "loan": loan.public_id,
        "amount_minor": -made.borrower_pays_more_minor,
        "currency": loan.currency,
        "asked": negotiation.request_text(asked),
        "plan": asked.kind.value,
        "shown": shown,
    }


def percent(share: Fraction) -> str:
    """A rate as people write it, to two places.

    >>> percent(Fraction(18, 100)), percent(Fraction(1825, 10000))
    ('18', '18.25')
    """
    hundredths = share * 10_000
    whole, part = divmod(hundredths.numerator // hundredths.denominator, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".") if part else str(whole)
