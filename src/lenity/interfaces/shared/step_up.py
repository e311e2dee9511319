"""What is sensitive asks for a fresh code first (HOUSE-STEP-UP); what was typed waits on the page meanwhile.

A sign-in is a fresh code too. The page that asks carries the form that it interrupted as hidden fields and
posts to the same address, so that nothing is lost and nothing happens before the code.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from lenity.base import dates
from lenity.gateways import clock
from lenity.interfaces.shared import access, page, security
from lenity.law import reader
from lenity.operations.confirm_staff import confirm_staff
from lenity.operations.confirm_step_up import confirm_step_up
from lenity.operations.request_step_up_code import request_step_up_code

FIELD, AGAIN = "step_up_code", "step_up_again"
OURS = {"csrfmiddlewaretoken", FIELD, AGAIN}


def fresh(when: Callable[[HttpRequest], bool] | None = None) -> Callable[[access.View], access.View]:
    """Only after a code that was entered in the last minutes; `when` says which posts are sensitive, or all."""

    def decorate(view: access.View) -> access.View:
        @wraps(view)
        def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
            sensitive = request.method == "POST" and (when is None or when(request))
            if not sensitive or is_fresh(request):
                return view(request, *arguments, **named)
            code = request.POST.get(FIELD, "").strip()[:20]
            if code and _is_right(request, code):
                request.session["fresh"] = dates.instant_text(clock.now())
                return view(request, *arguments, **named)
            return _ask(request, wrong=FIELD in request.POST and AGAIN not in request.POST)

        return guarded

    return decorate


def is_fresh(request: HttpRequest) -> bool:
    """Whether a code was entered in the last minutes, at sign-in or since."""
    now = clock.now()
    minutes = reader.rulebook("CN").value("HOUSE-STEP-UP", now.date())["fresh_minutes"]
    told = [request.session.get(name, "") for name in ("fresh", "began")]
    return any(now - dates.parse_instant(one) < timedelta(minutes=minutes) for one in told if one)


def _is_right(request: HttpRequest, code: str) -> bool:
    borrower_id = getattr(request, "borrower_id", "")
    if not borrower_id:
        return confirm_staff(staff_id=access.staff_id(request), code=code)
    asked = request.session.get("step_up", "")
    return bool(asked) and confirm_step_up(borrower_id=borrower_id, request_id=asked, code=code)


def _ask(request: HttpRequest, *, wrong: bool) -> HttpResponseBase:
    borrower_id = getattr(request, "borrower_id", "")
    if borrower_id and (not wrong or not request.session.get("step_up")):
        request.session["step_up"] = request_step_up_code(
            borrower_id=borrower_id, address=security.address_of(request), actor="borrower"
        )
    kept = [(name, value) for name, values in request.POST.lists() if name not in OURS for value in values]
    context = {
        "base": "shared/base_portal.html" if borrower_id else "shared/base_staff.html",
        "is_borrower": bool(borrower_id),
        "sent": bool(request.session.get("step_up")),
        "kept": kept,
        "wrong": wrong,
        "path": request.get_full_path(),
    }
    return access.no_store(page.show(request, "shared/step_up.html", context, status=403))
