"""The HTTP API, first version: health, verifying a contact, and the rooms of this folder.

Its description is at openapi.json.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema, Status
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from pydantic import ConfigDict, Field, model_validator

from lenity.base.outcomes import InputRefused
from lenity.interfaces.api import answers, applications, gate, me, money, offers, programs
from lenity.interfaces.shared import security
from lenity.operations.check_contact import check_contact
from lenity.operations.report_impostor import report_impostor
from lenity.records.audit import queries as audit


class Api(NinjaAPI):
    """The API; its description says that refusals are `application/problem+json`."""

    def get_openapi_schema(self, *arguments: Any, **named: Any) -> OpenAPISchema:
        """The description, with the media type of refusals as it is sent."""
        schema = super().get_openapi_schema(*arguments, **named)
        for path in schema["paths"].values():
            for call in path.values():
                for answer in call["responses"].values():
                    content = answer.get("content", {})
                    told = content.get("application/json", {}).get("schema", {})
                    if str(told.get("$ref", "")).endswith("/Problems"):
                        content[answers.PROBLEM_JSON] = content.pop("application/json")
        return schema


api = Api(title="Lenity", version="1", docs_url=None, urls_namespace="api")
api.add_router("", money.router)
api.add_router("", gate.router)
api.add_router("", me.router)
api.add_router("", programs.router)
api.add_router("", applications.router)
api.add_router("", offers.router)


@api.exception_handler(InputRefused)
def refused(request: HttpRequest, problem: InputRefused) -> HttpResponse:
    """What was wrong with the input, in words."""
    return answers.refused(422, *(answers.plain(one) for one in problem.problems))


@api.exception_handler(answers.NotFound)
def not_found(request: HttpRequest, problem: answers.NotFound) -> HttpResponse:
    """Nothing there, or not the caller's: the same answer."""
    return answers.no(404, "not_found")


@api.exception_handler(answers.NotFresh)
def not_fresh(request: HttpRequest, problem: answers.NotFresh) -> HttpResponse:
    """Something sensitive, and no code was entered lately."""
    return answers.no(403, "step_up")


@api.exception_handler(AuthenticationError)
def unknown_caller(request: HttpRequest, problem: AuthenticationError) -> HttpResponse:
    """No token, or one without the scope."""
    response = answers.no(401, "auth")
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(ValidationError)
def wrong_fields(request: HttpRequest, problem: ValidationError) -> HttpResponse:
    """Every field that is wrong, and where."""
    told = [
        {
            "code": "request.input",
            "says": answers.says_of("request.input"),
            "where": ".".join(str(part) for part in one["loc"]),
            "detail": str(one["msg"]),
        }
        for one in problem.errors[:40]
    ]
    return answers.refused(422, *told)


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, problem: HttpError) -> HttpResponse:
    """A body that is no JSON, and what else the framework refuses."""
    return answers.no(problem.status_code, "request", detail=str(problem))


class Health(Schema):
    """Whether the service answers, and the size of the sealed evidence log."""

    status: str
    evidence_size: int


class Question(Schema):
    """A code from a message, a letter or a caller; six digits and a staff number need the phone's last four."""

    model_config = ConfigDict(extra="forbid")
    code: str = Field(default="", max_length=40)
    phone_ending: str = Field(default="", pattern=r"^([0-9]{4})?$")
    staff_number: str = Field(default="", max_length=20)

    @model_validator(mode="after")
    def asks_something(self) -> Self:
        """A question names a code or a staff number."""
        if not (self.code or self.staff_number):
            raise ValueError("give a code or a staff number")
        return self


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


@api.post("/verify", response={200: Verified, 429: Verified, 400: answers.Problems, 422: answers.Problems})
def verify(request: HttpRequest, question: Question) -> Status[Verified]:
    """Check whether a contact is genuine."""
    answer = check_contact(
        code=question.code,
        ending=question.phone_ending,
        staff_number=question.staff_number,
        address=security.address_of(request),
    )
    return Status(429 if answer.result == "busy" else 200, Verified(**answer.__dict__))


class Impostor(Schema):
    """What happened, in the words of whoever it happened to."""

    model_config = ConfigDict(extra="forbid")
    told: str = Field(min_length=5, max_length=2000)


@api.post("/impostors", response={201: dict[str, str], 422: answers.Problems, 400: answers.Problems})
def impostors(request: HttpRequest, report: Impostor) -> Status[dict[str, str]]:
    """Report a stranger who used the lender's name; compliance sees it."""
    made = report_impostor(told=report.told, address=security.address_of(request))
    return Status(201, {"report": made.public_id})
