"""Tell us what is wrong: own words and files, a reference and a clock, where to go next, a ready letter."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from lenity.domain.debt_collection import voice
from lenity.domain.servicing import limitation
from lenity.gateways import clock
from lenity.interfaces.portal import forms, logbook
from lenity.interfaces.shared import access, places
from lenity.operations.raise_concern import raise_concern
from lenity.records.arrangements import support_queries
from lenity.records.debt_collection import concern_queries
from lenity.records.lending import servicing_queries
from lenity.records.people import queries as people

SPOKEN = tuple(one for one in voice.KINDS if one != "unlisted_contact")
"""What this page takes; a contact that is not in the log has a page of its own."""


@require_http_methods(["GET", "POST"])
@access.borrower_required
def speak(request: HttpRequest) -> HttpResponse:
    """Not mine, already paid, a wrong amount, a complaint, or I cannot pay: reminders stop while we look."""
    borrower_id: str = request.borrower_id  # type: ignore[attr-defined]
    asked = request.POST or request.GET
    about, loan_id, said = asked.get("about", ""), asked.get("loan", "")[:20], asked.get("words", "")
    problems: dict[str, str] = {}
    if request.method == "POST":
        if loan_id and servicing_queries.loan_of(borrower_id, loan_id) is None:
            raise Http404
        files = logbook.contents(request)
        if about not in SPOKEN:
            problems["about"] = "about"
        if wrong := voice.file_problem(files):
            problems["files"] = wrong
        if not problems:
            hold = raise_concern(
                borrower_id=borrower_id,
                about=about,
                loan_id=loan_id,
                actor="borrower",
                words=forms.words(said),
                files=files,
            )
            return redirect(f"/speak/{hold.public_id}/")
    context = {
        "kinds": SPOKEN,
        "about": about,
        "loan_id": loan_id,
        "said": said[: voice.LONGEST_WORDS],
        "raised": concern_queries.concerns_of(borrower_id, places.today(request)),
        "loans": servicing_queries.loans_of(borrower_id),
        "place": places.of(request),
        "tab": "talk",
    }
    return forms.show(request, "portal/speak.html", context, problems)


@require_GET
@access.borrower_required
def concern(request: HttpRequest, hold_id: str) -> HttpResponse:
    """One concern: its reference, its clock, what I added, the answer, and where to go next."""
    return forms.show(request, "portal/concern.html", _one(request, hold_id))


@require_GET
@access.borrower_required
def letter(request: HttpRequest, hold_id: str) -> HttpResponse:
    """A ready letter to the body that the concern belongs to; the evidence pack goes with it."""
    context = _one(request, hold_id)
    borrower_id: str = request.borrower_id  # type: ignore[attr-defined]
    context["name"] = people.name_by_id(borrower_id)
    context["today"] = places.today(request)
    return forms.show(request, "portal/letter.html", context)


def _one(request: HttpRequest, hold_id: str) -> dict[str, object]:
    borrower_id: str = request.borrower_id  # type: ignore[attr-defined]
    found = support_queries.concern(borrower_id, hold_id, places.today(request))
    if found is None:
        raise Http404
    return {"one": found, "turn_to": places.turn_to(places.of(request)), "tab": "talk"}


@require_GET
@access.public
def complain(request: HttpRequest) -> HttpResponse:
    """Where to complain, and what each body is for."""
    place = places.of(request)
    context = {"turn_to": places.turn_to(place), "place": place, "places": places.names(), "tab": "me"}
    return forms.show(request, "portal/complain.html", context)


@require_GET
@access.public
def court(request: HttpRequest) -> HttpResponse:
    """Courts, limitation, legal aid: information, not advice."""
    place = places.of(request)
    context = {
        "place": place,
        "places": places.names(),
        "turn_to": places.turn_to(place),
        "limitation": limitation.rule(place, clock.business_day(place)),
        "tab": "me",
    }
    return forms.show(request, "portal/court.html", context)


@require_GET
@access.public
def rights(request: HttpRequest) -> HttpResponse:
    """Rights and duties in plain words, then the provisions themselves, with where each comes from."""
    place = places.of(request)
    context = {
        "place": place,
        "places": places.names(),
        "law": places.provisions(place, clock.business_day(place)),
        "turn_to": places.turn_to(place),
        "tab": "rights",
    }
    return forms.show(request, "portal/rights.html", context)
