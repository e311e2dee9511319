"""Offers to borrowers by a program: within its authority at once, beyond it for a supervisor."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from lenity.base import money
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.servicing import authority
from lenity.gateways import clock
from lenity.interfaces.api import answers, idempotency
from lenity.interfaces.api.answers import ONCE, REFUSALS, client_of, needed
from lenity.interfaces.api.token import Token
from lenity.operations.make_offer import make_offer
from lenity.records.approvals import queries as approvals
from lenity.records.lending import servicing_queries

router = Router(tags=["programs"])


class NewOffer(Schema):
    """An offer: `number` is instalments, a yearly rate in per cent, or an amount of fees, as a text."""

    model_config = ConfigDict(extra="forbid", strict=True)
    deal: Literal["re_amortise", "rate_cut", "interest_pause", "extension", "waive_fee", "waive_late_fee"]
    number: str = Field(min_length=1, max_length=20, pattern=r"^[0-9.]+$")
    why: str = Field("", max_length=500, pattern=r"^[^\x00-\x1f]*$")


@router.post(
    "/loans/{loan}/offers",
    auth=Token("offers"),
    response={201: dict[str, str], 202: dict[str, str], **ONCE},
)
def new_offer(request: HttpRequest, loan: str, body: NewOffer) -> HttpResponse:
    """Offer it (201), or keep it for a supervisor (202) where it is beyond HOUSE-AUTHORITY and has a reason.

    `Idempotency-Key` is required. The borrower still decides, and her floor stands above every authority.
    """
    client = client_of(request)
    found = needed(servicing_queries.loan_by_id(loan))

    def work() -> tuple[int, dict[str, Any]]:
        try:
            minor = money.parse(body.number, found.currency).minor if body.deal.startswith("waive") else 0
        except ValueError as error:
            raise InputRefused([Problem("offer.amount", f"{error}.")]) from error
        ask = authority.of_words(body.deal, body.number, minor)
        waits = make_offer(loan_id=loan, ask=ask, why=body.why, actor=f"api:{client}")
        if waits:
            return 202, {"change": waits, "state": "waiting"}
        return 201, {"loan": loan, "state": "offered"}

    return idempotency.once(request, client, "offers", {"loan": loan, **body.model_dump()}, work)


@router.get("/offers/{change}", auth=Token("offers"), response={200: dict[str, str], **REFUSALS})
def offer_state(request: HttpRequest, change: str) -> dict[str, str]:
    """Where an offer that this program handed up stands, and the reason of the verdict."""
    found = approvals.change_by_id(change, clock.now())
    if found is None or found.proposed_by != f"api:{client_of(request)}":
        raise answers.NotFound
    return {"change": change, "state": found.state, "reason": found.decided_reason}
