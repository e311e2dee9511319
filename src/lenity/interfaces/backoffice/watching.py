"""Pages on which compliance watches: near misses, stops, the use of rules, the evidence log and packs."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lenity.base.outcomes import InputRefused
from lenity.gateways import clock
from lenity.interfaces.backoffice import answering
from lenity.interfaces.shared import access, csv_file, evidence_pack, page, staff_words
from lenity.interfaces.shared.templatetags.lenity import CHANNELS
from lenity.law import reader
from lenity.operations.pass_on_concern import pass_on_concern
from lenity.operations.read_record import REASONS
from lenity.operations.verify_evidence import verify_evidence
from lenity.records.audit import status_queries
from lenity.records.debt_collection import watch_queries
from lenity.records.people import queries as people
from lenity.records.people import reading_queries

PERIODS = ("1", "7", "30", "90")
VERDICTS = ("refused", "deferred")
A_PAGE, MOST_IN_FILE = 50, 5000


def _days(request: HttpRequest, default: str = "7") -> int:
    asked = request.GET.get("days", default)
    return int(asked if asked in PERIODS else default)


@require_GET
@access.staff_required("compliance")
def near(request: HttpRequest) -> HttpResponse:
    """Allowed contacts that were close to a limit, and who was stopped again and again."""
    now, days = clock.now(), _days(request)
    context = {
        "view": watch_queries.near_misses(now, days),
        "repeats": watch_queries.repeated_stops(now, days),
        "rule": reader.rulebook("CN").value("HOUSE-NEAR", now.date()),
        "periods": PERIODS,
        "days": days,
        "tab": "compliance",
        "part": "near",
    }
    return page.show(request, "backoffice/near.html", context)


def _text(typed: str, most: int) -> str:
    """What was typed into a filter, without signs that no database keeps."""
    return "".join(sign for sign in typed if sign.isprintable()).strip()[:most]


def _filter(request: HttpRequest) -> watch_queries.Filter:
    asked = request.GET
    verdict, channel = asked.get("verdict", ""), asked.get("channel", "")
    return watch_queries.Filter(
        _days(request),
        verdict if verdict in VERDICTS else "",
        channel if channel in CHANNELS else "",
        _text(asked.get("provision", ""), 60),
        _text(asked.get("by", ""), 40),
    )


@require_GET
@access.staff_required("compliance")
def stops(request: HttpRequest) -> HttpResponse:
    """Contacts that the gate refused or put off, newest first, by filter."""
    chosen = _filter(request)
    found = Paginator(watch_queries.stops(clock.now(), chosen), A_PAGE).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "rows": watch_queries.stop_views(found.object_list, most=A_PAGE),  # type: ignore[arg-type]
        "found": found,
        "chosen": chosen,
        "kept": kept.urlencode(),
        "verdicts": VERDICTS,
        "channels": tuple(CHANNELS),
        "periods": PERIODS,
        "tab": "compliance",
        "part": "stops",
    }
    return page.show(request, "backoffice/stops.html", context)


@require_GET
@access.staff_required("compliance")
def stops_file(request: HttpRequest) -> HttpResponse:
    """The same as CSV, at most five thousand rows."""
    rows = watch_queries.stop_views(watch_queries.stops(clock.now(), _filter(request)), most=MOST_IN_FILE)
    head = ["at", "verdict", "channel", "purpose", "borrower", "by", "staff_number", "agency", "provision"]
    return csv_file.answer("stops.csv", [*head, "earliest", "contact"], _cells(rows))


def _cells(rows: list[watch_queries.StopView]) -> Iterator[list[str]]:
    for one in rows:
        told = [one.at.isoformat(), one.verdict, one.channel, one.purpose, one.borrower, *one.by]
        yield [*told, one.provision, one.earliest.isoformat() if one.earliest else "", one.contact]


@require_GET
@access.staff_required("compliance")
def coverage(request: HttpRequest) -> HttpResponse:
    """How often each rule looked at a contact and decided it; rules that never did."""
    place = request.GET.get("place", "CN")
    place = place if place in reader.places() else "CN"
    days = _days(request, "90")
    context = {
        "view": watch_queries.coverage(place, clock.now(), days),
        "digest": reader.rulebook(place).digest,
        "place": place,
        "places": reader.places(),
        "periods": PERIODS,
        "days": days,
        "tab": "compliance",
        "part": "coverage",
    }
    return page.show(request, "backoffice/coverage.html", context)


@require_http_methods(["GET", "POST"])
@access.staff_required("compliance")
def evidence(request: HttpRequest) -> HttpResponse:
    """The state of the evidence log; verifying it now; packs of a borrower that was opened."""
    if request.method == "POST":
        verify_evidence(actor=access.staff_id(request))
        return redirect("/compliance/evidence/")
    borrower = _text(request.GET.get("borrower", ""), 20)
    opened = reading_queries.opened(access.staff_id(request), clock.now())
    is_known = bool(borrower) and people.find_borrower(borrower) is not None
    context = {
        "log": status_queries.status(),
        "borrower": borrower,
        "is_known": is_known,
        "is_open": is_known and opened("pack", borrower),
        "audiences": evidence_pack.AUDIENCES,
        "why_read": REASONS,
        "tab": "compliance",
        "part": "evidence",
    }
    return page.show(request, "backoffice/evidence.html", context)


@require_GET
@access.staff_required("compliance")
def pack(request: HttpRequest, borrower_id: str, audience: str) -> HttpResponse:
    """An evidence pack of a borrower whom its reader opened for a reason."""
    opened = reading_queries.opened(access.staff_id(request), clock.now())
    if audience not in evidence_pack.AUDIENCES or not opened("pack", borrower_id):
        raise Http404
    built = evidence_pack.build(
        borrower_id,
        audience=audience,
        language=get_language() or "zh-hans",
        lender=page.lender_name(),
        on_date=clock.business_day(people.place_of(borrower_id)),
    )
    answer = HttpResponse(built, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="evidence-{borrower_id}-{audience}.zip"'
    return access.no_store(answer)


@access.staff_required("compliance")
@require_POST
def pass_on(request: HttpRequest, hold_id: str) -> HttpResponse:
    """Pass a concern on; its borrower reads to whom."""
    post = request.POST
    try:
        pass_on_concern(
            hold_id=hold_id[:20],
            kind=post.get("kind", "")[:10],
            staff_id=post.get("staff", "")[:20],
            reason=post.get("reason", ""),
            actor=access.staff_id(request),
        )
    except InputRefused as refused:
        if refused.problems[0].code.endswith(".unknown"):
            raise Http404 from None
        return answering.show_concern(request, hold_id, problem=staff_words.code_of(refused))
    return redirect(f"/concerns/{hold_id}/")
