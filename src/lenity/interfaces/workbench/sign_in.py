"""Staff sign in with a password and a one-time code."""

from __future__ import annotations

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from lenity.interfaces.shared import access, page, security
from lenity.operations.note_staff_session import note_staff_session
from lenity.operations.sign_in_staff import sign_in_staff

FIRST_PAGES = {
    "collector": "/work/",
    "supervisor": "/beyond/",
    "compliance": "/compliance/",
    "operations": "/operations/",
    "manager": "/management/",
    "administrator": "/administration/",
    "risk": "/risk/",
}


@require_http_methods(["GET", "POST"])
@access.public
def sign_in(request: HttpRequest) -> HttpResponse:
    """Password and second factor on one page; whatever is wrong, the answer is the same."""
    wrong = False
    if request.method == "POST":
        staff = sign_in_staff(
            username=request.POST.get("username", "")[:60],
            password=request.POST.get("password", "")[:200],
            code=request.POST.get("code", "")[:10],
        )
        if staff is not None:
            login(request, staff, backend="django.contrib.auth.backends.ModelBackend")
            security.begin_session(request)
            note_staff_session(
                staff_id=staff.public_id,
                session_key=request.session.session_key or "",
                from_address=security.address_of(request),
                browser=request.headers.get("User-Agent", ""),
            )
            return redirect(next(address for role, address in FIRST_PAGES.items() if role in staff.roles))
        wrong = True
    return page.show(request, "workbench/sign_in.html", {"wrong": wrong})


@require_POST
@access.public
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("/staff/sign-in/")
