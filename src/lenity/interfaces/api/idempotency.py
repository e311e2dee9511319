"""`Idempotency-Key`: same key and body, same answer; another body 422; still in flight 409."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse

from lenity.base import canonical
from lenity.base.outcomes import InputRefused, Problem
from lenity.interfaces.api import answers
from lenity.operations.answer_request import answer_request
from lenity.operations.claim_request import claim_request

HEADER = "Idempotency-Key"
LONGEST = 255
Work = Callable[[], tuple[int, Mapping[str, object]]]


def once(
    request: HttpRequest, client: str, route: str, body: Mapping[str, object], work: Work
) -> HttpResponse:
    """Do `work` once for a key. `work` returns status and body, or raises `InputRefused`."""
    key = request.headers.get(HEADER, "")
    if not 0 < len(key) <= LONGEST or not key.isprintable():
        says = f"The header {HEADER} is missing or has more than {LONGEST} signs."
        return _refused(400, Problem("request.key", says, "Send a new UUID with each new payment."))
    claim = claim_request(client_name=client, key=key, route=route, body_digest=canonical.digest(body))
    if claim.state == "other_body":
        says = "This key came before with another request."
        return _refused(422, Problem("request.key", says, "Use a new key for a new payment."))
    if claim.state == "in_flight":
        response = _refused(
            409, Problem("request.in_flight", "The same request is being worked on.", "Ask again.")
        )
        response["Retry-After"] = "1"
        return response
    if claim.state == "done":
        known = HttpResponse(claim.answer, status=claim.status, content_type="application/json")
        known["Idempotent-Replayed"] = "true"
        return known
    try:
        status, made = work()
    except InputRefused as refused:
        answer_request(client_name=client, key=key, status=422, answer="")
        return _refused(422, *refused.problems)
    text = json.dumps(made, ensure_ascii=False)
    answer_request(client_name=client, key=key, status=status, answer=text)
    return HttpResponse(text, status=status, content_type="application/json")


def _refused(status: int, *problems: Problem) -> HttpResponse:
    return answers.refused(status, *(answers.plain(one) for one in problems))
