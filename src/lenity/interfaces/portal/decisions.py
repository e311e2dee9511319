"""What a machine decided on my application, why, and asking for a person to look at it (CN-PIPL-24)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from lenity.base.outcomes import InputRefused
from lenity.interfaces.portal import forms
from lenity.interfaces.shared import access, places
from lenity.operations.ask_review import ask_review
from lenity.records.lending import review_queries


@require_http_methods(["GET", "POST"])
@access.borrower_required
def decisions(request: HttpRequest) -> HttpResponse:
    """Each decision in plain words; a person looks at it when I ask, and somebody else a second time."""
    borrower_id: str = request.borrower_id  # type: ignore[attr-defined]
    asked, words = request.POST.get("application", "")[:20], request.POST.get("words", "")
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            ask_review(
                application_id=asked or "none",
                borrower_id=borrower_id,
                words=forms.words(words),
                actor="borrower",
            )
            return redirect("/decisions/")
        except InputRefused as refused:
            problems = {f"words-{asked}": refused.problems[0].code}
    found = review_queries.decisions_of(borrower_id, places.today(request))
    context = {"decisions": found, "asked": asked, "said": forms.words(words), "tab": "me"}
    return forms.show(request, "portal/decisions.html", context, problems)
