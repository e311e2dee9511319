"""What a borrower was writing when her session ended: sealed, for her alone, and only for a while.

It lies in the session of the browser in which she wrote it. Only who signs in as the same borrower gets it back,
on the same page and not sent. Codes, proofs and files are never kept.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta

from cryptography.exceptions import InvalidTag
from django.http import HttpRequest, QueryDict

from lenity.base import dates
from lenity.gateways import clock
from lenity.records import encrypted

KEPT_FOR = timedelta(minutes=30)
MOST_BYTES = 20_000
NEVER = {"csrfmiddlewaretoken", "code", "proof", "key", "shown", "agree"}
"""Fields that are typed anew: secrets, and the consent to exactly what was shown."""
PLACE = {"table": "session", "column": "draft"}


def keep(request: HttpRequest, borrower_id: str) -> bool:
    """Keep what was posted; says whether there was anything to keep."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in NEVER
        for value in values
        if isinstance(value, str)
    ]
    text = json.dumps({"path": request.path, "fields": fields})
    if not fields or len(text.encode()) > MOST_BYTES:
        return False
    request.session["draft"] = {
        "owner": borrower_id,
        "kept_at": dates.instant_text(clock.now()),
        "sealed": encrypted.seal(text, row=borrower_id, **PLACE),
    }
    request.draft_taken = True  # type: ignore[attr-defined]
    return True


def remember(request: HttpRequest, borrower_id: str) -> None:
    """Who has just signed out here: a form that she left open in another window is still hers."""
    if borrower_id:
        request.session["signed_out"] = {"owner": borrower_id, "at": dates.instant_text(clock.now())}


def keep_late(request: HttpRequest) -> bool:
    """Keep what was posted after a sign-out, for who had signed out; false where nobody is known, or one waits."""
    last = request.session.get("signed_out")
    if not last or "draft" in request.session or clock.now() - dates.parse_instant(last["at"]) > KEPT_FOR:
        return False
    return keep(request, last["owner"])


def hand_over(request: HttpRequest, draft: object, borrower_id: str) -> str:
    """Move a draft into the session of its owner; the page on which it waits, or the first page."""
    request.session["draft"] = draft
    found = _open(request, borrower_id)
    return found.path if found else "/"


def fill(request: HttpRequest, borrower_id: str) -> None:
    """Put a draft of this page into the form that is shown; once the form is sent, it is gone."""
    if "draft" not in request.session:
        return
    found = _open(request, borrower_id)
    if found is None or found.path != request.path:
        return
    if request.method == "POST":
        del request.session["draft"]
    elif request.method == "GET":
        typed = QueryDict(mutable=True)
        for name, value in found.fields:
            typed.appendlist(name, value)
        request.POST = typed  # type: ignore[assignment]
        request.draft_kept = True  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Draft:
    """What was typed on which page."""

    path: str
    fields: list[tuple[str, str]]


def _open(request: HttpRequest, borrower_id: str) -> Draft | None:
    """The draft of this borrower; another's, one too old and one that no key opens are thrown away."""
    try:
        draft: dict[str, str] = request.session["draft"]
        fresh = clock.now() - dates.parse_instant(draft["kept_at"]) <= KEPT_FOR
        if draft["owner"] == borrower_id and fresh:
            return Draft(**json.loads(encrypted.unseal(draft["sealed"], row=borrower_id, **PLACE)))
    except (KeyError, TypeError, ValueError, InvalidTag):
        pass
    request.session.pop("draft", None)
    return None
