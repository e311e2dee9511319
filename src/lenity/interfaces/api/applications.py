"""Applications of a lender's own programs: submitted once, decided, read back by who sent them."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from lenity.base.money import Money
from lenity.domain.lending import decision
from lenity.domain.underwriting import request as requests
from lenity.gateways import clock
from lenity.interfaces.api import answers, idempotency
from lenity.interfaces.api.answers import ONCE, REFUSALS, Paging, client_of, needed
from lenity.interfaces.api.me import Listed
from lenity.interfaces.api.token import Token
from lenity.law import reader
from lenity.operations.decide_application import decide_application
from lenity.operations.receive_application import receive_application
from lenity.records.lending import application_details, application_lists
from lenity.records.lending.application_details import Detail
from lenity.records.lending.application_lists import Line, Wanted

router = Router(tags=["applications"])
Answer = dict[str, Any]
Outcome = Literal["approve", "refer", "decline", "undecided"]
State = Literal["undecided", "waits", "answered", "machine"]
SHORT, LONG = 60, 200


class Strict(Schema):
    """Nothing unknown, nothing turned into another type."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Applicant(Strict):
    """Who asks. A number whose check fails is taken: a check of the policy answers to it."""

    name: str = Field(min_length=1, max_length=SHORT)
    jurisdiction: str = Field(min_length=2, max_length=2)
    language: Literal["zh-hans", "en", ""] = ""
    mobile: str = Field("", max_length=40)
    email: str = Field("", max_length=120)
    address: str = Field("", max_length=LONG)
    identity_number: str = Field("", max_length=40)
    birth_date: str = Field("", max_length=10)


class Asked(Strict):
    """The credit asked for; amounts and rates are decimal text."""

    amount: str = Field(min_length=1, max_length=24)
    instalments: int | None = Field(None, ge=1, le=decision.MOST_INSTALMENTS)
    annual_rate_percent: str | None = Field(None, max_length=12)


class Debt(Strict):
    """A debt's monthly payment, and whether the lender has verified it."""

    monthly: str = Field(min_length=1, max_length=24)
    verified: bool = False
    kind: str = Field("", max_length=SHORT)


class Household(Strict):
    """Who lives of the income."""

    adults: int = Field(1, ge=1, le=requests.MOST_PEOPLE)
    children: int = Field(0, ge=0, le=requests.MOST_PEOPLE)


class Report(Strict):
    """A consumer report that the decision is based on (US-FCRA-615a); its score whole, or not at all."""

    agency: str = Field(min_length=1, max_length=LONG)
    address: str = Field(min_length=1, max_length=LONG)
    telephone: str = Field(min_length=1, max_length=LONG)
    score: int | None = None
    lowest: int | None = None
    highest: int | None = None
    scored_on: str | None = Field(None, max_length=10)
    provider: str = Field("", max_length=LONG)
    factors: list[str] = Field(default_factory=list, max_length=5)
    inquiries: bool = False


class NewApplication(Strict):
    """An application; what is left out is unknown, `debts: []` says that there are none.

    `row` is what the score reads; a column that the rule in force does not read is not kept.
    """

    reference: str = Field(min_length=1, max_length=requests.LONGEST_REFERENCE)
    currency: str = Field(min_length=3, max_length=3)
    applicant: Applicant
    asked: Asked | None = None
    income: str | None = Field(None, max_length=24)
    debts: list[Debt] | None = Field(None, max_length=requests.MOST_DEBTS)
    household: Household | None = None
    row: dict[str, str | int | None] = Field(default_factory=dict, max_length=requests.MOST_COLUMNS)
    consumer_report: Report | None = None
    decide: bool = Field(True, description="Decide it at once, in the same transaction.")


class Reason(Schema):
    """A reason that was used, in both languages."""

    code: str
    points_lost: int
    zh: str
    en: str


class Review(Schema):
    """A person looks at it: by when she answers, and what she decided."""

    id: str
    number: int
    asked_by_policy: bool
    answer_by: str
    outcome: str
    limit: str


class ApplicationOut(Schema):
    """Where an application stands. `limit` is decimal text, empty without one; nobody is named."""

    id: str
    reference: str
    state: State
    outcome: Outcome
    currency: str
    limit: str
    binding_cap: str
    score: int | None
    reasons: list[Reason]
    told: dict[str, list[str]]
    policy: str
    model: str
    arm: str
    reviews: list[Review]
    notice_given: bool


@router.post("/applications", auth=Token("applications"), response={201: ApplicationOut, **ONCE})
def submit(request: HttpRequest, body: NewApplication) -> HttpResponse:
    """Submit an application, and decide it at once unless `decide` is false; `Idempotency-Key` is required."""
    client = client_of(request)
    plain = body.model_dump(mode="json", exclude_none=True, exclude={"decide"})
    read = requests.read(plain, reader.places(), clock.home_day())

    def work() -> tuple[int, Answer]:
        made = receive_application(
            request=read, source=_source(client), decide=body.decide, actor=f"api:{client}"
        )
        return 201, _one(client, made.public_id)

    return idempotency.once(request, client, "applications", {**plain, "decide": body.decide}, work)


@router.get("/applications", auth=Token("applications"), response={200: Listed, **REFUSALS})
def listed(
    request: HttpRequest, paging: Paging, outcome: Outcome | None = None, state: State | None = None
) -> Answer:
    """Applications of the caller, newest first."""
    found = application_lists.applications(
        Wanted(outcome=outcome or "", state=state or "", source=_source(client_of(request))),
        before=answers.after(paging.cursor),
        most=paging.limit,
    )
    return {
        "items": [_line(one) for one in found.rows],
        "next": answers.cursor(found.after),
    }


@router.get(
    "/applications/{application}", auth=Token("applications"), response={200: ApplicationOut, **REFUSALS}
)
def one_(request: HttpRequest, application: str) -> Answer:
    """An application of the caller: what was decided, by which rule, why, and whose turn it is."""
    return _one(client_of(request), application)


@router.post(
    "/applications/{application}/decide", auth=Token("applications"), response={201: ApplicationOut, **ONCE}
)
def decide_one(request: HttpRequest, application: str) -> HttpResponse:
    """Decide one that was submitted with `decide: false`; `Idempotency-Key` is required."""
    client = client_of(request)
    _one(client, application)

    def work() -> tuple[int, Answer]:
        decide_application(application_id=application, actor=f"api:{client}")
        return 201, _one(client, application)

    return idempotency.once(request, client, "decide", {"application": application}, work)


def _source(client: str) -> str:
    return f"api:{client}"


def _one(client: str, application: str) -> Answer:
    found = needed(application_details.application(application, clock.home_day(), again=False))
    if found.line.source != _source(client):
        raise answers.NotFound
    return _told(found)


def _line(one: Line) -> Answer:
    return {
        "id": one.public_id,
        "reference": one.reference,
        "applied_at": one.applied_at,
        "state": one.state,
        "outcome": one.outcome,
        "currency": one.currency,
        "limit": _amount(one.limit_minor, one.currency),
        "person": one.person,
    }


def _told(found: Detail) -> Answer:
    line, made = found.line, found.made
    said = made.said if made else None
    return {
        "id": line.public_id,
        "reference": line.reference,
        "state": line.state,
        "outcome": line.outcome,
        "currency": line.currency,
        "limit": _amount(line.limit_minor, line.currency),
        "binding_cap": line.binding_cap,
        "score": line.score,
        "reasons": [dict(one) for one in made.reasons] if made else [],
        "told": {"zh": list(said.explained.zh), "en": list(said.explained.en)} if said else {},
        "policy": made.policy if made else "",
        "model": made.model if made else "",
        "arm": line.arm,
        "reviews": [
            {
                "id": one.public_id,
                "number": one.number,
                "asked_by_policy": one.by_policy,
                "answer_by": one.answer_by.isoformat(),
                "outcome": one.outcome,
                "limit": _amount(one.limit_minor, line.currency),
            }
            for one in (said.reviews if said else ())
        ],
        "notice_given": bool(said and said.notice),
    }


def _amount(minor: int, currency: str) -> str:
    return Money(minor, currency).decimal_text() if minor else ""
