"""Middleware: who is signed in, for how long; security headers; the caller's address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from lenity.base import dates
from lenity.domain.banking import formats
from lenity.gateways import book_file, clock
from lenity.interfaces.shared import conventions, drafts, page
from lenity.records.people import queries as people
from lenity.records.people import sign_in_queries

BORROWER_IDLE = timedelta(minutes=15)
STAFF_IDLE = timedelta(minutes=30)
LONGEST_SESSION = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
"""How often a session is written: a page that follows at once costs no write, and the idle time ends at most
a minute early."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
MOST_BYTES = 5_000_000
MOST_STAFF_BYTES = {
    "/operations/book/": book_file.MOST_BYTES + 1_000_000,
    "/operations/bank/": formats.MOST_BYTES + 1_000_000,
}
Next = Callable[[HttpRequest], HttpResponse]


class HeadersMiddleware:
    """Security headers on every answer; nothing personal is kept by a browser or a proxy."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Content-Security-Policy"] = POLICY
        response["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=()"
        response["Cross-Origin-Opener-Policy"] = "same-origin"
        if not request.path.startswith(settings.STATIC_URL):
            response["Cache-Control"] = "no-store"
        return response


class SizeMiddleware:
    """Refuses a body that is too large before anybody reads it; staff may send files at two addresses."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            size = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            size = 0
        most = MOST_STAFF_BYTES.get(request.path, MOST_BYTES) if request.user.is_authenticated else MOST_BYTES
        if size > most:
            return page.problem(request, 413)
        return self.get_response(request)


class SessionMiddleware:
    """Sets `request.borrower_id`, and ends sessions that are idle, too long, or of staff switched off."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.borrower_id = ""  # type: ignore[attr-defined]
        if request.user.is_authenticated and not sign_in_queries.may_work(request.user, clock.home_day()):
            logout(request)
        is_staff = request.user.is_authenticated
        if (is_staff or "borrower" in request.session) and not self._alive(request, is_staff=is_staff):
            ended = request.session.get("borrower", "")
            logout(request)
            if ended and request.method == "POST":
                drafts.keep(request, ended)
        request.borrower_id = request.session.get("borrower", "")  # type: ignore[attr-defined]
        token = conventions.ZONE.set(_zone(request))
        try:
            return self.get_response(request)
        finally:
            conventions.ZONE.reset(token)

    def _alive(self, request: HttpRequest, *, is_staff: bool) -> bool:
        now, session = clock.now(), request.session
        try:
            began = dates.parse_instant(session["began"])
            seen = dates.parse_instant(session["seen"])
        except (KeyError, ValueError):
            return False
        idle = STAFF_IDLE if is_staff else BORROWER_IDLE
        if now - seen > idle or now - began > LONGEST_SESSION:
            return False
        if now - seen >= SEEN_EVERY:
            session["seen"] = dates.instant_text(now)
        return True


def _zone(request: HttpRequest) -> str:
    """The wall clock for this request. A borrower's place and zone are looked up once a session."""
    session, borrower_id = request.session, request.session.get("borrower", "")
    if not borrower_id:
        return conventions.HOME_ZONE
    if "zone" not in session:
        session["place"] = people.place_of(borrower_id)
        session["zone"] = people.zone_of(borrower_id) or clock.business_zone(session["place"])
    return str(session["zone"])


def begin_session(request: HttpRequest, borrower_id: str = "") -> None:
    """Start a session with a new key; for a borrower, it carries her public id."""
    request.session.cycle_key()
    now = dates.instant_text(clock.now())
    request.session["began"] = request.session["seen"] = now
    if borrower_id:
        request.session["borrower"] = borrower_id


def address_of(request: HttpRequest) -> str:
    """The caller's address. A forwarded one counts only behind a proxy that the installation names."""
    direct = str(request.META.get("REMOTE_ADDR", ""))
    if settings.LENITY_PROXY and direct == settings.LENITY_PROXY:
        return str(request.META.get("HTTP_X_FORWARDED_FOR", direct)).split(",")[-1].strip()
    return direct
