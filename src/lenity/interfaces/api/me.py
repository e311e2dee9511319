"""A borrower's own side, for her and for a helper she lets read: contact log, statement, plans, concerns."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from lenity.base import money
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.debt_collection import certificate
from lenity.domain.servicing import statement as written
from lenity.domain.servicing.texts import decimal_text
from lenity.gateways import clock
from lenity.interfaces.api import answers
from lenity.interfaces.api.answers import OWN, REFUSALS, Paging, borrower_of, needed
from lenity.interfaces.api.token import Session, own
from lenity.interfaces.shared import step_up
from lenity.operations import name_helper as naming
from lenity.operations.end_helper import end_helper as end_one
from lenity.operations.raise_concern import raise_concern
from lenity.operations.record_promise import record_promise
from lenity.operations.switch_channel import switch_channel
from lenity.records.arrangements import helper_queries
from lenity.records.debt_collection import listings, queries
from lenity.records.lending import servicing_queries
from lenity.records.lending.servicing_queries import LoanRow

router = Router(tags=["borrower"])
Answer = dict[str, Any]
Verdict = Literal["allowed", "deferred", "refused"]
About = Literal[
    "not_mine",
    "identity_theft",
    "already_paid",
    "wrong_amount",
    "how_contacted",
    "other_complaint",
    "cannot_pay",
]


Channel = Literal["sms", "email", "call", "im", "letter", "visit"]


class Listed(Schema):
    """A page of rows, and the cursor of the next one."""

    items: list[dict[str, Any]]
    next: str | None


class ContactOut(Schema):
    """One contact, and why it was allowed or stopped, in plain words."""

    id: str
    code: str
    at: datetime
    channel: str
    purpose: str
    verdict: Verdict
    to: str
    why: list[str]


class StatementOut(Schema):
    """Every line of a loan, in words and amounts of the language asked for."""

    language: str
    on_date: date
    head: list[list[str]]
    events: list[dict[str, str]]
    instalments: list[dict[str, Any]]
    foot: list[list[str]]
    notes: list[str]


class PlanOut(Schema):
    """One plan on offer; `shown` is what is agreed to in the portal."""

    code: str
    shown: str
    is_cheapest: bool
    new_total: str
    currency: str
    instalments: list[dict[str, str]]


class NewConcern(Schema):
    """Something is wrong, or I cannot pay."""

    model_config = ConfigDict(extra="forbid")
    about: About
    loan: str = Field("", max_length=20, pattern="^[0-9A-Z]*$", description="Of which loan; none for all.")


class NewPromise(Schema):
    """I will pay this much by this day. The amount is a decimal text in the loan's currency."""

    model_config = ConfigDict(extra="forbid", strict=True)
    amount: str = Field(min_length=1, max_length=24)
    on: str = Field(min_length=10, max_length=10)


class Switch(Schema):
    """Whether a channel may be used for collection."""

    model_config = ConfigDict(extra="forbid", strict=True)
    on: bool


class NewHelper(Schema):
    """Who may read for me, what, and until when (a year at most; the token lasts 90 days at most)."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=80)
    reach: str = Field("", max_length=80, description="Her number or address, if you like.")
    scopes: list[Literal["contacts", "statement", "plans", "concerns"]] = Field(min_length=1, max_length=4)
    until: date


class HelperOut(Schema):
    """A helper; the token is shown once, when access is given."""

    id: str
    token: str


@router.get("/me/contacts", auth=own("contacts"), response={200: Listed, **REFUSALS})
def my_contacts(request: HttpRequest, paging: Paging, verdict: Verdict | None = None) -> Answer:
    """My contact log, oldest first; put-off and refused ones too."""
    found = listings.contacts(
        borrower_id=borrower_of(request),
        after=answers.after(paging.cursor),
        most=paging.limit,
        verdict=verdict or "",
    )
    return answers.page(found)


@router.get("/me/contacts/{contact}", auth=own("contacts"), response={200: ContactOut, **REFUSALS})
def my_contact(request: HttpRequest, contact: str) -> Answer:
    """One contact with the reasons of its verdict."""
    view = needed(queries.contact(borrower_of(request), contact))
    return {
        "id": view.public_id,
        "code": view.code,
        "at": view.at,
        "channel": view.channel,
        "purpose": view.purpose,
        "verdict": view.verdict,
        "to": view.mask,
        "why": certificate.in_words(view.certificate, get_language() or "en"),
    }


@router.get("/me/loans", auth=own("statement"), response={200: Listed, **REFUSALS})
def my_loans(request: HttpRequest, paging: Paging) -> Answer:
    """My loans, as of the last close."""
    found = listings.loans(
        after=answers.after(paging.cursor), most=paging.limit, borrower_id=borrower_of(request)
    )
    return answers.page(found)


@router.get("/me/loans/{loan}/statement", auth=own("statement"), response={200: StatementOut, **REFUSALS})
def my_statement(request: HttpRequest, loan: str) -> Answer:
    """What happened on my loan, where each payment went and how interest was computed."""
    found = _mine(request, loan)
    today = clock.business_day(found.borrower.jurisdiction)
    shown = written.of(servicing_queries.statement_basis(found), today, get_language() or "zh-hans")
    return {
        "language": shown.language,
        "on_date": shown.on_date,
        "head": [list(pair) for pair in shown.head],
        "events": [
            {"on": one.on_date.isoformat(), "what": one.what, "amount": one.amount, "how": one.how}
            for one in shown.events
        ],
        "instalments": [dataclasses.asdict(one) for one in shown.rows],
        "foot": [list(pair) for pair in shown.foot],
        "notes": list(shown.notes),
    }


@router.get("/me/loans/{loan}/plans", auth=own("plans"), response={200: list[PlanOut], **REFUSALS})
def my_plans(request: HttpRequest, loan: str) -> list[Answer]:
    """Plans on offer today, the cheapest in total first. Agreeing needs the borrower, in the portal."""
    found = _mine(request, loan)
    digits = money.minor_digits(found.currency)
    offered = servicing_queries.offered(found, clock.business_day(found.borrower.jurisdiction))
    return [
        {
            "code": one.suggestion.code,
            "shown": one.shown,
            "is_cheapest": one.is_cheapest,
            "new_total": decimal_text(one.suggestion.preview.new_total_minor, digits),
            "currency": found.currency,
            "instalments": [
                {
                    "due_date": row.due_date.isoformat(),
                    "principal": decimal_text(row.principal_minor, digits),
                    "interest": decimal_text(row.interest_minor, digits),
                    "fees": decimal_text(row.fee_minor, digits),
                    "total": decimal_text(row.total_minor, digits),
                }
                for row in one.suggestion.preview.new
            ],
        }
        for one in offered
    ]


@router.get("/me/concerns", auth=own("concerns"), response={200: Listed, **REFUSALS})
def my_concerns(request: HttpRequest, paging: Paging) -> Answer:
    """What I said is wrong, with the day by which it is answered."""
    found = listings.holds(
        after=answers.after(paging.cursor),
        most=paging.limit,
        borrower_id=borrower_of(request),
        concerns=True,
    )
    return answers.page(found)


@router.post("/me/concerns", auth=own("concerns"), response={201: dict[str, str], **OWN})
def new_concern(request: HttpRequest, body: NewConcern) -> Status[dict[str, str]]:
    """Say that something is wrong: reminders stop, a clock starts. Again, while open, it changes nothing."""
    if body.loan:
        _mine(request, body.loan)
    hold = raise_concern(
        borrower_id=borrower_of(request), about=body.about, loan_id=body.loan, actor="borrower"
    )
    return Status(
        201, {"id": hold.public_id, "about": body.about, "answer_by": str(hold.detail["answer_by"])}
    )


@router.post("/me/loans/{loan}/promises", auth=Session(), response={201: dict[str, str], **OWN})
def new_promise(request: HttpRequest, loan: str, body: NewPromise) -> Status[dict[str, str]]:
    """Promise to pay: no reminder until that day. One at a time: while one is open a second is refused."""
    mine = _mine(request, loan)
    try:
        amount, on_date = money.parse(body.amount, mine.currency), date.fromisoformat(body.on)
    except ValueError as error:
        raise InputRefused([Problem("promise.amount", f"{error}.")]) from error
    hold = record_promise(
        loan_id=loan,
        amount_minor=amount.minor,
        on_date=on_date,
        actor="borrower",
        borrower_id=borrower_of(request),
    )
    return Status(201, {"id": hold.public_id, "amount": body.amount, "on": on_date.isoformat()})


@router.post("/me/channels/{channel}", auth=Session(), response={200: dict[str, Any], **OWN})
def channel(request: HttpRequest, channel: Channel, body: Switch) -> Answer:
    """Switch a channel off at once, or on again, which needs a code entered within five minutes."""
    if body.on and not step_up.is_fresh(request):
        raise answers.NotFresh
    changed = switch_channel(borrower_id=borrower_of(request), channel=channel, on=body.on, actor="borrower")
    return {"channel": channel, "on": body.on, "changed": changed}


@router.get("/me/helpers", auth=Session(), response={200: list[dict[str, Any]], **REFUSALS})
def my_helpers(request: HttpRequest) -> list[Answer]:
    """Whom I let read for me."""
    return [
        {
            "id": one.public_id,
            "name": one.name,
            "reach": one.reach,
            "scopes": list(one.parts),
            "until": one.until,
            "token_until": one.key_until,
            "ended": one.ended,
        }
        for one in helper_queries.all_helpers(borrower_of(request))
    ]


@router.post("/me/helpers", auth=Session(), response={201: HelperOut, **OWN})
def new_helper(request: HttpRequest, body: NewHelper) -> Status[Answer]:
    """Let a helper read for me; her token is shown this once. It needs a code entered within five minutes."""
    if not step_up.is_fresh(request):
        raise answers.NotFresh
    parts = tuple(dict.fromkeys(body.scopes))
    named = naming.name_helper(
        borrower_id=borrower_of(request),
        name=body.name,
        reach=body.reach,
        scope="see" if set(parts) <= set(naming.PARTS["see"]) else "talk",
        until=body.until,
        actor="borrower",
        parts=parts,
    )
    return Status(201, {"id": named.public_id, "token": named.key})


@router.post("/me/helpers/{helper}/end", auth=Session(), response={200: dict[str, bool], **OWN})
def end_helper(request: HttpRequest, helper: str) -> dict[str, bool]:
    """Take a helper's access back, at once."""
    try:
        return {"ended": end_one(borrower_id=borrower_of(request), helper_id=helper, actor="borrower")}
    except InputRefused as error:
        raise answers.NotFound from error


def _mine(request: HttpRequest, loan: str) -> LoanRow:
    return needed(servicing_queries.loan_of(borrower_of(request), loan))
