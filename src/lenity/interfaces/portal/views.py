"""The borrower's pages: each makes one query, or calls one operation."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from lenity.domain.debt_collection import certificate, voice
from lenity.domain.servicing import statement as written
from lenity.domain.servicing.statement import Statement
from lenity.gateways import clock
from lenity.interfaces.shared import access, evidence_pack, page, security, statement_pdf
from lenity.operations.check_contact import check_contact
from lenity.operations.raise_concern import raise_concern
from lenity.operations.switch_channel import switch_channel
from lenity.records.debt_collection import concern_queries, queries
from lenity.records.lending import servicing_queries


@require_GET
@access.borrower_required
def home(request: HttpRequest) -> HttpResponse:
    """What I owe, why, since when."""
    view = queries.home(request.borrower_id, clock.now(), clock.business_day)  # type: ignore[attr-defined]
    return page.show(
        request, "portal/home.html", {"view": view, "tab": "home", "identity_invented": view.invented}
    )


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
    shown = _statement(request, loan_id)
    raw = statement_pdf.render(shown, page.lender_name())
    answer = HttpResponse(raw, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="statement-{shown.on_date.isoformat()}.pdf"'
    return answer


@require_GET
@access.borrower_required
def me(request: HttpRequest) -> HttpResponse:
    """Everything that is mine: contacts, preferences, data, rights."""
    return page.show(request, "portal/me.html", {"tab": "me"})


@require_http_methods(["GET", "POST"])
@access.borrower_required
def speak(request: HttpRequest) -> HttpResponse:
    """Not mine, already paid, a wrong amount, a complaint, or I cannot pay: reminders stop while we look."""
    borrower_id: str = request.borrower_id  # type: ignore[attr-defined]
    about, loan_id = request.POST.get("about", ""), request.POST.get("loan", "")
    missing = request.method == "POST" and about not in voice.KINDS
    if request.method == "POST" and not missing:
        loan = servicing_queries.loan_of(borrower_id, loan_id) if loan_id else None
        if loan_id and loan is None:
            raise Http404
        raise_concern(borrower_id=borrower_id, about=about, loan_id=loan_id, actor="borrower")
        return redirect("/speak/")
    context = {
        "kinds": voice.KINDS,
        "raised": concern_queries.concerns_of(borrower_id, clock.business_day("CN")),
        "loans": servicing_queries.loans_of(borrower_id),
        "missing": missing,
        "tab": "home",
    }
    return page.show(request, "portal/speak.html", context, status=422 if missing else 200)


def _statement(request: HttpRequest, loan_id: str) -> Statement:
    loan = servicing_queries.loan_of(request.borrower_id, loan_id)  # type: ignore[attr-defined]
    if loan is None:
        raise Http404
    today = clock.business_day(loan.borrower.jurisdiction)
    return written.of(servicing_queries.statement_basis(loan), today, get_language() or "zh-hans")


@require_GET
@access.borrower_required
def contacts(request: HttpRequest) -> HttpResponse:
    """The contact log: every contact, and every one that was put off or not allowed."""
    log = queries.contacts(request.borrower_id)  # type: ignore[attr-defined]
    counted = {
        verdict: sum(one.verdict == verdict for one in log) for verdict in ("allowed", "deferred", "refused")
    }
    return page.show(request, "portal/contacts.html", {"log": log, "counted": counted, "tab": "contacts"})


@require_GET
@access.borrower_required
def pack(request: HttpRequest) -> HttpResponse:
    """My evidence pack: every contact with its reasons and proofs, and my statements."""
    today = clock.business_day("CN")
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


@require_GET
@access.borrower_required
def contact(request: HttpRequest, contact_id: str) -> HttpResponse:
    """One contact with its certificate in plain words."""
    view = queries.contact(request.borrower_id, contact_id)  # type: ignore[attr-defined]
    if view is None:
        raise Http404
    words = certificate.in_words(view.certificate, get_language() or "en")
    return page.show(
        request,
        "portal/contact.html",
        {"view": view, "opening": words[0], "words": words[1:], "tab": "contacts"},
    )


@require_http_methods(["GET", "POST"])
@access.public
def verify(request: HttpRequest) -> HttpResponse:
    """Is a contact genuine? Without signing in, and without revealing anything to a stranger."""
    answer = None
    code = request.POST.get("code", "").strip()
    if request.method == "POST" and code:
        answer = check_contact(code=code, address=security.address_of(request))
    missing = request.method == "POST" and not code
    return page.show(
        request,
        "portal/verify.html",
        {"answer": answer, "missing": missing, "tab": "verify"},
        status=429 if answer and answer.result == "busy" else 200,
    )


@require_http_methods(["GET", "POST"])
@access.borrower_required
def preferences(request: HttpRequest) -> HttpResponse:
    """Switch a channel off, or on again."""
    borrower_id: str = request.borrower_id  # type: ignore[attr-defined]
    channel, want = request.POST.get("channel", ""), request.POST.get("want", "")
    if request.method == "POST" and channel in queries.SWITCHES and want in ("on", "off"):
        switch_channel(borrower_id=borrower_id, channel=channel, on=want == "on", actor="borrower")
        return redirect("/preferences/")
    shown = [{"channel": one, "off": off} for one, off in queries.switches(borrower_id).items()]
    return page.show(request, "portal/preferences.html", {"channels": shown, "tab": "home"})


@require_GET
@access.public
def rights(request: HttpRequest) -> HttpResponse:
    """Rights and duties in plain words."""
    return page.show(request, "portal/rights.html", {"tab": "rights"})
