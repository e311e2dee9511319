"""The gate, asked from outside: the verdict on a proposed contact by the facts that are sent."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from lenity.interfaces.api import idempotency
from lenity.interfaces.api.answers import ONCE, REFUSALS
from lenity.interfaces.api.token import Token
from lenity.interfaces.shared import gate_answer, gate_input, gate_question
from lenity.operations.record_outcome import record_outcome
from lenity.operations.request_agency_contact import request_agency_contact

router = Router()


class AgencyContact(Schema):
    """A contact that an agency would like to make about a loan placed with it."""

    model_config = ConfigDict(extra="forbid", strict=True)
    loan: str = Field(min_length=1, max_length=20)
    channel: str = Field(min_length=1, max_length=10)
    staff_number: str = Field(default="", max_length=20)


@router.post("/contacts", auth=Token("contacts"), response={201: dict[str, Any], **ONCE})
def contacts(request: HttpRequest, body: AgencyContact) -> HttpResponse:
    """Ask the one gate for a contact about a placed loan; `Idempotency-Key` is required.

    201 with the verdict: `allowed` (a message is on its way, a call may be made), `deferred` with the earliest
    instant, or `refused`; each with its provision. 422 outside the placement.
    """
    agency = str(request.auth)  # type: ignore[attr-defined]
    return idempotency.once(request, agency, "contacts", body.model_dump(), lambda: _ask(agency, body))


def _ask(agency: str, body: AgencyContact) -> tuple[int, dict[str, object]]:
    made = request_agency_contact(
        agency=agency, loan_id=body.loan, channel=body.channel, staff_number=body.staff_number
    )
    return 201, {
        "contact": made.public_id,
        "code": made.code,
        "verdict": made.verdict,
        "earliest": made.earliest_at.isoformat() if made.earliest_at else None,
        "provision": made.decision.leading_provision,
    }


class Outcome(Schema):
    """What came of a call or visit, with a note or transcript, which is screened."""

    model_config = ConfigDict(extra="forbid", strict=True)
    outcome: Literal[
        "not_connected", "no_answer", "conversation", "voicemail", "wrong_person", "refused_by_person"
    ]
    note: str = Field(default="", max_length=2000)


@router.post("/contacts/{contact}/outcome", auth=Token("contacts"), response={201: dict[str, Any], **ONCE})
def outcome(request: HttpRequest, contact: str, body: Outcome) -> HttpResponse:
    """Tell what came of an allowed call or visit of one's own; the gate counts by it.

    `Idempotency-Key` is required. `wrong_person` retires the number in every account at once.
    """
    agency = str(request.auth)  # type: ignore[attr-defined]

    def work() -> tuple[int, dict[str, object]]:
        record_outcome(
            contact_id=contact, outcome=body.outcome, note=body.note, actor=f"api:{agency}", agency=agency
        )
        return 201, {"contact": contact, "outcome": body.outcome}

    return idempotency.once(request, agency, "outcome", {"contact": contact, **body.model_dump()}, work)


@router.post("/gate/check", auth=Token("gate"), response={200: dict[str, Any], **REFUSALS})
def check(request: HttpRequest, question: gate_question.GateQuestion) -> dict[str, Any]:
    """May this contact be made, by which provisions, and if not now, when (docs/gate.md).

    Nothing is stored and nothing is sent: a contact with a borrower of Lenity still goes through the one door.
    """
    return gate_answer.answer(*gate_input.facts_of(question))
