"""Somebody who helps me: I name her, for what and until when; with a key she reads what I let her read."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from lenity.base.outcomes import InputRefused
from lenity.interfaces.portal import forms
from lenity.interfaces.shared import access, places, step_up
from lenity.operations import name_helper as naming
from lenity.operations.end_helper import end_helper
from lenity.operations.read_as_helper import read_as_helper
from lenity.records.arrangements import helper_queries


@require_http_methods(["GET", "POST"])
@access.borrower_required
@step_up.fresh(lambda request: request.POST.get("do") != "end")
def helper(request: HttpRequest) -> HttpResponse:
    """Name a helper or end one; a key is shown on the answer to the form, this once."""
    borrower_id: str = request.borrower_id  # type: ignore[attr-defined]
    problems: dict[str, str] = {}
    named = None
    if request.method == "POST":
        try:
            named = _change(request, borrower_id)
            if named is None or not named.key:
                return redirect("/helper/")
        except InputRefused as refused:
            problems = {one.code: one.code for one in refused.problems}
    today = places.today(request)
    context = {
        "helpers": helper_queries.helpers(borrower_id, today),
        "key": named.key if named else "",
        "address": request.build_absolute_uri("/helping/"),
        "typed": {} if named else request.POST,
        "today": today,
        "tab": "me",
    }
    return forms.show(request, "portal/helper.html", context, problems)


def _change(request: HttpRequest, borrower_id: str) -> naming.Named | None:
    asked = request.POST
    if asked.get("do") == "end":
        end_helper(borrower_id=borrower_id, helper_id=asked.get("helper", "")[:20], actor="borrower")
        return None
    scope = asked.get("scope", "")[:10]
    return naming.name_helper(
        borrower_id=borrower_id,
        name=forms.words(asked.get("name", ""), 100),
        reach=forms.words(asked.get("reach", ""), 100),
        scope=scope,
        until=forms.day(asked.get("until", "")) or places.today(request) - timedelta(days=1),
        actor="borrower",
        parts=naming.PARTS.get(scope, ()) if asked.get("key") == "yes" else (),
    )


@require_http_methods(["GET", "POST"])
@access.public
def helping(request: HttpRequest) -> HttpResponse:
    """For a helper: the key opens what its giver lets her read, on this page and nowhere else."""
    key = request.POST.get("key", "").strip()[:200]
    found = read_as_helper(key=key) if key else None
    problems = {"key": "key"} if request.method == "POST" and found is None else {}
    return forms.show(request, "portal/helping.html", {"view": found, "tab": "helping"}, problems)
