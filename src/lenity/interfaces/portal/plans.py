"""Pay over time: plans on offer, an own amount and payday, check, sign by a code, the agreement."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from lenity.base.money import Money, minor_digits
from lenity.base.outcomes import InputRefused
from lenity.domain.servicing import suggestions
from lenity.domain.servicing.plan import LAST_PAY_DAY
from lenity.gateways import clock
from lenity.interfaces.portal import forms
from lenity.interfaces.portal.paying import own_loan
from lenity.interfaces.shared import access, agreement_pdf, page, places, security
from lenity.operations.answer_offer import answer_offer
from lenity.operations.propose_plan import propose_plan
from lenity.operations.request_plan_code import request_plan_code
from lenity.operations.sign_plan import sign_plan
from lenity.records.arrangements import queries
from lenity.records.audit import queries as audit
from lenity.records.debt_collection import concern_queries
from lenity.records.lending import servicing_queries
from lenity.records.lending.servicing_queries import LoanRow
from lenity.records.people import queries as people

STEPS = {"less": -1, "more": 1}


@require_GET
@access.borrower_required
def plan(request: HttpRequest, loan_id: str) -> HttpResponse:
    """Up to three plans on offer, and one with an own amount and payday."""
    loan = own_loan(request, loan_id)
    today = clock.business_day(loan.borrower.jurisdiction)
    offered = servicing_queries.offered(loan, today)
    budget = queries.budget_of(loan.borrower, today)
    ask = 100 * 10 ** minor_digits(loan.currency)
    typed, problems = request.GET.get("amount", ""), {}
    minor = forms.amount(typed, loan.currency) if typed else _start(loan, offered, budget)
    if minor is None:
        problems, minor = {"amount": "amount"}, 0
    minor = max(minor + STEPS.get(request.GET.get("step", ""), 0) * ask, 0)
    pay_day = forms.whole(request.GET.get("pay_day", ""), 0, LAST_PAY_DAY)
    if pay_day is None:
        pay_day = budget.pay_day if budget else 0
    context = {
        "loan": loan,
        "offered": offered,
        "budget": budget,
        "minor": minor,
        "typed": typed if problems else Money(minor, loan.currency).decimal_text(),
        "pay_day": pay_day,
        "days": range(1, LAST_PAY_DAY + 1),
        "own": queries.choice(loan, f"own-{minor}-{pay_day}", today) if minor else None,
        "tab": "talk",
    }
    return forms.show(request, "portal/plan.html", context, problems)


def _start(loan: LoanRow, offered: list[servicing_queries.Offered], budget: queries.BudgetView | None) -> int:
    """An amount to begin with: what the household can spare, else the smallest plan's."""
    if budget is not None and budget.month.currency == loan.currency and budget.month.room_minor:
        return budget.month.room_minor
    return min((one.suggestion.largest_minor for one in offered), default=0)


@require_http_methods(["GET", "POST"])
@access.borrower_required
def check(request: HttpRequest, loan_id: str) -> HttpResponse:
    """Old beside new, what it costs, what is left of the month; then the code, or the offer to the lender."""
    loan = own_loan(request, loan_id)
    code = (request.POST.get("choice") or request.GET.get("choice", ""))[:60]
    today = clock.business_day(loan.borrower.jurisdiction)
    try:
        picked = queries.choice(loan, code, today)
    except InputRefused:
        picked = None
    if picked is None:
        return redirect(f"/loans/{loan_id}/plan/")
    problem = ""
    if request.method == "POST":
        problem = _go_on(request, loan, picked)
        if not problem:
            return redirect(f"/loans/{loan_id}/plan/sign/" if picked.to_sign else "/talk/")
    context = {
        "loan": loan,
        "picked": picked,
        "back": f"/loans/{loan_id}/plan/check/?choice={picked.code}",
        "today": today,
        "said": forms.words(request.POST.get("words", "")),
        "grace": suggestions.grace_days(),
        "again": queries.days(loan.borrower.jurisdiction, today)["offer_again"],
        "tab": "talk",
    }
    return forms.show(request, "portal/plan_check.html", context, {"agree": problem} if problem else {})


def _go_on(request: HttpRequest, loan: LoanRow, picked: queries.Choice) -> str:
    """Send the code, or hand the offer to the lender; returns what is wrong."""
    borrower_id: str = request.borrower_id  # type: ignore[attr-defined]
    if picked.below_floor:
        return "plan.floor"
    if picked.to_sign and picked.month is None:
        return "plan.month"
    if request.POST.get("agree") != "yes":
        return "tick"
    if request.POST.get("shown") != picked.shown:
        return "relief.shown"
    if not picked.to_sign:
        try:
            propose_plan(
                loan_id=loan.public_id,
                asked=picked.asked,
                by="borrower",
                actor="borrower",
                words=forms.words(request.POST.get("words", "")),
                borrower_id=borrower_id,
            )
        except InputRefused as refused:
            return refused.problems[0].code
        return ""
    try:
        sent = request_plan_code(
            borrower_id=borrower_id,
            shown=picked.shown,
            address=security.address_of(request),
            actor="borrower",
        )
    except InputRefused as refused:
        return refused.problems[0].code
    request.session["signing"] = {
        "request": sent,
        "loan": loan.public_id,
        "choice": picked.code,
        "shown": picked.shown,
    }
    return "" if sent else "code.not_sent"


@require_http_methods(["GET", "POST"])
@access.borrower_required
def sign(request: HttpRequest, loan_id: str) -> HttpResponse:
    """The code from the text message signs what was shown."""
    loan = own_loan(request, loan_id)
    asked = request.session.get("signing")
    if not asked or asked["loan"] != loan_id:
        return redirect(f"/loans/{loan_id}/plan/")
    problem = ""
    if request.method == "POST":
        try:
            signed = sign_plan(
                borrower_id=request.borrower_id,  # type: ignore[attr-defined]
                loan_id=loan_id,
                choice=asked["choice"],
                shown=asked["shown"],
                request_id=asked["request"],
                code=request.POST.get("code", "")[:20],
                actor="borrower",
            )
        except InputRefused as refused:
            signed, problem = None, refused.problems[0].code
        if signed is not None:
            del request.session["signing"]
            return redirect(f"/agreements/{signed.public_id}/")
        problem = problem or "code.wrong"
    context = {"loan": loan, "choice": asked["choice"], "tab": "talk"}
    return forms.show(request, "portal/plan_sign.html", context, {"code": problem} if problem else {})


@require_GET
@access.borrower_required
def agreement(request: HttpRequest, agreement_id: str) -> HttpResponse:
    """My copy of what was signed, to read, print and keep."""
    found = queries.agreement(request.borrower_id, agreement_id)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    context = {"one": found, "floor": agreement_pdf.floor(found), "tab": "talk"}
    return page.show(request, "portal/agreement.html", context)


@require_GET
@access.borrower_required
def agreement_file(request: HttpRequest, agreement_id: str) -> HttpResponse:
    """The same as a PDF to keep, with both signatures and the proof."""
    found = queries.agreement(request.borrower_id, agreement_id)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    raw = agreement_pdf.render(
        found,
        name=people.name_by_id(request.borrower_id),  # type: ignore[attr-defined]
        lender=page.lender_name(),
        receipt=audit.receipts([agreement_id]).get(agreement_id, {}),
    )
    answer = HttpResponse(raw, content_type="application/pdf")
    answer["Content-Disposition"] = (
        f'attachment; filename="agreement-{found.signed_at.date().isoformat()}.pdf"'
    )
    return answer


@require_http_methods(["GET", "POST"])
@access.borrower_required
def talk(request: HttpRequest) -> HttpResponse:
    """Where each talk stands, what was promised and signed; decline an offer or take one's own back."""
    borrower_id: str = request.borrower_id  # type: ignore[attr-defined]
    problem, loan_id = "", request.POST.get("loan", "")[:20]
    if request.method == "POST":
        own_loan(request, loan_id)
        try:
            answer_offer(
                loan_id=loan_id,
                move=request.POST.get("move", "")[:10],
                by="borrower",
                actor="borrower",
                borrower_id=borrower_id,
            )
            return redirect("/talk/")
        except InputRefused as refused:
            problem = refused.problems[0].code
    today = places.today(request)
    loans = servicing_queries.loans_of(borrower_id)
    context = {
        "loans": [(loan, queries.talk(loan, today)) for loan in loans],
        "promises": concern_queries.promises_of(borrower_id),
        "agreements": queries.agreements_of(borrower_id),
        "raised": concern_queries.concerns_of(borrower_id, today),
        "tab": "talk",
    }
    return forms.show(request, "portal/talk.html", context, {"move": problem} if problem else {})
