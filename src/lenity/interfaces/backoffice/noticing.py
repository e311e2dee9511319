"""The page of notices that others wait for: of agencies, of assignments, of a debt's validation, with clocks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from lenity.gateways import clock
from lenity.interfaces.shared import access, page
from lenity.operations.send_notices import send_notices
from lenity.records.debt_collection import notice_list

MOST = 200


@require_http_methods(["GET", "POST"])
@access.staff_required("compliance")
def notices(request: HttpRequest) -> HttpResponse:
    """Every notice that waits, the nearest clock first, and those that left; asking is asking the gate."""
    if request.method == "POST":
        send_notices(actor=access.staff_id(request))
        return redirect("/compliance/notices/")
    found = notice_list.listed(clock.business_day)
    context = {
        "waiting": [one for one in found if one.state != notice_list.SENT][:MOST],
        "sent": [one for one in found if one.state == notice_list.SENT][-MOST:],
        "counts": notice_list.counts(found),
        "most": MOST,
        "tab": "compliance",
    }
    return access.no_store(page.show(request, "backoffice/notices.html", context))
