"""Pages of changes that take two people: money, and contacts to many people at once."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from lenity.base import money
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.debt_collection import strategy
from lenity.gateways import clock
from lenity.interfaces.shared import access, page, staff_words
from lenity.operations.approve_change import approve_change
from lenity.operations.book_approved_change import book_approved_change
from lenity.operations.decide_beyond_offer import decide_beyond_offer
from lenity.operations.propose_bulk_send import propose_bulk_send
from lenity.operations.propose_change import propose_change
from lenity.operations.refuse_change import refuse_change
from lenity.operations.send_agreed_contacts import send_agreed_contacts
from lenity.records.arrangements import offer_queries
from lenity.records.debt_collection import change_views
from lenity.records.delinquency import queries as delinquency
from lenity.records.intake import queries as intake
from lenity.records.lending import change_queries
from lenity.records.lending.servicing_queries import LoanRow

BY_ACCOUNT = ("write_off", "refund", "rate_change")
"""What is asked for by an account number; a reversal is asked for beside its payment."""


@require_http_methods(["GET", "POST"])
@access.staff_required("operations")
def changes(request: HttpRequest) -> HttpResponse:
    """Write-offs, refunds, rates and reversals: one asks, another decides."""
    actor, problem = access.staff_id(request), ""
    if request.method == "POST":
        try:
            if not judged(request):
                if request.POST.get("move") == "book":
                    book_approved_change(proposal_id=request.POST.get("change", "")[:20], actor=actor)
                else:
                    _propose(request, actor)
            return redirect("/changes/")
        except InputRefused as refused:
            problem = staff_words.code_of(refused)
    context = {
        "rows": change_views.money(actor, clock.now()),
        "kinds": BY_ACCOUNT,
        "typed": request.POST,
        "problem": problem,
        "tab": "changes",
    }
    return page.show(request, "backoffice/changes.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "POST"])
@access.staff_required("operations", "compliance")
def bulk(request: HttpRequest) -> HttpResponse:
    """Reminders of a day for many people: one asks, another decides, then the gate decides on each."""
    actor, problem = access.staff_id(request), ""
    if request.method == "POST":
        try:
            if not judged(request):
                if request.POST.get("move") == "book":
                    send_agreed_contacts(proposal_id=request.POST.get("change", "")[:20], actor=actor)
                else:
                    _propose_bulk(request, actor)
            return redirect("/bulk/")
        except InputRefused as refused:
            problem = staff_words.code_of(refused)
    last = delinquency.last_close()
    context = {
        "rows": change_views.bulk_sends(actor, clock.now()),
        "last_close": last.business_date if last else None,
        "typed": request.POST,
        "problem": problem,
        "tab": "bulk",
    }
    return page.show(request, "backoffice/bulk.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "POST"])
@access.staff_required("supervisor")
def beyond(request: HttpRequest) -> HttpResponse:
    """Offers beyond a collector's authority: the plan as it would be today, the floor, the reason."""
    actor, problem, post = access.staff_id(request), "", request.POST
    if request.method == "POST":
        try:
            decide_beyond_offer(
                proposal_id=post.get("change", "")[:20],
                digest=post.get("digest", "")[:64],
                verdict={"approve": "approved", "refuse": "refused"}.get(post.get("move", ""), ""),
                reason=post.get("why", "")[:600],
                actor=actor,
            )
            return redirect("/beyond/")
        except InputRefused as refused:
            problem = staff_words.code_of(refused)
    rows = offer_queries.beyond(actor, clock.now(), clock.business_day)
    context = {"rows": rows, "problem": problem, "tab": "beyond"}
    return page.show(request, "backoffice/beyond.html", context, status=422 if problem else 200)


def judged(request: HttpRequest) -> bool:
    """Whether the form was a verdict, which is then given."""
    post, move = request.POST, request.POST.get("move", "")
    if move not in ("approve", "refuse"):
        return False
    judge = approve_change if move == "approve" else refuse_change
    judge(
        proposal_id=post.get("change", "")[:20],
        digest=post.get("digest", "")[:64],
        reason=post.get("why", "")[:600],
        actor=access.staff_id(request),
    )
    return True


def _propose(request: HttpRequest, actor: str) -> None:
    post, kind = request.POST, request.POST.get("kind", "")
    found = intake.loans_by_reference([post.get("account", "").strip()[:40]])
    if len(found) != 1:
        raise InputRefused([Problem("change.account", "Give one whole account number.")])
    if kind not in BY_ACCOUNT:
        raise InputRefused([Problem("change.kind", f"It is one of: {', '.join(BY_ACCOUNT)}.")])
    propose_change(
        kind=kind,
        subject_id=found[0].public_id,
        payload=_content(found[0], kind, post.get("amount", "").strip()[:20]),
        reason=post.get("reason", "")[:600],
        actor=actor,
    )


def _content(loan: LoanRow, kind: str, text: str) -> change_queries.Content:
    today = clock.business_day(loan.borrower.jurisdiction)
    if kind == "rate_change":
        try:
            share = Fraction(text.rstrip("%")) / 100
        except (ValueError, ZeroDivisionError):
            raise InputRefused([Problem("change.rate", "The rate is a number such as 12.5.")]) from None
        return change_queries.rate(loan, share, today)
    try:
        minor = money.typed(text, loan.currency).minor if text else 0
    except ValueError:
        raise InputRefused([Problem("change.credit", "The amount is a number such as 12.50.")]) from None
    return change_queries.content(loan, kind, minor, today)


def _propose_bulk(request: HttpRequest, actor: str) -> None:
    try:
        day = date.fromisoformat(request.POST.get("on", "")[:10])
    except ValueError:
        raise InputRefused([Problem("bulk.nothing", "The day is a date.")]) from None
    propose_bulk_send(
        treatment=strategy.shipped(), on_date=day, reason=request.POST.get("reason", "")[:600], actor=actor
    )
