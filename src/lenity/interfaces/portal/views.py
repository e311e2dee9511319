"""The borrower's pages: each makes one query, or calls one operation."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from lenity.domain.debt_collection import caller_code
from lenity.domain.servicing import statement as written
from lenity.domain.servicing.statement import Statement
from lenity.gateways import clock
from lenity.interfaces.shared import access, conventions, evidence_pack, page, places, security, statement_pdf
from lenity.operations.check_contact import check_contact
from lenity.records.arrangements import home_queries, support_queries
from lenity.records.debt_collection import check_queries, queries
from lenity.records.lending import servicing_queries


@require_GET
@access.borrower_required
def home(request: HttpRequest) -> HttpResponse:
    """What I owe, why, since when."""
    found = home_queries.page(request.borrower_id, clock.now(), clock.business_day)  # type: ignore[attr-defined]
    loans = found.loans
    context = {
        "view": found.home,
        "lead": loans[0] if loans else None,
        "others": loans[1:],
        "steps": found.steps,
        "last": found.last,
        "costs": found.costs,
        "changes": found.changes,
        "tab": "home",
        "identity_invented": found.home.invented,
    }
    return page.show(request, "portal/home.html", context)


@require_GET
@access.borrower_required
def statement(request: HttpRequest, loan_id: str) -> HttpResponse:
    """Every line of my loan: what happened, where each payment went, how interest was computed."""
    shown = _statement(request, loan_id)
    return page.show(request, "portal/statement.html", {"one": shown, "loan_id": loan_id, "tab": "home"})


@require_GET
@access.borrower_required
def statement_file(request: HttpRequest, loan_id: str) -> HttpResponse:
    """The same as a PDF to keep."""
    shown = _statement(request, loan_id, "medium")
    raw = statement_pdf.render(shown, page.lender_name())
    answer = HttpResponse(raw, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="statement-{shown.on_date.isoformat()}.pdf"'
    return answer


@require_GET
@access.borrower_required
def me(request: HttpRequest) -> HttpResponse:
    """Everything that is mine: contacts, preferences, data, rights."""
    return page.show(request, "portal/me.html", {"tab": "me"})


def _statement(request: HttpRequest, loan_id: str, length: str = "long") -> Statement:
    loan = servicing_queries.loan_of(request.borrower_id, loan_id)  # type: ignore[attr-defined]
    if loan is None:
        raise Http404
    today = clock.business_day(loan.borrower.jurisdiction)
    language = get_language() or "zh-hans"
    style = conventions.statement_style(language, length)
    return written.of(servicing_queries.statement_basis(loan), today, language, style)


@require_GET
@access.borrower_required
def contacts(request: HttpRequest) -> HttpResponse:
    """The contact log: every contact, and every one that was put off or not allowed."""
    log = queries.contacts(request.borrower_id)  # type: ignore[attr-defined]
    counted = {
        verdict: sum(one.verdict == verdict for one in log) for verdict in ("allowed", "deferred", "refused")
    }
    call = check_queries.live_call(request.borrower_id, clock.now(), clock.business_now)  # type: ignore[attr-defined]
    told = support_queries.told_contacts(request.borrower_id)  # type: ignore[attr-defined]
    context = {"log": log, "counted": counted, "call": call, "told": told, "tab": "contacts"}
    return page.show(request, "portal/contacts.html", context)


@require_GET
@access.borrower_required
def pack(request: HttpRequest) -> HttpResponse:
    """My evidence pack: every contact with its reasons and proofs, and my statements."""
    today = places.today(request)
    raw = evidence_pack.build(
        request.borrower_id,  # type: ignore[attr-defined]
        audience="borrower",
        language=get_language() or "zh-hans",
        lender=page.lender_name(),
        on_date=today,
    )
    answer = HttpResponse(raw, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="evidence-{today.isoformat()}.zip"'
    return answer


@require_http_methods(["GET", "POST"])
@access.public
def verify(request: HttpRequest) -> HttpResponse:
    """Is a contact genuine? Without signing in, and without revealing anything to a stranger."""
    answer = None
    asked = {name: request.POST.get(name, "").strip()[:40] for name in ("code", "ending", "staff_number")}
    wants_ending = bool(asked["staff_number"]) or (len(asked["code"]) == caller_code.DIGITS)
    is_four = len(asked["ending"]) == 4 and asked["ending"].isdigit()
    missing = ""
    if request.method == "POST":
        missing = "code" if not (asked["code"] or asked["staff_number"]) else ""
        missing = missing or ("ending" if wants_ending and not is_four else "")
    if request.method == "POST" and not missing:
        answer = check_contact(**asked, address=security.address_of(request))
    return page.show(
        request,
        "portal/verify.html",
        {"answer": answer, "missing": missing, "asked": asked, "tab": "verify"},
        status=429 if answer and answer.result == "busy" else 200,
    )
