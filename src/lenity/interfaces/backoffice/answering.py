"""Pages on which staff answer: offers of borrowers, reviews and changes for risk, requests about data."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lenity.base import money
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.servicing import negotiation
from lenity.domain.servicing.plan import LAST_PAY_DAY
from lenity.gateways import clock
from lenity.interfaces.backoffice import views
from lenity.interfaces.shared import access, page, staff_words
from lenity.operations.answer_concern import ANSWERS
from lenity.operations.answer_data_request import answer_data_request
from lenity.operations.answer_offer import answer_offer
from lenity.operations.answer_review import answer_review
from lenity.operations.approve_change import approve_change
from lenity.operations.give_notice import give_notice
from lenity.operations.propose_plan import propose_plan
from lenity.operations.read_record import REASONS as READ_REASONS
from lenity.operations.read_record import read_record
from lenity.operations.refuse_change import refuse_change
from lenity.records.approvals import queries as approvals
from lenity.records.arrangements import queries, support_queries
from lenity.records.debt_collection import concern_queries
from lenity.records.lending import notice_queries, review_queries
from lenity.records.people import reading_queries

SCORING = ("policy_activation", "model_activation")
READ_AT = {
    "concern": ("compliance", "/concerns/{}/"),
    "data_request": ("compliance", "/concerns/#r-{}"),
    "review": ("risk", "/risk/#r-{}"),
    "pack": ("compliance", "/compliance/evidence/?borrower={}#packs"),
    "application": ("risk", "/risk/applications/{}/"),
}
"""Who may open each kind, and where it is read."""
ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


@require_GET
@access.staff_required("operations", "supervisor")
def offers(request: HttpRequest) -> HttpResponse:
    """Offers of borrowers that wait for us, the one that runs out first on top."""
    rows = queries.waiting_for_lender(clock.business_day("CN"))
    return page.show(request, "backoffice/offers.html", {"rows": rows, "tab": "offers"})


@require_http_methods(["GET", "POST"])
@access.staff_required("operations", "supervisor")
def offer(request: HttpRequest, loan_id: str) -> HttpResponse:
    """One offer: old beside new, the household's floor, then accept, another offer, or decline with a reason."""
    today, given = clock.business_day("CN"), request.POST if request.method == "POST" else request.GET
    amount, pay_day = given.get("amount", "").strip()[:20], given.get("pay_day", "0")[:2]
    problem, counter = "", ""
    found = queries.offer_to_answer(loan_id, today)
    if found is None:
        return redirect("/offers/")
    if amount:
        counter = _own(amount, pay_day, found.talk.loan.currency)
        found = queries.offer_to_answer(loan_id, today, counter) or found
        problem = "" if found.counter else "talk.counter"
    if request.method == "POST" and not problem:
        try:
            _answer(request, found)
            return redirect("/offers/")
        except InputRefused as refused:
            problem = staff_words.code_of(refused)
    context = {
        "one": found,
        "reasons": negotiation.REASONS,
        "days": [str(day) for day in range(1, LAST_PAY_DAY + 1)],
        "amount": amount,
        "pay_day": pay_day,
        "words": request.POST.get("words", "")[:2000],
        "reason": request.POST.get("reason", ""),
        "problem": problem,
        "tab": "offers",
    }
    return page.show(request, "backoffice/offer.html", context, status=422 if problem else 200)


def _own(amount: str, pay_day: str, currency: str) -> str:
    """The code of a plan with this amount; one that nobody knows where it is no amount."""
    try:
        return f"own-{money.typed(amount, currency).minor}-{pay_day}"
    except ValueError:
        return "own-"


def _answer(request: HttpRequest, found: queries.Waiting) -> None:
    post, loan = request.POST, found.talk.loan
    words = post.get("words", "")[:2000]
    if post.get("move") != "counter":
        answer_offer(
            loan_id=loan.public_id,
            move=post.get("move", "")[:10],
            by="lender",
            actor=access.staff_id(request),
            reason=post.get("reason", "")[:20] if post.get("move") == "decline" else "",
            words=words,
            seen=post.get("seen", "")[:20] or "none",
        )
        return
    if found.counter is None:
        raise InputRefused([Problem("talk.counter", "Work an amount out first.")])
    if post.get("shown") != found.counter.shown:
        raise InputRefused([Problem("relief.shown", "The account has moved.", "Look at the plan again.")])
    propose_plan(
        loan_id=loan.public_id,
        asked=found.counter.asked,
        by="lender",
        actor=access.staff_id(request),
        words=words,
    )


@require_http_methods(["GET", "POST"])
@access.staff_required("risk")
def risk(request: HttpRequest) -> HttpResponse:
    """Reviews of machine decisions that wait for a person; policies and models that wait for a second one."""
    problem = ""
    if request.method == "POST":
        try:
            _judge(request)
            return redirect("/risk/")
        except InputRefused as refused:
            problem = staff_words.code_of(refused)
    now, actor = clock.now(), access.staff_id(request)
    context = {
        "cases": review_queries.queue(actor, clock.business_day("CN"), reading_queries.opened(actor, now)),
        "why_read": READ_REASONS,
        "changes": approvals.changes(now, kinds=SCORING, most=20),
        "notices": notice_queries.due(clock.business_day(notice_queries.PLACE)),
        "actor": actor,
        "problem": problem,
        "about": request.POST.get("review", "") or request.POST.get("change", ""),
        "said": request.POST.get("why", "")[:2000],
        "tab": "risk",
    }
    return page.show(request, "backoffice/risk.html", context, status=422 if problem else 200)


def _judge(request: HttpRequest) -> None:
    post, actor, why = request.POST, access.staff_id(request), request.POST.get("why", "")
    move = post.get("move", "")
    if post.get("notice"):
        give_notice(application_id=post["notice"][:20], sender=page.notice_sender(), actor=actor)
        return
    if post.get("review"):
        limit = post.get("limit", "").strip()[:20] if move == "approve" else ""
        try:
            minor = money.typed(limit, post.get("currency", "")[:3]).minor if limit else 0
        except ValueError:
            raise InputRefused([Problem("review.limit", "The limit is a number such as 20000.")]) from None
        answer_review(
            review_id=post["review"][:20], outcome=move[:10], limit_minor=minor, reason=why, actor=actor
        )
        return
    judged = {"proposal_id": post.get("change", "")[:20], "digest": post.get("digest", "")[:64]}
    if move == "approve":
        approve_change(**judged, reason=why, actor=actor)
    elif move == "refuse":
        refuse_change(**judged, reason=why, actor=actor)
    else:
        raise InputRefused([Problem("other", "Approve it or decline it.")])


@access.staff_required("compliance")
@require_POST
def data_request(request: HttpRequest) -> HttpResponse:
    """Answer a request about data in words that its borrower reads."""
    post = request.POST
    try:
        answer_data_request(
            request_id=post.get("request", "")[:20],
            answer=post.get("answer", "")[:20],
            words=post.get("words", ""),
            actor=access.staff_id(request),
        )
    except InputRefused:
        return views.show_concerns(
            request, "data", {"about": post.get("request", ""), "said": post.get("words", "")[:2000]}
        )
    return redirect("/concerns/")


@access.staff_required("compliance", "risk")
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Open what a borrower told us, for a reason that compliance reads; then back to it."""
    post, kind, subject = request.POST, request.POST.get("kind", ""), request.POST.get("subject", "")[:20]
    role, place = READ_AT.get(kind, ("", ""))
    if role not in request.user.roles:  # type: ignore[union-attr]
        raise PermissionDenied
    try:
        read_record(
            kind=kind,
            subject_id=subject,
            reason=post.get("reason", "")[:20],
            words=post.get("words", "")[:400],
            actor=access.staff_id(request),
        )
    except InputRefused as refused:
        if refused.problems[0].code.endswith(".unknown"):
            raise Http404 from None
        context = {"kind": kind, "subject": subject, "why_read": READ_REASONS, "said": post.get("words", "")}
        return page.show(
            request, "backoffice/read.html", {**context, "problem": staff_words.code_of(refused)}, status=422
        )
    return redirect(place.format(subject))


@require_GET
@access.staff_required("compliance")
def concern(request: HttpRequest, hold_id: str) -> HttpResponse:
    """One concern with the words and files that its borrower added, its clock, and its answer."""
    return show_concern(request, hold_id)


def show_concern(request: HttpRequest, hold_id: str, problem: str = "") -> HttpResponse:
    """The page of one concern, with what was typed kept."""
    today = clock.business_day("CN")
    opened = reading_queries.opened(access.staff_id(request), clock.now())
    found = support_queries.concern_for_staff(hold_id, today, opened)
    if found is None:
        raise Http404
    context = {
        "one": found,
        "answers": ANSWERS,
        "why_read": READ_REASONS,
        "takers": concern_queries.takers(),
        "remedies": concern_queries.remedies(found.concern, today),
        "typed": request.POST,
        "problem": problem,
        "tab": "concerns",
    }
    shown = page.show(request, "backoffice/concern.html", context, status=422 if problem else 200)
    return access.no_store(shown)


@require_GET
@access.staff_required("compliance")
def concern_file(request: HttpRequest, hold_id: str, file_id: str) -> HttpResponse:
    """A file of a concern, to keep and open elsewhere: never shown inside our pages."""
    opened = reading_queries.opened(access.staff_id(request), clock.now())
    found = support_queries.file_for_staff(hold_id, file_id, opened)
    if found is None:
        raise Http404
    answer = HttpResponse(found[1], content_type=found[0])
    ending = ENDINGS.get(found[0], "bin")
    answer["Content-Disposition"] = f'attachment; filename="{file_id}.{ending}"'
    return access.no_store(answer)
