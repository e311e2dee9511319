"""The HTTP API, first version: health, verifying a contact, payments, accounts.

Its description is at openapi.json.
"""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema, Status
from pydantic import ConfigDict, Field

from lenity.base.outcomes import InputRefused
from lenity.interfaces.api import gate, idempotency, money
from lenity.interfaces.shared import security
from lenity.operations.check_contact import check_contact
from lenity.records.audit import queries as audit

api = NinjaAPI(title="Lenity", version="1", docs_url=None, urls_namespace="api")
api.add_router("", money.router)
api.add_router("", gate.router)


@api.exception_handler(InputRefused)
def refused(request: HttpRequest, problem: InputRefused) -> HttpResponse:
    """What was wrong with the input, in words."""
    return JsonResponse({"problems": [idempotency.plain(one) for one in problem.problems]}, status=422)


class Health(Schema):
    """Whether the service answers, and the size of the sealed evidence log."""

    status: str
    evidence_size: int


class Question(Schema):
    """A code from a message, a letter or a caller."""

    model_config = ConfigDict(extra="forbid")
    code: str = Field(min_length=1, max_length=40)


class Verified(Schema):
    """`yes`, `no` or `busy`; with yes: who, by which channel, to which ending, until when. Never a debt."""

    result: str
    who: str
    staff_number: str
    agency: str
    channel: str
    to_ending: str
    sent_at: datetime | None
    valid_until: datetime | None


@api.get("/health", response=Health)
def health(request: HttpRequest) -> Health:
    """Answer when the service and its database are there."""
    head = audit.head()
    return Health(status="ok", evidence_size=head.tree_size if head else 0)


@api.post("/verify", response={200: Verified, 429: Verified})
def verify(request: HttpRequest, question: Question) -> Status[Verified]:
    """Check whether a contact is genuine."""
    answer = check_contact(code=question.code, address=security.address_of(request))
    return Status(429 if answer.result == "busy" else 200, Verified(**answer.__dict__))
