"""Bank files by page: upload, where each movement would go, then booking by a second click."""

from __future__ import annotations

from collections import Counter

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.banking import formats
from lenity.gateways import clock
from lenity.interfaces.shared import access, bank_words, page
from lenity.operations.book_bank_file import book_bank_file
from lenity.operations.receive_bank_file import receive_bank_file
from lenity.records.intake import bank_queries, queries
from lenity.records.intake.bank_queries import FileRow, Movement

MOST_SHOWN = 200
MOST_BY_PAGE = 10_000
"""Movements that a page books while a person waits: half a minute."""
FIRST = {"perhaps_double": 0, "several_loans_named": 1}


@require_http_methods(["GET", "POST"])
@access.staff_required("operations")
def bank(request: HttpRequest) -> HttpResponse:
    """Send a file; it is kept exactly as it came, and nothing is booked yet."""
    problems: list[Problem] = []
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if not isinstance(file, UploadedFile):
                raise InputRefused([Problem("bank.file", "No file was chosen.")])
            raw = file.read(formats.MOST_BYTES + 1)
            kept = receive_bank_file(raw=raw, name=file.name or "", actor=access.staff_id(request))
            return redirect(f"/operations/bank/{kept.public_id}/")
        except InputRefused as refused:
            problems = refused.problems
    context = {"files": bank_queries.files(), "problems": bank_words.told(problems), "tab": "bank"}
    return page.show(request, "backoffice/bank.html", context, status=422 if problems else 200)


@require_http_methods(["GET", "POST"])
@access.staff_required("operations")
def bank_file(request: HttpRequest, bank_file_id: str) -> HttpResponse:
    """What each movement would become, doubtful ones first; POST books the file whole."""
    file = queries.file_by_id(bank_file_id)
    if file is None:
        raise Http404
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            book_bank_file(file_id=bank_file_id, actor=access.staff_id(request))
            return redirect(f"/operations/bank/{bank_file_id}/")
        except InputRefused as refused:
            problems = refused.problems
    booking = getattr(file, "booking", None)
    found: list[Movement] = []
    form = booking.format if booking else ""
    if booking is None and not problems:
        form, found, problems = _look(file)
    context = {
        "file": file,
        "booking": booking,
        "form": form,
        "counts": [
            (state, number)
            for state in ("loan", "suspense", "told", "known")
            if (number := Counter(one.state for one in found)[state])
        ],
        "sums": sorted(_sums(found).items()),
        "doubtful": sum(one.doubtful for one in found),
        "rows": sorted(found, key=lambda one: (one.state != "suspense", FIRST.get(one.reason, 2)))[
            :MOST_SHOWN
        ],
        "all": len(found),
        "most_by_page": MOST_BY_PAGE,
        "problems": bank_words.told(problems),
        "tab": "bank",
    }
    status = 422 if problems else 200
    return access.no_store(page.show(request, "backoffice/bank_file.html", context, status=status))


def _look(file: FileRow) -> tuple[str, list[Movement], list[Problem]]:
    raw = queries.raw_of(file)
    form = formats.of(raw)
    try:
        return form, bank_queries.movements(formats.read(raw, form), form, clock.business_day), []
    except InputRefused as refused:
        return form, [], refused.problems


def _sums(found: list[Movement]) -> dict[tuple[str, str], int]:
    sums: Counter[tuple[str, str]] = Counter()
    for one in found:
        if one.state in ("loan", "suspense"):
            sums[(one.currency, one.state)] += one.entry.amount_minor
    return dict(sums)
