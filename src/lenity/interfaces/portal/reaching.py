"""My number and my e-mail address: changed with a code to the old one and to the new one, after a wait."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from lenity.base.outcomes import InputRefused
from lenity.interfaces.portal import forms
from lenity.interfaces.shared import access, places, security, step_up
from lenity.law import reader
from lenity.operations.ask_point_change import ask_point_change
from lenity.operations.confirm_point_change import confirm_point_change
from lenity.operations.stop_point_change import stop_point_change
from lenity.records.people import point_queries


@require_http_methods(["GET", "POST"])
@access.borrower_required
@step_up.fresh(lambda request: request.POST.get("do") not in ("stop", "confirm"))
def reach(request: HttpRequest) -> HttpResponse:
    """Ask for a change, confirm it with the code that the new one got, or stop it; stopping never needs a code."""
    borrower_id: str = request.borrower_id  # type: ignore[attr-defined]
    problems: dict[str, str] = {}
    if request.method == "POST":
        problems = _change(request, borrower_id)
        if not problems:
            return redirect("/me/reach/")
    rule = reader.rulebook(places.of(request)).value("HOUSE-POINT", places.today(request))
    context = {
        "reach": point_queries.reach_of(borrower_id),
        "hours": rule["cooling_hours"],
        "typed": request.POST,
        "tab": "me",
    }
    return forms.show(request, "portal/reach.html", context, problems)


def _change(request: HttpRequest, borrower_id: str) -> dict[str, str]:
    """Do what was asked; returns what is wrong, by its field."""
    asked = request.POST
    kind, change = asked.get("kind", "")[:10], asked.get("change", "")[:20]
    if asked.get("do") == "stop":
        stop_point_change(borrower_id=borrower_id, change_id=change, actor="borrower")
        return {}
    if asked.get("do") == "confirm":
        code = asked.get("code", "").strip()[:20]
        right = confirm_point_change(borrower_id=borrower_id, change_id=change, code=code, actor="borrower")
        return {} if right else {f"code-{kind}": "point.code"}
    try:
        made = ask_point_change(
            borrower_id=borrower_id,
            kind=kind,
            value=forms.words(asked.get(kind, ""), 120),
            address=security.address_of(request),
            actor="borrower",
        )
    except InputRefused as refused:
        return {kind: refused.problems[0].code}
    return {} if made else {kind: "code.not_sent"}
