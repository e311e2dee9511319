"""Pages of administration: staff and where they are signed in, loans with agencies, programs and their keys.

A code or a token is shown on the answer to the click that made it, and nowhere again.
"""

from __future__ import annotations

from datetime import date, time
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import clock
from lenity.interfaces.shared import access, page, staff_words, step_up
from lenity.operations import change_staff as changing
from lenity.operations import placing
from lenity.operations.add_api_client import SCOPES, add_api_client
from lenity.operations.end_staff_sessions import end_staff_sessions
from lenity.operations.invite_again import invite_again
from lenity.operations.invite_staff import invite_staff
from lenity.operations.place_loans import MOST, place_loans
from lenity.operations.recall_placement import recall_placement
from lenity.operations.revoke_api_client import revoke_api_client
from lenity.operations.rotate_api_token import rotate_api_token
from lenity.records.debt_collection import placement_queries
from lenity.records.intake import queries as intake
from lenity.records.people import staff_queries

STAGES = ("EARLY", "MIDDLE", "LATE", "SERIOUS")
SHOWN = 200


STAFF_SHOWN = 25


@require_GET
@access.staff_required("administrator")
def administration(request: HttpRequest) -> HttpResponse:
    """Staff: what they may do, why, until when, and where they are signed in."""
    return _staff(request)


@access.staff_required("administrator")
@require_POST
@step_up.fresh()
def staff_rights(request: HttpRequest) -> HttpResponse:
    """Change what somebody may do."""
    post = request.POST
    try:
        changing.change_staff(
            staff_id=post.get("staff", "")[:20],
            roles=tuple(post.getlist("roles"))[:10],
            reason=post.get("reason", "")[:300],
            until=_day(post.get("until", ""), "staff.until"),
            active=post.get("active") == "yes",
            actor=access.staff_id(request),
        )
    except InputRefused as refused:
        return _staff(request, problem=staff_words.code_of(refused))
    return redirect("/administration/")


@access.staff_required("administrator")
@require_POST
@step_up.fresh()
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody; her code is shown this once."""
    post = request.POST
    try:
        made = invite_staff(
            username=post.get("username", "")[:80],
            display_name=post.get("name", "")[:100],
            staff_number=post.get("number", "")[:40],
            roles=tuple(post.getlist("roles"))[:10],
            reason=post.get("reason", "")[:300],
            agency=post.get("agency", "")[:90],
            until=_day(post.get("until", ""), "staff.until"),
            actor=access.staff_id(request),
        )
    except InputRefused as refused:
        return _staff(request, problem=staff_words.code_of(refused), typed=post)
    return _staff(request, shown={"name": made.staff.display_name, "code": made.code})


@access.staff_required("administrator")
@require_POST
@step_up.fresh()
def invite_anew(request: HttpRequest) -> HttpResponse:
    """A new code for somebody who cannot sign in; her old ways in end."""
    try:
        code = invite_again(staff_id=request.POST.get("staff", "")[:20], actor=access.staff_id(request))
    except InputRefused as refused:
        return _staff(request, problem=staff_words.code_of(refused))
    return _staff(request, shown={"name": request.POST.get("name", "")[:80], "code": code})


@access.staff_required("administrator")
@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """Sign somebody out, in one place or everywhere."""
    post = request.POST
    try:
        end_staff_sessions(
            staff_id=post.get("staff", "")[:20],
            session_id=post.get("session", "")[:20],
            actor=access.staff_id(request),
        )
    except InputRefused as refused:
        return _staff(request, problem=staff_words.code_of(refused))
    return redirect("/administration/")


@require_GET
@access.staff_required("administrator")
def agencies(request: HttpRequest) -> HttpResponse:
    """Loans with agencies, and what a choice of loans to place comes to."""
    return _agencies(request)


@access.staff_required("administrator")
@require_POST
@step_up.fresh()
def place(request: HttpRequest) -> HttpResponse:
    """Place the loans of a choice with an agency."""
    post = request.POST
    try:
        until = _day(post.get("until", ""), "placement.until")
        if until is None:
            raise InputRefused([Problem("placement.until", "Give a last day.")])
        place_loans(
            agency=post.get("agency", "")[:40],
            stage=_stage(post.get("stage", "")),
            product=post.get("product", "")[:40],
            at_most=_number(post.get("most", "")),
            channels=tuple(post.getlist("channels"))[:10],
            opens=_time(post.get("opens", "")),
            closes=_time(post.get("closes", "")),
            until=until,
            actor=access.staff_id(request),
        )
    except InputRefused as refused:
        return _agencies(request, problem=staff_words.code_of(refused))
    return redirect("/administration/agencies/")


@access.staff_required("administrator")
@require_POST
def recall(request: HttpRequest) -> HttpResponse:
    """Take a loan back from an agency."""
    try:
        recall_placement(
            placement_id=request.POST.get("placement", "")[:20],
            actor=access.staff_id(request),
        )
    except InputRefused as refused:
        return _agencies(request, problem=staff_words.code_of(refused))
    return redirect("/administration/agencies/")


@require_GET
@access.staff_required("administrator")
def programs(request: HttpRequest) -> HttpResponse:
    """Programs that may call, and for what."""
    return _programs(request)


@access.staff_required("administrator")
@require_POST
@step_up.fresh()
def add_program(request: HttpRequest) -> HttpResponse:
    """Let a program in; its token is shown this once."""
    name = request.POST.get("name", "").strip()[:40]
    try:
        token = add_api_client(
            name=name, scopes=tuple(request.POST.getlist("scopes"))[:20], actor=access.staff_id(request)
        )
    except InputRefused as refused:
        return _programs(request, problem=staff_words.code_of(refused), name=name)
    return _programs(request, shown={"name": name, "code": token})


@access.staff_required("administrator")
@require_POST
@step_up.fresh()
def rotate_program(request: HttpRequest) -> HttpResponse:
    """Another token for a program; the old one ends."""
    name = request.POST.get("client", "")[:40]
    try:
        token = rotate_api_token(name=name, actor=access.staff_id(request))
    except InputRefused as refused:
        return _programs(request, problem=staff_words.code_of(refused))
    return _programs(request, shown={"name": name, "code": token})


@access.staff_required("administrator")
@require_POST
def shut_out(request: HttpRequest) -> HttpResponse:
    """Shut a program out."""
    try:
        revoke_api_client(name=request.POST.get("client", "")[:40], actor=access.staff_id(request))
    except InputRefused as refused:
        return _programs(request, problem=staff_words.code_of(refused))
    return redirect("/administration/programs/")


def _staff(
    request: HttpRequest, *, problem: str = "", shown: dict[str, str] | None = None, typed: Any = None
) -> HttpResponse:
    words = "".join(sign for sign in request.GET.get("find", "") if sign.isprintable()).strip()[:60]
    found = Paginator(staff_queries.named(words), STAFF_SHOWN).get_page(request.GET.get("page"))
    context = {
        "staff": staff_queries.listed(clock.now(), list(found.object_list)),
        "found": found,
        "find": words,
        "roles": [(one, gettext(staff_words.ROLES[one])) for one in changing.ROLES],
        "agencies": _agency_names(),
        "shown": shown,
        "typed": typed or {},
        "typed_roles": typed.getlist("roles") if typed else [],
        "problem": problem,
        "tab": "administration",
        "part": "staff",
    }
    return page.show(request, "backoffice/administration.html", context, status=422 if problem else 200)


def _agencies(request: HttpRequest, *, problem: str = "") -> HttpResponse:
    asked = request.POST if problem else request.GET
    stage, product = asked.get("stage", ""), asked.get("product", "")[:40]
    chosen = placement_queries.choice(stage, product, clock.now()) if stage in STAGES else None
    context = {
        "agencies": _agency_names(),
        "held": dict(placement_queries.with_agencies()),
        "placements": placement_queries.placements(most=SHOWN),
        "most_shown": SHOWN,
        "stages": STAGES,
        "products": placement_queries.products(),
        "channels": placing.CHANNELS,
        "stage": stage,
        "product": product,
        "choice": chosen,
        "at_most": min(chosen.loans, MOST) if chosen else 0,
        "asked": asked,
        "problem": problem,
        "tab": "administration",
        "part": "agencies",
    }
    return page.show(request, "backoffice/agencies.html", context, status=422 if problem else 200)


def _programs(
    request: HttpRequest, *, problem: str = "", shown: dict[str, str] | None = None, name: str = ""
) -> HttpResponse:
    context = {
        "clients": intake.clients(),
        "scopes": [(one, gettext(staff_words.SCOPES[one])) for one in SCOPES],
        "shown": shown,
        "name": name,
        "problem": problem,
        "tab": "administration",
        "part": "programs",
    }
    return page.show(request, "backoffice/programs.html", context, status=422 if problem else 200)


def _agency_names() -> list[str]:
    return [one.name for one in intake.clients() if "contacts" in one.scopes and one.revoked_at is None]


def _day(text: str, code: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError as error:
        raise InputRefused([Problem(code, "It is a day such as 2026-12-31.")]) from error


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text[:5])
    except ValueError as error:
        raise InputRefused([Problem("placement.hours", "Write 09:00 and 18:00.")]) from error


def _stage(text: str) -> str:
    if text not in STAGES:
        raise InputRefused([Problem("placement.none", "Choose a stage.")])
    return text


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise InputRefused([Problem("placement.most", "A whole number.")])
    return int(text)
