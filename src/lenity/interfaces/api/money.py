"""Payments in, money in suspense, and where a loan stands, for programs with a token."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from lenity.base import money
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.delinquency import stages
from lenity.domain.servicing import relief
from lenity.domain.servicing.texts import decimal_text
from lenity.gateways import clock
from lenity.interfaces.api import idempotency
from lenity.interfaces.api.answers import ONCE, REFUSALS
from lenity.interfaces.api.token import Token
from lenity.operations.propose_change import propose_change
from lenity.operations.take_payment import take_payment
from lenity.records.intake import queries as intake
from lenity.records.intake import suspense_queries
from lenity.records.lending import servicing_queries

router = Router()
Answer = dict[str, object]


class NewPayment(Schema):
    """Money received for a loan. The amount is a decimal text, never a number."""

    model_config = ConfigDict(extra="forbid", strict=True)
    loan: str = Field(min_length=1, max_length=20)
    amount: str = Field(min_length=1, max_length=24)
    currency: str = Field(min_length=3, max_length=3)
    value_date: str = Field(min_length=10, max_length=10)


@router.post("/payments", auth=Token("payments"), response={201: dict[str, object], **ONCE})
def payments(request: HttpRequest, body: NewPayment) -> HttpResponse:
    """Take a payment. The header `Idempotency-Key` is required: same key, same answer."""
    client = str(request.auth)  # type: ignore[attr-defined]
    plain = body.model_dump()
    return idempotency.once(request, client, "payments", plain, lambda: _take(request, client, body))


def _take(request: HttpRequest, client: str, body: NewPayment) -> tuple[int, dict[str, object]]:
    try:
        amount = money.parse(body.amount, body.currency)
        value_date = date.fromisoformat(body.value_date)
    except ValueError as error:
        raise InputRefused([Problem("payment", f"{error}.")]) from error
    key = request.headers[idempotency.HEADER]
    taken = take_payment(
        loan_id=body.loan,
        amount_minor=amount.minor,
        currency=body.currency,
        value_date=value_date,
        source=f"api:{client}",
        source_id=hashlib.sha256(key.encode()).hexdigest(),
        actor=f"api:{client}",
    )
    return 201, {
        "payment": taken.public_id,
        "loan": body.loan,
        "amount": body.amount,
        "currency": body.currency,
    }


class SuspenseWish(Schema):
    """What should become of a movement in suspense, and why; `loan` where it is given to one, `payment` (or the
    `loan`, where one payment fits) where the bank took it back."""

    model_config = ConfigDict(extra="forbid", strict=True)
    move: Literal["assign", "return", "clear", "reverse"]
    loan: str = Field("", max_length=20, pattern="^[0-9A-Z]*$")
    payment: str = Field("", max_length=20, pattern="^[0-9A-Z]*$")
    reason: str = Field(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f]*\S[^\x00-\x1f]*$")


@router.get("/suspense", auth=Token("payments"), response={200: list[dict[str, object]], **REFUSALS})
def suspense(request: HttpRequest, first: Annotated[int, Query(ge=0, le=1_000_000)] = 0) -> list[Answer]:
    """Money that no loan was found for, oldest first, a hundred at a time, without payer and text."""
    return [
        {
            "entry": one.entry,
            "amount": decimal_text(one.amount_minor, money.minor_digits(one.currency)),
            "currency": one.currency,
            "booked_on": one.booked_on.isoformat(),
            "value_date": one.value_date.isoformat(),
            "days": one.days,
            "reason": one.reason,
        }
        for one in intake.suspense(clock.home_day(), first=first)
    ]


@router.post("/suspense/{entry}", auth=Token("payments"), response={202: dict[str, str], **ONCE})
def settle_suspense(request: HttpRequest, entry: str, body: SuspenseWish) -> HttpResponse:
    """Ask what becomes of a movement; nothing moves before a member of staff approves it.

    `Idempotency-Key` is required.
    """
    client = str(request.auth)  # type: ignore[attr-defined]

    def work() -> tuple[int, dict[str, object]]:
        loan = servicing_queries.loan_by_id(body.loan) if body.loan else None
        made = propose_change(
            kind=suspense_queries.MOVES[body.move],
            subject_id=entry,
            payload=suspense_queries.content(
                entry, body.move, loan, clock.home_day(), payment_id=body.payment
            ),
            reason=body.reason,
            actor=f"api:{client}",
        )
        return 202, {"change": made.public_id, "state": "waiting", "entry": entry}

    plain = {"entry": entry, **body.model_dump()}
    return idempotency.once(request, client, "suspense", plain, work)


@router.get("/loans/{loan}/account", auth=Token("loans"), response={200: dict[str, object], **REFUSALS})
def account(request: HttpRequest, loan: str, on: date | None = None) -> dict[str, object]:
    """Where a loan stands on a day, today without one: owed, overdue, days past due, payoff, instalments."""
    found = servicing_queries.loan_by_id(loan)
    if found is None:
        raise InputRefused([Problem("loan.unknown", "There is no such loan.", "Check the id.")])
    state = servicing_queries.account_on(found, on or clock.business_day(found.borrower.jurisdiction))
    digits = money.minor_digits(found.currency)

    def text(minor: int) -> str:
        return decimal_text(minor, digits)

    return {
        "loan": loan,
        "on_date": state.on_date.isoformat(),
        "currency": found.currency,
        "days_past_due": state.days_past_due,
        "stage": stages.standard().of(state.days_past_due).code,
        "accrued_interest": text(max(relief.accrued_minor(state), 0)),
        "overdue": text(state.overdue_minor),
        "owed": text(state.owed_minor),
        "credit": text(state.credit_minor),
        "payoff": text(relief.payoff_minor(state)),
        "instalments": [
            {
                "number": item.number,
                "due_date": item.due_date.isoformat(),
                "days_past_due": state.item_days_past_due(item),
                "open": text(item.open_minor),
            }
            for item in state.items
        ],
    }
