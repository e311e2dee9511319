"""Pages for compliance, the living page of the design system, and the demo's own page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyotp
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from lenity.base.outcomes import InputRefused
from lenity.gateways import clock
from lenity.interfaces.backoffice import charts
from lenity.interfaces.shared import access, page
from lenity.interfaces.shared.templatetags import lenity as words
from lenity.law import reader
from lenity.operations.answer_concern import ANSWERS, answer_concern
from lenity.operations.answer_data_request import ANSWERS as DATA_ANSWERS
from lenity.operations.read_record import REASONS as READ_REASONS
from lenity.records.arrangements import support_queries
from lenity.records.debt_collection import concern_queries, look_up_queries, queries
from lenity.records.people import reading_queries

STEP_SECONDS = 30
NARROW = 46
"""Letters in one line of a chart on a phone; half as many in Chinese."""
MOST_SHOWN, MOST_REQUESTS = 40, 20
"""Concerns and requests on one page, the most urgent first: the next come as these are answered."""


@require_GET
@access.staff_required("compliance")
def compliance(request: HttpRequest) -> HttpResponse:
    """Contacts by verdict and provision, the evidence log, the ledger, the last close."""
    view = queries.overview(clock.now())
    says = {one.id: one.says for place in reader.places() for one in reader.rulebook(place).provisions}
    rows = [{**one, "says": says.get(str(one["provision"]))} for one in view.by_provision]
    chart = charts.bars([{**one, "provision": _short(one)} for one in rows[:12]])
    context = {"view": view, "rows": rows, "chart": chart, "tab": "compliance", "part": "first"}
    return page.show(request, "backoffice/compliance.html", context)


def _short(row: Mapping[str, Any]) -> str:
    """What a provision says as far as a phone's width carries it, or its id."""
    text = words.said(row["says"]) if row["says"] else str(row["provision"])
    most = NARROW if text.isascii() else NARROW // 2
    return text if len(text) <= most else f"{text[: most - 1]}…"


@require_GET
@access.staff_required("compliance")
def look_ups(request: HttpRequest) -> HttpResponse:
    """Who looked whom up, and why."""
    context = {"rows": look_up_queries.look_ups(), "readings": reading_queries.readings(), "tab": "look_ups"}
    return page.show(request, "backoffice/look_ups.html", context)


@require_http_methods(["GET", "POST"])
@access.staff_required("compliance")
def concerns(request: HttpRequest) -> HttpResponse:
    """Disputes, complaints and reviews with their clocks; answering one ends the stop it had."""
    if request.method == "POST":
        hold, answer = request.POST.get("hold", "")[:20], request.POST.get("answer", "")
        try:
            answer_concern(hold_id=hold, answer=answer, actor=request.user.public_id)  # type: ignore[union-attr]
            return redirect("/concerns/")
        except InputRefused:
            return show_concerns(request, "concern")
    return show_concerns(request)


def show_concerns(
    request: HttpRequest, problem: str = "", typed: dict[str, str] | None = None
) -> HttpResponse:
    """The page of concerns and of requests about data, with what was typed kept."""
    today = clock.business_day("CN")
    soon = reader.rulebook("CN").value("HOUSE-LATE", today)["due_soon_days"]
    context = {
        "waiting": concern_queries.waiting(today, most=MOST_SHOWN),
        "clocks": concern_queries.clocks(today, soon),
        "soon": soon,
        "requests": support_queries.requests_waiting(
            reading_queries.opened(request.user.public_id, clock.now()),  # type: ignore[union-attr]
            most=MOST_REQUESTS,
        ),
        "why_read": READ_REASONS,
        "answers": ANSWERS,
        "data_answers": DATA_ANSWERS,
        "problem": problem,
        "tab": "concerns",
        **(typed or {}),
    }
    return page.show(request, "backoffice/concerns.html", context, status=422 if problem else 200)


@require_GET
@access.public
def design(request: HttpRequest) -> HttpResponse:
    """Every component of the design system, alive. Shown in a demo only."""
    _demo()
    chart = charts.bars(
        [
            {"provision": "HOUSE-HOLDS", "verdict": "refused", "number": 142},
            {"provision": "US-RF-6b1-TIME", "verdict": "deferred", "number": 77},
        ]
    )
    return page.show(request, "backoffice/design.html", {"chart": chart})


@require_GET
@access.public
def demo(request: HttpRequest) -> HttpResponse:
    """Who can sign in to the demo, the present second factors, and what reached the sinks."""
    told = _demo()
    step = int(clock.now().timestamp()) // STEP_SECONDS
    staff = [{**one, "code": pyotp.TOTP(one["totp"]).generate_otp(step)} for one in told["logins"]["staff"]]
    return page.show(
        request,
        "backoffice/demo.html",
        {
            "staff": staff,
            "borrowers": told["logins"]["borrowers"],
            "inbox": _inbox(),
            "business_date": told["business_date"],
        },
    )


def _demo() -> dict[str, Any]:
    marker = Path(settings.HOME) / "demo.json"
    if not marker.is_file():
        raise Http404
    told: dict[str, Any] = json.loads(marker.read_text("utf-8"))
    if "logins" not in told:
        raise Http404
    return told


def _inbox() -> list[dict[str, str]]:
    file = Path(settings.HOME) / "inbox.jsonl"
    if not file.is_file():
        return []
    with file.open("rb") as raw:
        raw.seek(0, 2)
        raw.seek(max(raw.tell() - 20_000, 0))
        lines = raw.read().decode("utf-8", "ignore").splitlines()
    whole = [line for line in lines if line.startswith("{") and line.endswith("}")]
    return [json.loads(line) for line in reversed(whole[-8:])]
