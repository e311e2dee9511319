"""What every page shows besides its own content."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from lenity.domain.lending.adverse_action import Sender
from lenity.interfaces.shared import problems

WORDY = ("words", "told", "reason")
"""The fields in which people write sentences."""


def show(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Render a page with the lender's name in the reader's language."""
    return render(request, template, {"lender_name": lender_name(), **context}, status=status)


def lender_name() -> str:
    """The lender's name in the reader's language."""
    names = settings.LENITY_LENDER_NAMES
    return str(names.get(get_language() or "zh-hans", names["en"]))


def notice_sender() -> Sender:
    """Who sends a notice of adverse action; the notice itself refuses what is not set."""
    name = str(settings.LENITY_LENDER_NAMES["en"])
    return Sender(name, str(settings.LENITY_LENDER_ADDRESS), str(settings.LENITY_SUPERVISOR))


def pay_to() -> tuple[str, str, str]:
    """Payee, bank and number of the one account that borrowers pay into."""
    language = get_language() or "zh-hans"
    payees, banks = settings.LENITY_PAYEES, settings.LENITY_PAYEE_BANKS
    payee, bank = payees.get(language, payees["en"]), banks.get(language, banks["en"])
    return str(payee), str(bank), str(settings.LENITY_PAYEE_ACCOUNT)


STAFF_ROOMS = (
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


def problem(request: HttpRequest, status: int, code: str = "", typed: Sequence[str] = ()) -> HttpResponse:
    """A designed error page that gives nothing away; what a borrower had typed stands on it, to be copied."""
    staff = request.path.startswith(STAFF_ROOMS)
    found = problems.said(code or str(status))
    base = "shared/base_staff.html" if staff else "shared/base_portal.html"
    context = {
        "base": "shared/base.html" if status == HTTPStatus.INTERNAL_SERVER_ERROR else base,
        "sign": found.sign,
        "title": found.title,
        "says": found.lines,
        "typed": typed,
        "staff": staff,
        "first": "/work/" if staff else "/",
    }
    return show(request, "shared/problem.html", context, status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(request, 404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(request, 403)


def failed(request: HttpRequest) -> HttpResponse:
    """The page of last resort: it asks nothing of the database, which may be what has failed."""
    return problem(request, 500)


def unreadable_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(request, 400)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return problem(request, 403, "expired", typed_in(request))


def typed_in(request: HttpRequest) -> list[str]:
    """The words that somebody had typed into a form of the portal; codes and numbers are not among them."""
    if request.path.startswith((*STAFF_ROOMS, "/sign-in/", "/helping/")):
        return []
    return [text for name in WORDY if (text := request.POST.get(name, "").strip()[:4000])]
