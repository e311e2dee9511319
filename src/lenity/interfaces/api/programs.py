"""The lender's own programs: borrowers, loans, payments, contacts, holds, plans, concerns, decisions, webhooks."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from lenity.interfaces.api import answers, idempotency
from lenity.interfaces.api.answers import ONCE, REFUSALS, Paging, client_of, needed
from lenity.interfaces.api.me import Listed, Verdict
from lenity.interfaces.api.token import Token
from lenity.operations.answer_concern import answer_concern
from lenity.operations.end_hold import end_hold
from lenity.operations.open_hold import open_hold
from lenity.operations.propose_change import propose_change
from lenity.operations.replay_webhook import replay_webhook
from lenity.records.debt_collection import listings
from lenity.records.lending import change_queries, servicing_queries
from lenity.records.webhooks import queries as webhook_queries

router = Router(tags=["programs"])
Answer = dict[str, Any]
Kind = Literal[
    "promise", "plan", "dispute", "complaint", "hardship_review", "bankruptcy", "discharged",
    "identity_theft", "deceased", "wrong_person",
]  # fmt: skip
Stage = Literal["CURRENT", "EARLY", "MIDDLE", "LATE", "SERIOUS"]


class NewHold(Schema):
    """A state that stops collection contacts, from now on."""

    model_config = ConfigDict(extra="forbid")
    kind: Kind
    loan: str = Field("", max_length=20, pattern="^[0-9A-Z]*$")
    ends_on: date | None = None


class HoldEnd(Schema):
    """Why a hold ends before its date."""

    model_config = ConfigDict(extra="forbid")
    reason: str = Field(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f]+$")


class Reversal(Schema):
    """Why a payment was no money after all."""

    model_config = ConfigDict(extra="forbid")
    reason: str = Field(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f]*\S[^\x00-\x1f]*$")


class ConcernAnswer(Schema):
    """How a concern is answered."""

    model_config = ConfigDict(extra="forbid")
    answer: Literal["upheld", "partly_upheld", "not_upheld"]


@router.get("/borrowers/{borrower}", auth=Token("borrowers"), response={200: dict[str, Any], **REFUSALS})
def borrower_(request: HttpRequest, borrower: str) -> Answer:
    """A borrower, masked: no name, no number in clear."""
    return dataclasses.asdict(needed(listings.borrower(borrower)))


@router.get("/borrowers/{borrower}/contacts", auth=Token("borrowers"), response={200: Listed, **REFUSALS})
def contacts_of(
    request: HttpRequest, borrower: str, paging: Paging, verdict: Verdict | None = None
) -> Answer:
    """A borrower's contacts with verdict and provision."""
    needed(listings.borrower(borrower))
    found = listings.contacts(
        borrower_id=borrower, after=answers.after(paging.cursor), most=paging.limit, verdict=verdict or ""
    )
    return answers.page(found)


@router.get("/loans", auth=Token("loans"), response={200: Listed, **REFUSALS})
def loans(request: HttpRequest, paging: Paging, stage: Stage | None = None) -> Answer:
    """Loans with where they stood at the last close."""
    found = listings.loans(after=answers.after(paging.cursor), most=paging.limit, stage=stage or "")
    return answers.page(found)


@router.get("/loans/{loan}/payments", auth=Token("payments"), response={200: Listed, **REFUSALS})
def payments_of(request: HttpRequest, loan: str, paging: Paging) -> Answer:
    """Payments of a loan and their reversals."""
    needed(servicing_queries.loan_by_id(loan))
    found = listings.payments(loan_id=loan, after=answers.after(paging.cursor), most=paging.limit)
    return answers.page(found)


@router.post("/payments/{payment}/reverse", auth=Token("payments"), response={202: dict[str, str], **ONCE})
def reverse(request: HttpRequest, payment: str, body: Reversal) -> HttpResponse:
    """Ask that a payment is reversed; nothing moves before a member of staff approves it.

    `Idempotency-Key` is required.
    """
    client = client_of(request)

    def work() -> tuple[int, Answer]:
        made = propose_change(
            kind="payment_reversal",
            subject_id=payment,
            payload=change_queries.reversal(payment),
            reason=body.reason,
            actor=f"api:{client}",
        )
        return 202, {"change": made.public_id, "state": "waiting", "payment": payment}

    return idempotency.once(request, client, "reverse", {"payment": payment, "reason": body.reason}, work)


@router.get("/holds", auth=Token("holds"), response={200: Listed, **REFUSALS})
def holds(request: HttpRequest, paging: Paging, open: bool | None = None) -> Answer:  # noqa: A002 - the field's word
    """States that stop collection contacts."""
    return answers.page(listings.holds(after=answers.after(paging.cursor), most=paging.limit, is_open=open))


@router.post("/borrowers/{borrower}/holds", auth=Token("holds"), response={201: dict[str, Any], **ONCE})
def new_hold(request: HttpRequest, borrower: str, body: NewHold) -> HttpResponse:
    """Begin a hold; `Idempotency-Key` is required."""
    client = client_of(request)
    known = needed(listings.borrower(borrower))
    if body.loan and body.loan not in known.loans:
        raise answers.NotFound

    def work() -> tuple[int, Answer]:
        made = open_hold(
            borrower_id=borrower,
            kind=body.kind,
            loan_id=body.loan,
            ends_on=body.ends_on,
            actor=f"api:{client}",
        )
        return 201, {"hold": made.public_id, "kind": body.kind}

    plain = {"borrower": borrower, **body.model_dump(mode="json")}
    return idempotency.once(request, client, "holds", plain, work)


@router.post("/holds/{hold}/end", auth=Token("holds"), response={201: dict[str, Any], **ONCE})
def hold_end(request: HttpRequest, hold: str, body: HoldEnd) -> HttpResponse:
    """End a hold before its date; `Idempotency-Key` is required."""
    client = client_of(request)
    needed(listings.hold_by_id(hold))

    def work() -> tuple[int, Answer]:
        end_hold(hold_id=hold, reason=body.reason, actor=f"api:{client}")
        return 201, {"hold": hold, "ended": True}

    return idempotency.once(request, client, "hold_end", {"hold": hold, "reason": body.reason}, work)


@router.get("/concerns", auth=Token("concerns"), response={200: Listed, **REFUSALS})
def concerns(request: HttpRequest, paging: Paging, open: bool | None = None) -> Answer:  # noqa: A002 - the field's word
    """Disputes, complaints and reviews with the day by which each is answered."""
    found = listings.holds(after=answers.after(paging.cursor), most=paging.limit, is_open=open, concerns=True)
    return answers.page(found)


@router.post("/concerns/{concern}/answer", auth=Token("concerns"), response={201: dict[str, Any], **ONCE})
def concern_answer(request: HttpRequest, concern: str, body: ConcernAnswer) -> HttpResponse:
    """Answer a concern once; `Idempotency-Key` is required."""
    client = client_of(request)
    needed(listings.hold_by_id(concern))

    def work() -> tuple[int, Answer]:
        answer_concern(hold_id=concern, answer=body.answer, actor=f"api:{client}")
        return 201, {"concern": concern, "answer": body.answer}

    return idempotency.once(request, client, "concern", {"concern": concern, "answer": body.answer}, work)


@router.get("/decisions", auth=Token("decisions"), response={200: Listed, **REFUSALS})
def decisions(
    request: HttpRequest, paging: Paging, outcome: Literal["approve", "refer", "decline"] | None = None
) -> Answer:
    """Decisions on applications."""
    found = listings.decisions(after=answers.after(paging.cursor), most=paging.limit, outcome=outcome or "")
    return answers.page(found)


@router.get("/webhooks/messages", auth=Token("webhooks"), response={200: list[dict[str, Any]], **REFUSALS})
def messages(request: HttpRequest) -> list[Answer]:
    """The newest hundred webhook messages and what each attempt met."""
    return [dataclasses.asdict(one) for one in webhook_queries.log()]


@router.post(
    "/webhooks/messages/{message}/replay", auth=Token("webhooks"), response={202: dict[str, str], **ONCE}
)
def replay(request: HttpRequest, message: str) -> HttpResponse:
    """Send a webhook message again under its own id; `Idempotency-Key` is required."""
    client = client_of(request)
    needed(webhook_queries.message_by_id(message))

    def work() -> tuple[int, Answer]:
        replay_webhook(message_id=message, actor=f"api:{client}")
        return 202, {"message": message}

    return idempotency.once(request, client, "replay", {"message": message}, work)
