"""Pages of webhooks: endpoints with the public keys that check them, test events, the delivery log, replay."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from lenity.base import webhooks as events
from lenity.base.outcomes import InputRefused
from lenity.gateways import clock
from lenity.gateways.webhooks import Rules
from lenity.interfaces.shared import access, page, staff_words, step_up
from lenity.operations.add_webhook_endpoint import add_webhook_endpoint
from lenity.operations.end_webhook_endpoint import end_webhook_endpoint
from lenity.operations.replay_webhook import replay_webhook
from lenity.operations.rotate_webhook_key import rotate_webhook_key
from lenity.operations.send_test_webhook import send_test_webhook
from lenity.records.webhooks import queries

ADDRESS = "/administration/webhooks/"
SHOWN = 50


@require_GET
@access.staff_required("administrator")
def webhooks(request: HttpRequest) -> HttpResponse:
    """Endpoints and the delivery log, of all or of one."""
    return _show(request)


@access.staff_required("administrator")
@require_POST
@step_up.fresh()
def add(request: HttpRequest) -> HttpResponse:
    """Register an address."""
    post = request.POST
    try:
        add_webhook_endpoint(
            url=post.get("url", "").strip()[:600],
            kinds=tuple(post.getlist("kinds"))[:50],
            rules=Rules(settings.LENITY_WEBHOOK_HOSTS, settings.LENITY_WEBHOOK_PRIVATE),
            actor=access.staff_id(request),
        )
    except InputRefused as refused:
        return _show(request, problem=staff_words.code_of(refused), typed=post)
    return redirect(ADDRESS)


MOVES: dict[str, Callable[[str, str], Any]] = {
    "test": lambda endpoint, actor: send_test_webhook(endpoint_id=endpoint, actor=actor),
    "rotate": lambda endpoint, actor: rotate_webhook_key(endpoint_id=endpoint, actor=actor),
    "end": lambda endpoint, actor: end_webhook_endpoint(
        endpoint_id=endpoint, reason="ended by an administrator", actor=actor
    ),
}


@access.staff_required("administrator")
@require_POST
@step_up.fresh()
def act(request: HttpRequest, endpoint_id: str, move: str) -> HttpResponse:
    """A test event, a new key, or the end of an endpoint."""
    if move not in MOVES:
        raise Http404
    try:
        MOVES[move](endpoint_id, access.staff_id(request))
    except InputRefused as refused:
        return _show(request, problem=staff_words.code_of(refused))
    return redirect(ADDRESS)


@access.staff_required("administrator")
@require_POST
def replay(request: HttpRequest) -> HttpResponse:
    """Send a message again under its own id."""
    try:
        replay_webhook(message_id=request.POST.get("message", "")[:20], actor=access.staff_id(request))
    except InputRefused as refused:
        return _show(request, problem=staff_words.code_of(refused))
    return redirect(ADDRESS)


def _show(request: HttpRequest, *, problem: str = "", typed: Any = None) -> HttpResponse:
    of = request.GET.get("endpoint", "")[:20]
    context = {
        "endpoints": queries.endpoints(clock.now()),
        "messages": queries.log(endpoint=of, most=SHOWN),
        "of": of,
        "kinds": events.kinds(),
        "hosts": settings.LENITY_WEBHOOK_HOSTS,
        "typed_url": typed.get("url", "") if typed else "",
        "typed_kinds": typed.getlist("kinds") if typed else [],
        "problem": problem,
        "most": SHOWN,
        "tab": "administration",
        "part": "webhooks",
    }
    return page.show(request, "backoffice/webhooks.html", context, status=422 if problem else 200)
