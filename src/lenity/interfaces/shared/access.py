"""Who may see a page: a signed-in borrower, or staff with a role. Whatever is not allowed is refused."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from lenity.interfaces.shared import drafts, page

View = Callable[..., HttpResponseBase]


def borrower_required(view: View) -> View:
    """Only for a signed-in borrower; others are sent to sign in."""

    @wraps(view)
    def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        if not getattr(request, "borrower_id", ""):
            return _signed_out(request)
        drafts.fill(request, request.borrower_id)  # type: ignore[attr-defined]
        return view(request, *arguments, **named)

    guarded.lenity_access = "borrower"  # type: ignore[attr-defined]
    return guarded


def _signed_out(request: HttpRequest) -> HttpResponse:
    """To sign in; what was posted is kept where its writer is known, else it stands on the page to be copied."""
    typed = page.typed_in(request) if request.method == "POST" else []
    kept = getattr(request, "draft_taken", False) or drafts.keep_late(request)
    if typed and not kept:
        return page.problem(request, 403, "signed_out", typed)
    return redirect("/sign-in/")


def staff_required(*roles: str) -> Callable[[View], View]:
    """Only for staff with one of these roles; the rest is sent to sign in, or refused."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect("/staff/sign-in/")
            if not set(roles) & set(request.user.roles):
                raise PermissionDenied
            return view(request, *arguments, **named)

        guarded.lenity_access = ",".join(roles)  # type: ignore[attr-defined]
        return guarded

    return decorate


def public(view: View) -> View:
    """For everybody: says so, because a test asks each page who may see it."""

    @wraps(view)
    def open_to_all(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        return view(request, *arguments, **named)

    open_to_all.lenity_access = "public"  # type: ignore[attr-defined]
    return open_to_all


def staff_id(request: HttpRequest) -> str:
    """The public id of the member of staff who is signed in."""
    return str(request.user.public_id)  # type: ignore[union-attr]


def no_store(response: HttpResponse) -> HttpResponse:
    """A page with personal data is kept nowhere."""
    response["Cache-Control"] = "no-store"
    return response
