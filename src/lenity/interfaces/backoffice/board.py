"""The day of operations: the close, messages on their way, money in suspense, files for bureaus."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from lenity.base import dates
from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import clock
from lenity.interfaces.shared import access, page, staff_words
from lenity.operations.close_day import close_day
from lenity.operations.furnish_month import furnish_month
from lenity.records.debt_collection import board_queries, office_queries
from lenity.records.furnishing import file_queries
from lenity.records.intake import suspense_queries

FURNISHED = "furnished"
PLACE = "US"


@require_GET
@access.staff_required("operations")
def operations(request: HttpRequest) -> HttpResponse:
    """What is done, what waits, what is stuck."""
    return _show(request)


@access.staff_required("operations")
@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Close a day, exactly the one that was shown."""
    try:
        day = date.fromisoformat(request.POST.get("day", "")[:10])
        close_day(business_date=day, actor=access.staff_id(request))
    except ValueError as error:
        refused = error if isinstance(error, InputRefused) else None
        return _show(request, refused.problems if refused else [Problem("close.day", "The day is a date.")])
    return redirect("/operations/")


@access.staff_required("operations")
@require_POST
def bureau(request: HttpRequest) -> HttpResponse:
    """Write a month's bureau file; a finding of the cross-field checks leaves nothing behind."""
    post = request.POST
    try:
        month_end = dates.month_end(date.fromisoformat(f"{post.get('month', '')[:7]}-01"))
        names = [post.get(name, "").strip() for name in ("identification", "reporter")]
        if not all(0 < len(one) <= 40 and one.isascii() for one in names):
            raise InputRefused([Problem("metro2.names", "Number and name are 1 to 40 plain signs.")])
        done = furnish_month(
            month_end=month_end,
            folder=Path(settings.HOME) / FURNISHED,
            identification=names[0],
            reporter=names[1],
            actor=access.staff_id(request),
        )
    except ValueError as error:
        refused = error if isinstance(error, InputRefused) else None
        return _show(request, refused.problems if refused else [Problem("metro2.month", "Give a month.")])
    return redirect(f"/operations/#b-{done.file.public_id}")


@require_GET
@access.staff_required("operations")
def bureau_file(request: HttpRequest, furnishing_file_id: str) -> HttpResponse:
    """A bureau file to download, if it lies here and is the one that was written."""
    found = file_queries.by_id(furnishing_file_id)
    place = Path(settings.HOME) / FURNISHED / found.file_name if found else None
    if found is None or place is None or not place.is_file():
        raise Http404
    content = place.read_bytes()
    if hashlib.sha256(content).hexdigest() != found.file_digest:
        raise Http404
    answer = HttpResponse(content, content_type="text/plain; charset=us-ascii")
    answer["Content-Disposition"] = f'attachment; filename="{found.file_name}"'
    return access.no_store(answer)


def _show(request: HttpRequest, problems: list[Problem] | None = None) -> HttpResponse:
    now, today = clock.now(), clock.business_day("CN")
    folder = Path(settings.HOME) / FURNISHED
    context = {
        "close": board_queries.close(today),
        "outgoing": board_queries.outgoing(now),
        "ages": suspense_queries.by_age(today),
        "bureau": [(one, (folder / one.file_name).is_file()) for one in file_queries.newest()],
        "month": dates.add_months(clock.business_day(PLACE).replace(day=1), -1),
        "view": office_queries.operations(),
        "problems": staff_words.board_problems(problems or []),
        "typed": request.POST,
        "tab": "operations",
    }
    return page.show(request, "backoffice/operations.html", context, status=422 if problems else 200)
