"""An invited person sets her own password and second factor. Nobody else ever sees either."""

from __future__ import annotations

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from lenity.base.outcomes import InputRefused
from lenity.gateways import clock
from lenity.interfaces.shared import access, office_words, page
from lenity.operations.accept_invitation import accept_invitation
from lenity.operations.open_invitation import open_invitation
from lenity.records.people import staff_queries

KEPT = "joining"


@require_http_methods(["GET", "POST"])
@access.public
def join(request: HttpRequest) -> HttpResponse:
    """User name and the code of the invitation."""
    wrong = False
    if request.method == "POST":
        found = open_invitation(
            username=request.POST.get("username", "").strip()[:60], code=request.POST.get("code", "")[:20]
        )
        if found:
            request.session.cycle_key()
            request.session[KEPT] = found
            return redirect("/staff/join/set/")
        wrong = True
    return page.show(request, "workbench/join.html", {"wrong": wrong}, status=422 if wrong else 200)


@require_http_methods(["GET", "POST"])
@access.public
def choose(request: HttpRequest) -> HttpResponse:
    """Password, and a code that shows that the second factor works."""
    invitation = str(request.session.get(KEPT, ""))
    view = staff_queries.joining(invitation, clock.now())
    if view is None:
        request.session.pop(KEPT, None)
        return redirect("/staff/join/")
    problem = ""
    if request.method == "POST":
        try:
            accept_invitation(
                invitation_id=invitation,
                password=request.POST.get("password", "")[:300],
                again=request.POST.get("again", "")[:300],
                code=request.POST.get("code", "")[:10],
            )
            request.session.flush()
            return redirect("/staff/sign-in/")
        except InputRefused as refused:
            code = refused.problems[0].code
            problem = code if code in office_words.OFFICE_PROBLEMS else "other"
    drawn = segno.make(view.address, error="m").svg_inline(
        scale=4, border=2, omitsize=True, dark="#1d2327", light="#fff"
    )
    context = {"view": view, "drawn": SafeString(drawn), "problem": problem}
    return page.show(request, "workbench/join_set.html", context, status=422 if problem else 200)
