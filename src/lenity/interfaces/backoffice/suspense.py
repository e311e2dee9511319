"""Money that no loan was found for: one person says what becomes of it, another decides."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import clock
from lenity.interfaces.shared import access, page, staff_words
from lenity.operations.decide_suspense import decide_suspense
from lenity.operations.propose_change import propose_change
from lenity.records.debt_collection import suspense_views
from lenity.records.intake import queries as intake
from lenity.records.intake import suspense_queries

VERDICTS = {"approve": "approved", "refuse": "refused"}
PAGE = 30


@require_http_methods(["GET", "POST"])
@access.staff_required("operations")
def suspense(request: HttpRequest) -> HttpResponse:
    """Oldest first. To a loan by its account number, back to the sender, cleared, or a payment's reversal."""
    actor, problem, post = access.staff_id(request), "", request.POST
    if request.method == "POST":
        try:
            _act(request, actor)
            return redirect("/suspense/")
        except InputRefused as refused:
            problem = staff_words.code_of(refused)
    today = clock.business_day("CN")
    asked = request.GET.get("from", "0")
    first = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= 6 else 0
    rows = suspense_views.waiting(actor, clock.now(), today, first=first, most=PAGE + 1)
    context = {
        "rows": rows[:PAGE],
        "later": first + PAGE if len(rows) > PAGE else 0,
        "earlier": first,
        "ages": suspense_queries.by_age(today),
        "decided": suspense_views.decided(actor, clock.now()),
        "problem": problem,
        "typed": post,
        "tab": "suspense",
    }
    return access.no_store(
        page.show(request, "backoffice/suspense.html", context, status=422 if problem else 200)
    )


def _act(request: HttpRequest, actor: str) -> None:
    post, move = request.POST, request.POST.get("move", "")
    if move in VERDICTS:
        decide_suspense(
            proposal_id=post.get("change", "")[:20],
            digest=post.get("digest", "")[:64],
            verdict=VERDICTS[move],
            reason=post.get("why", "")[:600],
            actor=actor,
        )
        return
    found = intake.loans_by_reference([post.get("account", "").strip()[:40]])
    loan = found[0] if len(found) == 1 else None
    entry = post.get("entry", "")[:20]
    try:
        came_on = date.fromisoformat(post["on"][:10]) if post.get("on") else None
    except ValueError:
        raise InputRefused([Problem("suspense.day", "The day is a date.")]) from None
    content = suspense_queries.content(entry, move, loan, clock.business_day("CN"), came_on=came_on)
    propose_change(
        kind=suspense_queries.MOVES[move],
        subject_id=entry,
        payload=content,
        reason=post.get("reason", "")[:600],
        actor=actor,
    )
