"""How we may reach you: channels, quiet hours, stop all, neutral, language, large type."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from lenity.base.outcomes import InputRefused
from lenity.domain.debt_collection import reach
from lenity.domain.debt_collection.rules.view import WEEKDAYS
from lenity.gateways import clock
from lenity.interfaces.portal import forms
from lenity.interfaces.shared import access, step_up
from lenity.operations.end_quiet_hours import end_quiet_hours
from lenity.operations.set_language import set_language
from lenity.operations.set_quiet_hours import set_quiet_hours
from lenity.operations.set_reach import set_reach
from lenity.operations.set_wish import set_wish
from lenity.operations.switch_channel import switch_channel
from lenity.records.debt_collection import queries, strategy_queries
from lenity.records.people import queries as people

LARGE_LIFE = timedelta(days=365)


def _opens(request: HttpRequest) -> bool:
    """Whether a form opens a channel that she had switched off; closing one never needs a code."""
    asked, what = request.POST, request.POST.get("do", "channel")
    if what == "channel":
        return asked.get("want") == "on"
    if what != "reach":
        return False
    off = queries.switches(request.borrower_id)  # type: ignore[attr-defined]
    return any(off.get(cell.partition("-")[0]) for cell in asked.getlist("open"))


@require_http_methods(["GET", "POST"])
@access.borrower_required
@step_up.fresh(_opens)
def preferences(request: HttpRequest) -> HttpResponse:
    """Each form on the page changes one thing; it holds from this moment on."""
    borrower_id: str = request.borrower_id  # type: ignore[attr-defined]
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            DO.get(request.POST.get("do", "channel"), _channel)(borrower_id, request)
            return redirect("/preferences/")
        except InputRefused as refused:
            problems = {one.code: one.code for one in refused.problems}
    standing = people.standing_of(borrower_id, "quiet_hours")
    gauge = strategy_queries.gauge(borrower_id, clock.now())
    context = {
        "wishes": [_wished(one) for one in people.wishes_of(borrower_id)],
        "channels": [{"channel": one, "off": off} for one, off in queries.switches(borrower_id).items()],
        "quiet": [
            _hours(one.public_id, one.channel, one.detail) for one in standing if not one.detail.get("part")
        ],
        "grid": _grid(borrower_id, standing),
        "parts": tuple(reach.PARTS),
        "weekdays": WEEKDAYS,
        "cease": bool(people.standing_of(borrower_id, "cease")),
        "neutral": bool(people.standing_of(borrower_id, "neutral")),
        "language": people.language_of(borrower_id),
        "gauge": gauge,
        "steps": range(gauge.house + 1),
        "typed": request.POST,
        "tab": "me",
    }
    return forms.show(request, "portal/preferences.html", context, problems)


@require_POST
@access.public
def large(request: HttpRequest) -> HttpResponse:
    """Large type on or off, on this device; it says nothing about the person."""
    on = request.COOKIES.get("large") != "1"
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    answer = redirect(back if safe else "/")
    answer.set_cookie(
        "large",
        "1" if on else "0",
        max_age=LARGE_LIFE,
        httponly=True,
        samesite="Lax",
        secure=bool(getattr(settings, "SESSION_COOKIE_SECURE", False)),
    )
    return answer


def _grid(borrower_id: str, standing: list[Any]) -> list[dict[str, object]]:
    """Each channel with the parts of the day in which she may be reached on it."""
    shut = {(one.channel, one.detail.get("part", "")) for one in standing}
    off = queries.switches(borrower_id)
    return [
        {
            "channel": channel,
            "parts": [(part, not off[channel] and (channel, part) not in shut) for part in reach.PARTS],
        }
        for channel in reach.CHANNELS
    ]


SIGNS = {"cease": "no", "neutral": "eye", "channel_opt_out": "reach", "quiet_hours": "clock"}


def _wished(one: Any) -> dict[str, object]:
    """One wish that stands: what, and since when the gate keeps to it."""
    detail = one.detail
    hours = f"{detail['closed_from']} – {detail['closed_until']}" if "closed_from" in detail else ""
    found = {
        "kind": one.kind,
        "channel": one.channel,
        "part": detail.get("part", ""),
        "hours": hours,
        "points": detail.get("points", ""),
        "since": one.recorded_at,
        "sign": SIGNS.get(one.kind, "care"),
    }
    return {**found, "what": any(found[name] != "" for name in ("channel", "part", "hours", "points"))}


def _hours(public_id: str, channel: str, detail: dict[str, str]) -> dict[str, object]:
    return {
        "id": public_id,
        "channel": channel,
        "start": detail.get("closed_from", "00:00"),
        "end": detail.get("closed_until", "00:00"),
        "days": [day for day in detail.get("weekdays", "").split(",") if day],
    }


def _channel(borrower_id: str, request: HttpRequest) -> None:
    channel, want = request.POST.get("channel", ""), request.POST.get("want", "")
    if channel in queries.SWITCHES and want in ("on", "off"):
        switch_channel(borrower_id=borrower_id, channel=channel, on=want == "on", actor="borrower")


def _quiet(borrower_id: str, request: HttpRequest) -> None:
    set_quiet_hours(
        borrower_id=borrower_id,
        channel=request.POST.get("quiet_channel", "")[:10],
        closed_from=request.POST.get("hours", ""),
        closed_until=request.POST.get("until", ""),
        weekdays=[day[:3] for day in request.POST.getlist("weekdays")],
        actor="borrower",
    )


def _end_quiet(borrower_id: str, request: HttpRequest) -> None:
    end_quiet_hours(borrower_id=borrower_id, wish_id=request.POST.get("wish", "")[:20], actor="borrower")


def _reach(borrower_id: str, request: HttpRequest) -> None:
    set_reach(borrower_id=borrower_id, open_cells=request.POST.getlist("open")[:40], actor="borrower")


def _wish(borrower_id: str, request: HttpRequest) -> None:
    wish, on = request.POST.get("wish", "")[:20], request.POST.get("want") == "on"
    set_wish(borrower_id=borrower_id, wish=wish, on=on, actor="borrower")


def _language(borrower_id: str, request: HttpRequest) -> None:
    language = request.POST.get("language", "")[:10]
    set_language(borrower_id=borrower_id, language=language, actor="borrower")


DO: dict[str, Callable[[str, HttpRequest], None]] = {
    "channel": _channel,
    "reach": _reach,
    "quiet": _quiet,
    "end_quiet": _end_quiet,
    "wish": _wish,
    "language": _language,
}
