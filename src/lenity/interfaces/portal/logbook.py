"""My side of the log: one contact, its reasons, my words beside it; and contacts that the log does not hold."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from lenity.base.outcomes import InputRefused
from lenity.domain.debt_collection import voice
from lenity.interfaces.portal import forms
from lenity.interfaces.shared import access, conventions, places, reasons
from lenity.law import reader
from lenity.operations.add_contact_note import add_contact_note
from lenity.operations.raise_concern import raise_concern
from lenity.records.arrangements import looked_queries, support_queries
from lenity.records.debt_collection import queries, voice_queries


@require_http_methods(["GET", "POST"])
@access.borrower_required
def contact(request: HttpRequest, contact_id: str) -> HttpResponse:
    """One contact with its certificate in plain words; I may put my own words and files beside it."""
    borrower_id: str = request.borrower_id  # type: ignore[attr-defined]
    view = queries.contact(borrower_id, contact_id)
    if view is None:
        raise Http404
    problems, said = {}, forms.words(request.POST.get("words", ""))
    if request.method == "POST":
        try:
            add_contact_note(
                borrower_id=borrower_id,
                contact_id=contact_id,
                text=said,
                actor="borrower",
                files=contents(request),
            )
            return redirect(f"/contacts/{contact_id}/#mine")
        except InputRefused as refused:
            code = refused.problems[0].code
            problems = {"files": code} if code.startswith("file.") else {"words": "words"}
    context = {
        "view": view,
        "reasons": reasons.of(view.certificate),
        "counts": _counts(request, view),
        "notes": voice_queries.notes_of(contact_id),
        "files": support_queries.note_files(contact_id),
        "said": said,
        "tab": "contacts",
    }
    return forms.show(request, "portal/contact.html", context, problems)


def _counts(request: HttpRequest, view: queries.ContactView) -> list[dict[str, Any]]:
    """What the contact counts toward, each by the words of its provision."""
    book = {one.id.lower(): one for one in reader.rulebook(places.of(request)).provisions}
    return [
        {**one, "says": book[one["allowance"]].says if one["allowance"] in book else {}}
        for one in view.certificate.get("counts_toward", [])
    ]


def contents(request: HttpRequest) -> list[bytes]:
    """The files given, each read no further than tells that it is too large."""
    return [_content(one) for one in request.FILES.getlist("files")[: voice.MOST_FILES + 1]]


def _content(file: UploadedFile[Any]) -> bytes:
    return bytes(file.read(voice.MOST_BYTES + 1))


@require_http_methods(["GET", "POST"])
@access.borrower_required
def told(request: HttpRequest) -> HttpResponse:
    """A contact that is not in the log: it becomes a complaint with a clock, and compliance reads it."""
    typed = {name: request.POST.get(name, "")[:100] for name in ("how", "on", "at", "number", "who")}
    said, problems = forms.words(request.POST.get("words", "")), {}
    if request.method == "POST":
        happened = _instant(typed["on"], typed["at"])
        if happened is None:
            problems["when"] = "when"
        else:
            one = voice.Told(typed["how"], happened, forms.words(typed["number"]), forms.words(typed["who"]))
            try:
                hold = raise_concern(
                    borrower_id=request.borrower_id,  # type: ignore[attr-defined]
                    about="unlisted_contact",
                    actor="borrower",
                    words=said,
                    files=contents(request),
                    told=one,
                )
                return redirect(f"/speak/{hold.public_id}/")
            except InputRefused as refused:
                code = refused.problems[0].code
                problems["files" if code.startswith("file.") else code] = code
    context = {
        "typed": typed,
        "said": said,
        "channels": voice.TOLD_CHANNELS,
        "today": places.today(request),
        "tab": "contacts",
    }
    return forms.show(request, "portal/told.html", context, problems)


def _instant(day: str, clock_time: str) -> datetime | None:
    """A day and a time on the reader's own clock; without a time it is noon."""
    try:
        local = datetime.fromisoformat(f"{day.strip()[:10]}T{clock_time.strip()[:5] or '12:00'}")
    except ValueError:
        return None
    return local.replace(tzinfo=ZoneInfo(conventions.ZONE.get())).astimezone(UTC)


@require_GET
@access.borrower_required
def looked(request: HttpRequest) -> HttpResponse:
    """Who looked at my data: staff with their reason, and the helper whom I named."""
    found = looked_queries.looks(request.borrower_id)  # type: ignore[attr-defined]
    return forms.show(request, "portal/looked.html", {"looks": found, "tab": "me"})
