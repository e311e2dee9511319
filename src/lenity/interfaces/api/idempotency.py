"""`Idempotency-Key`: same key and body, same answer; another body 422; still in flight 409."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse

from lenity.base import canonical
from lenity.base.outcomes import InputRefused, Problem
from lenity.interfaces.api import answers
from lenity.operations.answer_request import Do, answer_request

HEADER = "Idempotency-Key"
LONGEST = 255


def once(request: HttpRequest, client: str, route: str, body: Mapping[str, object], work: Do) -> HttpResponse:
    """Do `work` once for a key, in one transaction with its answer; it returns status and body, or refuses."""
    key = request.headers.get(HEADER, "")
    if not 0 < len(key) <= LONGEST or not key.isprintable():
        says = f"The header {HEADER} is missing or has more than {LONGEST} signs."
        return _refused(400, Problem("request.key", says, "Send a new UUID with each new payment."))
    digest = canonical.digest(body)
    try:
        found = answer_request(client_name=client, key=key, route=route, body_digest=digest, do=work)
    except InputRefused as refused:
        return _refused(422, *refused.problems)
    if found.state == "other_body":
        says = "This key came before with another request."
        return _refused(422, Problem("request.key", says, "Use a new key for a new payment."))
    if found.state == "in_flight":
        response = _refused(
            409, Problem("request.in_flight", "The same request is being worked on.", "Ask again.")
        )
        response["Retry-After"] = "1"
        return response
    response = HttpResponse(found.text, status=found.status, content_type="application/json")
    if found.state == "done":
        response["Idempotent-Replayed"] = "true"
    return response


def _refused(status: int, *problems: Problem) -> HttpResponse:
    return answers.refused(status, *(answers.plain(one) for one in problems))
