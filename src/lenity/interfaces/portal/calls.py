"""Who may contact me and how much: reports of impostors, and the gauge of points that I may lower."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from lenity.base.outcomes import InputRefused
from lenity.interfaces.shared import access, page, security
from lenity.operations.lower_stress_budget import lower_stress_budget
from lenity.operations.report_impostor import report_impostor


@require_http_methods(["GET", "POST"])
@access.public
def impostor(request: HttpRequest) -> HttpResponse:
    """Report a stranger who used our name, signed in or not."""
    told, problem, thanks = request.POST.get("told", "")[:4000], False, False
    if request.method == "POST":
        try:
            report_impostor(
                told=told,
                address=security.address_of(request),
                borrower_id=request.borrower_id,  # type: ignore[attr-defined]
            )
            thanks = True
        except InputRefused:
            problem = True
    context = {"told": told, "problem": problem, "thanks": thanks, "tab": "verify"}
    return page.show(request, "portal/impostor.html", context, status=422 if problem else 200)


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
