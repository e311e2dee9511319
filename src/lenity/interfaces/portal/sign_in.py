"""A borrower signs in: number, then the code with a proof that the number is still hers."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from lenity.domain.lending import person
from lenity.gateways import clock
from lenity.interfaces.shared import access, drafts, page, security
from lenity.operations.request_sign_in_code import request_sign_in_code
from lenity.operations.sign_in_borrower import sign_in_borrower

PLACES = ("CN", "US")
"""Whose numbers need no country code."""
LEAST_SECONDS = 0.25
"""Known and unknown numbers answer after the same time, as near as a page can tell."""


@require_http_methods(["GET", "POST"])
@access.public
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for the number and send a code."""
    mobile = request.POST.get("mobile", "").strip()[:40]
    is_number = any(person.mobile_number(mobile, place) for place in PLACES)
    if request.method == "POST" and is_number:
        began = clock.stopwatch()
        request.session["sign_in"] = {
            "request": request_sign_in_code(mobile=mobile, address=security.address_of(request)),
            "mobile": mobile,
        }
        clock.pause(max(LEAST_SECONDS - (clock.stopwatch() - began), 0))
        return redirect("/sign-in/code/")
    context = {"missing": request.method == "POST", "typed": mobile, "kept": "draft" in request.session}
    return page.show(request, "portal/sign_in.html", context)


@require_http_methods(["GET", "POST"])
@access.public
def code(request: HttpRequest) -> HttpResponse:
    """Take the code and the proof; whatever is wrong, the answer is the same."""
    asked = request.session.get("sign_in")
    if not asked:
        return redirect("/sign-in/")
    wrong = False
    if request.method == "POST":
        borrower = sign_in_borrower(
            request_id=asked["request"],
            mobile=asked["mobile"],
            code=request.POST.get("code", "")[:20],
            proof=request.POST.get("proof", "")[:20],
        )
        if borrower is not None:
            draft = request.session.get("draft")
            request.session.flush()
            security.begin_session(request, borrower.public_id)
            return redirect(drafts.hand_over(request, draft, borrower.public_id) if draft else "/")
        wrong = True
    return page.show(request, "portal/code.html", {"wrong": wrong})


@require_POST
@access.public
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    owner: str = request.borrower_id  # type: ignore[attr-defined]
    logout(request)
    drafts.remember(request, owner)
    return redirect("/sign-in/")
