"""Pay: what is due to the cent, the one account to pay into, what a part would do; and promising to."""

from __future__ import annotations

from datetime import timedelta

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_http_methods

from lenity.base.outcomes import InputRefused
from lenity.gateways import clock
from lenity.interfaces.portal import forms
from lenity.interfaces.shared import access, page
from lenity.operations.record_promise import record_promise
from lenity.records.debt_collection import queries
from lenity.records.lending import pay_queries, servicing_queries
from lenity.records.lending.servicing_queries import LoanRow


def own_loan(request: HttpRequest, loan_id: str) -> LoanRow:
    """The signed-in borrower's loan; another's is not there."""
    loan = servicing_queries.loan_of(request.borrower_id, loan_id)  # type: ignore[attr-defined]
    if loan is None:
        raise Http404
    return loan


@require_GET
@access.borrower_required
def pay_all(request: HttpRequest) -> HttpResponse:
    """Which account? With one account there is no question."""
    borrower_id: str = request.borrower_id  # type: ignore[attr-defined]
    view = queries.home(borrower_id, clock.now(), clock.business_day)
    if len(view.loans) == 1:
        return redirect(f"/loans/{view.loans[0].public_id}/pay/")
    return page.show(request, "portal/pay_all.html", {"view": view, "tab": "pay"})


@require_GET
@access.borrower_required
def pay(request: HttpRequest, loan_id: str) -> HttpResponse:
    """What is due, how to pay it, and what another amount would do."""
    loan = own_loan(request, loan_id)
    today = clock.business_day(loan.borrower.jurisdiction)
    problems, part, typed = {}, None, request.GET.get("amount", "")
    if typed:
        minor = forms.amount(typed, loan.currency)
        if minor:
            part = pay_queries.part(loan, minor, today)
        else:
            problems = {"amount": "amount"}
    payee, bank, account = page.pay_to()
    context = {
        "view": pay_queries.pay(loan, today),
        "loan": loan,
        "payee": payee,
        "bank": bank,
        "account": account,
        "code": _picture(f"{payee}\n{account}\n{loan.account_number}"),
        "part": part,
        "typed": typed[: forms.LONGEST_AMOUNT],
        "tab": "pay",
    }
    return forms.show(request, "portal/pay.html", context, problems)


@require_http_methods(["GET", "POST"])
@access.borrower_required
def promise(request: HttpRequest, loan_id: str) -> HttpResponse:
    """I will pay this much by this day: reminders stop until then."""
    loan = own_loan(request, loan_id)
    today = clock.business_day(loan.borrower.jurisdiction)
    problems: dict[str, str] = {}
    typed = {"amount": request.POST.get("amount", "")[:24], "day": request.POST.get("day", "")[:10]}
    if request.method == "POST":
        minor, by = forms.amount(typed["amount"], loan.currency), forms.day(typed["day"])
        if not minor:
            problems["amount"] = "amount"
        if by is None:
            problems["day"] = "day"
        if minor and by:
            try:
                record_promise(
                    loan_id=loan_id,
                    amount_minor=minor,
                    on_date=by,
                    actor="borrower",
                    borrower_id=request.borrower_id,  # type: ignore[attr-defined]
                )
                return redirect("/talk/")
            except InputRefused as refused:
                problems = {one.code.partition(".")[2]: one.code for one in refused.problems}
    context = {
        "loan": loan,
        "view": pay_queries.pay(loan, today),
        "typed": typed,
        "first": today,
        "last": today + timedelta(days=servicing_queries.promise_days(loan, today)),
        "tab": "talk",
    }
    return forms.show(request, "portal/promise.html", context, problems)


def _picture(text: str) -> SafeString:
    """A QR code as inline SVG, dark on light, without a style attribute."""
    made = segno.make(text, error="m")
    return SafeString(made.svg_inline(scale=4, border=2, omitsize=True, dark="#1d2327", light="#fff"))
