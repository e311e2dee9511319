"""Pages of management and the rulebook."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from lenity.gateways import clock
from lenity.interfaces.backoffice import charts
from lenity.interfaces.shared import access, csv_file, page
from lenity.interfaces.shared.templatetags import lenity as words
from lenity.law import changes as law_changes
from lenity.law import reader
from lenity.records.debt_collection import look_up_queries, office_queries

EARLIEST = date(2025, 1, 1)
PERIODS = ("7", "30", "90")


@require_GET
@access.staff_required("manager")
def management(request: HttpRequest) -> HttpResponse:
    """Stages, contacts and payments, complaints."""
    asked = request.GET.get("days", "30")
    view = office_queries.management(clock.now(), int(asked if asked in PERIODS else "30"))
    stages = charts.bars(
        [
            {
                "provision": f"{words.word(str(one['stage']), 'stage')} {one['currency']}",
                "verdict": "allowed" if one["stage"] == "CURRENT" else "deferred",
                "number": one["loans"],
            }
            for one in view.stages
        ]
    )
    return page.show(
        request,
        "backoffice/management.html",
        {"view": view, "chart": stages, "periods": PERIODS, "tab": "management", "part": "first"},
    )


@require_GET
@access.staff_required("compliance")
def rules(request: HttpRequest) -> HttpResponse:
    """A place's rulebook on two days, and how many contacts each provision stopped."""
    asked, today = request.GET, clock.business_day("CN")
    place = asked.get("place", "CN")
    place = place if place in reader.places() else "CN"
    problem, first, last = False, EARLIEST, today
    try:
        first = date.fromisoformat(asked.get("first", "")[:10] or EARLIEST.isoformat())
        last = date.fromisoformat(asked.get("last", "")[:10] or today.isoformat())
        problem = not (2015 <= first.year <= 2099 and 2015 <= last.year <= 2099)
    except ValueError:
        problem = True
    book = reader.rulebook(place)
    lines = law_changes.between(book, first, last)
    stopped = office_queries.stopped_by_provision()
    context = {
        "lines": [(line, stopped.get(line.provision.id, 0)) for line in lines],
        "changed": sum(line.state != "same" for line in lines),
        "places": reader.places(),
        "place": place,
        "first": first,
        "last": last,
        "digest": book.digest,
        "problem": problem,
        "tab": "rules",
    }
    return page.show(request, "backoffice/rules.html", context, status=422 if problem else 200)


@require_GET
@access.staff_required("compliance")
def look_ups_file(request: HttpRequest) -> HttpResponse:
    """The look-ups as CSV."""
    rows = look_up_queries.look_ups(most=5000)
    return csv_file.answer(
        "look-ups.csv",
        ["at", "by", "staff_number", "reason", "words", "result", "borrower"],
        [
            [one.at.isoformat(), one.by, one.staff_number, one.reason, one.words, one.result, one.borrower_id]
            for one in rows
        ],
    )
