"""Who may contact me and how much: impostors, numbers that are somebody else's, the gauge of points."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from lenity.base.outcomes import InputRefused
from lenity.gateways import clock
from lenity.interfaces.shared import access, page, security
from lenity.operations.lower_stress_budget import lower_stress_budget
from lenity.operations.report_impostor import report_impostor
from lenity.operations.request_stop_code import request_stop_code
from lenity.operations.stop_number import stop_number
from lenity.records.debt_collection import voice_queries


@require_http_methods(["GET", "POST"])
@access.public
def impostor(request: HttpRequest) -> HttpResponse:
    """Report a stranger who used our name, signed in or not; and what was done about one's own reports."""
    borrower_id: str = request.borrower_id  # type: ignore[attr-defined]
    told, problem = request.POST.get("told", "")[:4000], False
    if request.method == "POST":
        try:
            made = report_impostor(told=told, address=security.address_of(request), borrower_id=borrower_id)
            return redirect(f"/verify/report/{made.public_id}/")
        except InputRefused:
            problem = True
    mine = voice_queries.reports_of(borrower_id) if borrower_id else []
    context = {"told": told, "problem": problem, "mine": mine, "tab": "verify"}
    return page.show(request, "portal/impostor.html", context, status=422 if problem else 200)


@require_GET
@access.public
def report(request: HttpRequest, report_id: str) -> HttpResponse:
    """Where one report stands, by its reference: what was done, and nothing of what was told."""
    found = voice_queries.report_told(report_id)
    if found is None:
        raise Http404
    return page.show(request, "portal/report.html", {"one": found, "tab": "verify"})


@require_http_methods(["GET", "POST"])
@access.borrower_required
def points(request: HttpRequest) -> HttpResponse:
    """Lower the points that contacts may cost in a week; a number that the page never offered is refused."""
    if request.method == "GET":
        return redirect("/preferences/")
    wanted = request.POST.get("points", "")[:4]
    if not (wanted.isascii() and wanted.isdigit()):
        return HttpResponse(status=422)
    try:
        lower_stress_budget(
            borrower_id=request.borrower_id,  # type: ignore[attr-defined]
            points=int(wanted),
            actor="borrower",
        )
    except InputRefused:
        return HttpResponse(status=422)
    return redirect("/preferences/")


LEAST_SECONDS = 0.25
"""Known and unknown codes answer after the same time, as near as a page can tell."""


@require_http_methods(["GET", "POST"])
@access.public
def not_me(request: HttpRequest) -> HttpResponse:
    """A message for somebody else: its receiver proves the number with six digits, and it is used no more."""
    code, step, problem = request.POST.get("code", "").strip()[:40], request.POST.get("step", ""), ""
    if request.GET.get("again"):
        request.session.pop("stop_number", None)
    shown = "digits" if request.session.get("stop_number") and step != "begin" else "code"
    if step == "code" and code:
        began = clock.stopwatch()
        asked = request_stop_code(code=code, address=security.address_of(request))
        request.session["stop_number"] = asked
        clock.pause(max(LEAST_SECONDS - (clock.stopwatch() - began), 0))
        return redirect("/verify/not-me/")
    if step == "code":
        problem = "code"
    elif step == "digits":
        asked = str(request.session.get("stop_number", ""))
        if stop_number(request_id=asked, code=request.POST.get("digits", "")[:20]):
            request.session.pop("stop_number", None)
            shown = "done"
        else:
            problem = "digits"
    context = {"step": shown, "code": code, "problem": problem, "tab": "verify"}
    return page.show(request, "portal/not_me.html", context, status=422 if problem else 200)
