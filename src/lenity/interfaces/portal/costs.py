"""What a loan will cost in all: opened, read for as long as it takes, confirmed before anything is signed."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from lenity.base.outcomes import InputRefused
from lenity.domain.servicing import cost_statement
from lenity.interfaces.portal import forms
from lenity.interfaces.shared import access, page, places
from lenity.law import reader
from lenity.operations.confirm_cost import confirm_cost
from lenity.records.lending import cost_queries

STEPS = ("opened", "confirmed")


@require_GET
@access.borrower_required
def costs(request: HttpRequest) -> HttpResponse:
    """The statements that were made for this borrower, the newest first."""
    borrower_id: str = request.borrower_id  # type: ignore[attr-defined]
    context = {"rows": cost_queries.statements_of(borrower_id), "tab": "me"}
    return page.show(request, "portal/costs.html", context)


@require_http_methods(["GET", "POST"])
@access.borrower_required
def cost(request: HttpRequest, cost_statement_id: str) -> HttpResponse:
    """One statement: opened by a click, then shown whole, then confirmed."""
    borrower_id: str = request.borrower_id  # type: ignore[attr-defined]
    shown = cost_queries.statement_of(borrower_id, cost_statement_id)
    if shown is None:
        raise Http404
    problems = {}
    if request.method == "POST":
        problem = _step(request, borrower_id, cost_statement_id)
        if not problem:
            return redirect(f"/costs/{cost_statement_id}/")
        problems = {"agree": problem}
    book = reader.rulebook(places.of(request)).provisions
    by = next((one for one in book if one.id == cost_statement.PROVISION), None)
    context = {"shown": shown, "by": by, "tab": "me"}
    return forms.show(request, "portal/cost.html", context, problems)


def _step(request: HttpRequest, borrower_id: str, cost_statement_id: str) -> str:
    """Take one step; returns what is wrong."""
    step = request.POST.get("step", "")
    if step not in STEPS:
        return "cost.unread"
    if step == "confirmed" and request.POST.get("agree") != "yes":
        return "tick"
    try:
        confirm_cost(statement_id=cost_statement_id, step=step, actor="borrower", borrower_id=borrower_id)
    except InputRefused as refused:
        return refused.problems[0].code
    return ""
