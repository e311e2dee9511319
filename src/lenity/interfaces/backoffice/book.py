"""A lender's existing book by page: upload, dry run, the lender's own figures beside ours, then a second click."""

from __future__ import annotations

from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.lending import book_mapping
from lenity.gateways import clock
from lenity.interfaces.shared import access, book_words, csv_file, page
from lenity.operations.import_book import import_book
from lenity.operations.stage_book import stage_book
from lenity.records import staged
from lenity.records.lending import queries

OWN = "own"


@require_http_methods(["GET", "POST"])
@access.staff_required("operations")
def book(request: HttpRequest) -> HttpResponse:
    """Choose a file, its mapping and its month; the dry run follows. Nothing is booked by it."""
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            return redirect(f"/operations/book/{_stage(request)}/")
        except InputRefused as refused:
            problems = refused.problems
    context = {
        "problems": book_words.told(problems),
        "mappings": book_mapping.shipped_names(),
        "as_of": book_mapping.as_of_month_end(clock.business_day("CN")),
        "typed": request.POST,
        "books": queries.imported_books(),
        "tab": "book",
    }
    return page.show(request, "backoffice/book.html", context, status=422 if problems else 200)


@require_http_methods(["GET", "POST"])
@access.staff_required("operations")
def look(request: HttpRequest, staged_id: str) -> HttpResponse:
    """What the dry run found; POST imports exactly the file that was looked at."""
    found = staged.book(staged_id, clock.now())
    if found is None:
        raise Http404
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            with staged.opened(staged_id) as file:
                import_book(
                    file=file,
                    mapping=book_mapping.read(found.mapping),
                    as_of=found.as_of,
                    expected=request.POST.get("digest", "")[:64] or "none",
                    actor=access.staff_id(request),
                )
            return redirect("/operations/book/")
        except InputRefused as refused:
            problems = refused.problems
    totals = found.result["totals"]
    context = {
        "one": found,
        "totals": totals,
        "sums": [
            (currency, minor, totals["credit_minor"].get(currency, 0), totals["limit_minor"].get(currency, 0))
            for currency, minor in totals["owed_minor"].items()
        ],
        "first": book_words.rows(found.result["first"]),
        "until": found.staged_at + staged.LIFE,
        "problems": book_words.told(problems),
        "tab": "book",
    }
    return page.show(request, "backoffice/book_look.html", context, status=422 if problems else 200)


@require_GET
@access.staff_required("operations")
def refused(request: HttpRequest, staged_id: str) -> HttpResponse:
    """Every refused line with its reason, as CSV."""
    found = staged.book(staged_id, clock.now())
    if found is None:
        raise Http404
    return access.no_store(csv_file.answer("refused.csv", csv_file.REFUSED, staged.refused_lines(staged_id)))


def _stage(request: HttpRequest) -> str:
    post, file = request.POST, request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise InputRefused([Problem("book.file", "No file was chosen.", "Choose the book as CSV.")])
    try:
        as_of = date.fromisoformat(post.get("as_of", "")[:10])
    except ValueError:
        raise InputRefused([Problem("book.as_of", "The day is a date.")]) from None
    return stage_book(
        chunks=file.chunks(),
        name=file.name or "",
        mapping=_mapping(request),
        as_of=as_of,
        actor=access.staff_id(request),
    )


def _mapping(request: HttpRequest) -> str:
    name, own = request.POST.get("mapping", ""), request.FILES.get("own")
    if name in book_mapping.shipped_names():
        return book_mapping.shipped(name)
    if name != OWN or not isinstance(own, UploadedFile):
        raise InputRefused([Problem("mapping", "No mapping was chosen.", "Choose one, or give your own.")])
    try:
        return bytes(own.read(book_mapping.LONGEST_MAPPING + 1)).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputRefused([Problem("mapping", "The mapping is not UTF-8 text.")]) from None
