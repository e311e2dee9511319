"""Pages on which compliance reads what screening found in texts, and what people tell of impostors."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from lenity.base.outcomes import InputRefused
from lenity.interfaces.shared import access, page, staff_words
from lenity.operations.handle_impostor_report import DID, handle_impostor_report
from lenity.operations.review_finding import DECISIONS, review_finding
from lenity.records.debt_collection import voice_queries


@require_http_methods(["GET", "POST"])
@access.staff_required("compliance")
def findings(request: HttpRequest) -> HttpResponse:
    """What was found in collectors' notes and transcripts, the gravest first, each with its words."""
    problem, post = "", request.POST
    if request.method == "POST":
        try:
            review_finding(
                finding_id=post.get("finding", "")[:20],
                decision=post.get("decision", "")[:20],
                reason=post.get("reason", "")[:400],
                actor=access.staff_id(request),
            )
            return redirect("/compliance/findings/")
        except InputRefused as refused:
            problem = staff_words.code_of(refused)
    context = {
        "rows": voice_queries.findings_waiting(most=60),
        "done": voice_queries.findings_reviewed(),
        "decisions": DECISIONS,
        "about": post.get("finding", ""),
        "said": post.get("reason", ""),
        "problem": problem,
        "tab": "findings",
    }
    return access.no_store(
        page.show(request, "backoffice/findings.html", context, status=422 if problem else 200)
    )


@require_http_methods(["GET", "POST"])
@access.staff_required("compliance")
def impostors(request: HttpRequest) -> HttpResponse:
    """Strangers who used the lender's name, as people told it, and what was done."""
    problem, post = "", request.POST
    if request.method == "POST":
        try:
            handle_impostor_report(
                report_id=post.get("report", "")[:20],
                did=post.get("did", "")[:20],
                words=post.get("words", "")[:400],
                actor=access.staff_id(request),
            )
            return redirect("/compliance/impostors/")
        except InputRefused as refused:
            problem = staff_words.code_of(refused)
    context = {
        "rows": voice_queries.impostor_reports(most=60),
        "numbers": voice_queries.wrong_numbers(most=60),
        "did": DID,
        "about": post.get("report", ""),
        "said": post.get("words", ""),
        "problem": problem,
        "tab": "impostors",
    }
    return access.no_store(
        page.show(request, "backoffice/impostors.html", context, status=422 if problem else 200)
    )
