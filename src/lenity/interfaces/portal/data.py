"""My data: a copy, correction, deletion; what was reported to a credit bureau, and a statement beside it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from lenity.base import canonical
from lenity.base.outcomes import InputRefused
from lenity.interfaces.portal import forms
from lenity.interfaces.shared import access, places
from lenity.operations.request_data import KINDS, request_data
from lenity.records.arrangements import support_queries
from lenity.records.furnishing import report_queries
from lenity.records.keys import retention_queries


@require_http_methods(["GET", "POST"])
@access.borrower_required
def data(request: HttpRequest) -> HttpResponse:
    """Ask for a copy, a correction or a deletion; what has to be kept and why stands beside it."""
    borrower_id: str = request.borrower_id  # type: ignore[attr-defined]
    problems, kind = _ask(request)
    if request.method == "POST" and not problems:
        return redirect("/reports/" if kind == "bureau_statement" else "/data/")
    context = {
        "requests": support_queries.requests_of(borrower_id),
        "kind": kind,
        "said": request.POST.get("words", ""),
        "kept": retention_queries.keeping(places.of(request), places.today(request)),
        "tab": "me",
    }
    return forms.show(request, "portal/data.html", context, problems)


def _ask(request: HttpRequest) -> tuple[dict[str, str], str]:
    kind = request.POST.get("kind", "")[:20]
    if request.method != "POST":
        return {}, kind
    try:
        request_data(
            borrower_id=request.borrower_id,  # type: ignore[attr-defined]
            kind=kind,
            words=forms.words(request.POST.get("words", "")),
            actor="borrower",
        )
    except InputRefused as refused:
        return {("kind" if kind not in KINDS else "words"): refused.problems[0].code}, kind
    return {}, kind


@require_GET
@access.borrower_required
def copy(request: HttpRequest) -> HttpResponse:
    """Everything held about me as one JSON file, for another program to read."""
    plain = report_queries.everything(request.borrower_id, places.today(request))  # type: ignore[attr-defined]
    answer = HttpResponse(canonical.text(plain), content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer


@require_GET
@access.borrower_required
def read(request: HttpRequest) -> HttpResponse:
    """The same, to read."""
    plain = report_queries.everything(request.borrower_id, places.today(request))  # type: ignore[attr-defined]
    return forms.show(request, "portal/data_read.html", {"all": plain, "tab": "me"})


@require_GET
@access.borrower_required
def reports(request: HttpRequest) -> HttpResponse:
    """What was reported to a credit bureau, which notices went before, and my statements."""
    borrower_id: str = request.borrower_id  # type: ignore[attr-defined]
    view = report_queries.reported(borrower_id, places.today(request))
    mine = [one for one in support_queries.requests_of(borrower_id) if one.kind == "bureau_statement"]
    return forms.show(request, "portal/reports.html", {"view": view, "statements": mine, "tab": "me"})
