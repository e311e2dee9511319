"""The collector's pages."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from lenity.gateways import clock
from lenity.interfaces.shared import access, page
from lenity.operations.open_case import open_case
from lenity.records.debt_collection import queries


@require_GET
@access.staff_required("collector")
def work(request: HttpRequest) -> HttpResponse:
    """The queue: the most overdue loans with the gate's traffic light for each channel."""
    rows, total = queries.queue(clock.now())
    return page.show(
        request, "workbench/queue.html", {"rows": rows, "total": total, "now": clock.now(), "tab": "work"}
    )


@require_GET
@access.staff_required("collector")
def case(request: HttpRequest, borrower_id: str) -> HttpResponse:
    """One case: what may be done now, and by which provision. Opening it is recorded."""
    view = open_case(borrower_id=borrower_id, actor=request.user.public_id)  # type: ignore[union-attr]
    if view is None:
        raise Http404
    return page.show(request, "workbench/case.html", {"view": view, "now": clock.now(), "tab": "work"})
