"""What every page shows besides its own content."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language


def show(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Render a page with the lender's name in the reader's language."""
    return render(request, template, {"lender_name": lender_name(), **context}, status=status)


def lender_name() -> str:
    """The lender's name in the reader's language."""
    names = settings.LENITY_LENDER_NAMES
    return str(names.get(get_language() or "zh-hans", names["en"]))


def pay_to() -> tuple[str, str, str]:
    """Payee, bank and number of the one account that borrowers pay into."""
    language = get_language() or "zh-hans"
    payees, banks = settings.LENITY_PAYEES, settings.LENITY_PAYEE_BANKS
    payee, bank = payees.get(language, payees["en"]), banks.get(language, banks["en"])
    return str(payee), str(bank), str(settings.LENITY_PAYEE_ACCOUNT)


def problem(request: HttpRequest, status: int) -> HttpResponse:
    """A designed error page that gives nothing away."""
    staff = request.path.startswith(
        (
            "/work/",
            "/compliance/",
            "/concerns/",
            "/suspense/",
            "/staff/",
            "/operations/",
            "/changes/",
            "/bulk/",
            "/beyond/",
            "/readings/",
            "/offers/",
            "/risk/",
            "/management/",
            "/administration/",
        )
    )
    base = "shared/base_staff.html" if staff else "shared/base_portal.html"
    return show(request, "shared/problem.html", {"status": status, "base": base}, status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(request, 404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(request, 403)


def failed(request: HttpRequest) -> HttpResponse:
    return problem(request, 500)


def unreadable_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(request, 400)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return problem(request, 403)
