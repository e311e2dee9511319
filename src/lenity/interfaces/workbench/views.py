"""The collector's desk: one case at a time, and every act one operation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lenity.base import money
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.debt_collection import call_script, caller_code
from lenity.domain.servicing import authority
from lenity.gateways import clock
from lenity.interfaces.shared import access, page, places, staff_words
from lenity.interfaces.shared.templatetags import lenity as words
from lenity.law import lines
from lenity.operations import look_up_case as looking
from lenity.operations import record_outcome as calling
from lenity.operations.confirm_person import confirm_person
from lenity.operations.contact_from_case import contact_from_case
from lenity.operations.make_offer import make_offer
from lenity.operations.next_case import next_case
from lenity.operations.propose_plan import propose_plan
from lenity.operations.put_back_case import put_back_case
from lenity.operations.raise_concern import raise_concern
from lenity.operations.record_promise import record_promise
from lenity.operations.report_wrong_person import report_wrong_person
from lenity.records.arrangements import offer_queries
from lenity.records.debt_collection import day_queries, desk_queries
from lenity.records.lending import servicing_queries

Act = Callable[[HttpRequest, str], str]
DISPUTES = ("not_mine", "identity_theft", "already_paid", "wrong_amount", "how_contacted", "other_complaint")
YEAR = 365 * 24 * 3600
SPOKEN = ("conversation", "no_answer", "not_connected", "voicemail", "refused_by_person")


@require_GET
@access.staff_required("collector")
def work(request: HttpRequest) -> HttpResponse:
    """The desk: how many wait, the case in hand, what may be done."""
    return _desk(request, said=request.GET.get("said", "")[:20])


def act(does: Act) -> Callable[[HttpRequest], HttpResponse]:
    """A view for one act of a collector: back to the desk, with what was done or why it was not."""

    @access.staff_required("collector")
    @require_POST
    def view(request: HttpRequest) -> HttpResponse:
        try:
            said = does(request, request.user.public_id)  # type: ignore[union-attr]
        except InputRefused as refused:
            return _desk(request, problem=refused.problems[0].code, status=422)
        return redirect("/work/break/" if said == "break" else f"/work/?said={said}")

    return view  # type: ignore[return-value]


@require_GET
@access.staff_required("collector")
def code(request: HttpRequest) -> HttpResponse:
    """The codes of the call under way, large, and until when they hold."""
    now = clock.now()
    view = desk_queries.desk(request.user.public_id, now, clock.business_day)  # type: ignore[union-attr]
    until = caller_code.until(now)
    context = {
        "calls": [one for one in view.case.calls if one.live] if view.case else [],
        "until": until,
        "seconds": (until - now).seconds,
        "verify_page": settings.LENITY_VERIFY_PAGE,
        "tab": "work",
    }
    return access.no_store(page.show(request, "workbench/code.html", context))


@require_GET
@access.staff_required("collector")
def rest(request: HttpRequest) -> HttpResponse:
    """A break: nothing is asked here, and nothing is counted."""
    return page.show(request, "workbench/rest.html", {"tab": "work"})


@require_http_methods(["GET", "POST"])
@access.staff_required("collector")
def keys(request: HttpRequest) -> HttpResponse:
    """Every key of the desk; they can be switched off (WCAG 2.1.4)."""
    if request.method == "POST":
        answer: HttpResponse = redirect("/work/keys/")
        wish = "off" if request.POST.get("keys") == "off" else "on"
        answer.set_cookie(
            "keys", wish, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure()
        )
        return answer
    off = request.COOKIES.get("keys") == "off"
    return page.show(request, "workbench/keys.html", {"keys": staff_words.KEYS, "off": off, "tab": "work"})


@require_GET
@access.staff_required("collector")
def today(request: HttpRequest) -> HttpResponse:
    """What the collector did today, for herself."""
    began = clock.business_now("CN").replace(hour=0, minute=0, second=0, microsecond=0)
    view = day_queries.day(request.user.public_id, began)  # type: ignore[union-attr]
    return page.show(
        request, "workbench/today.html", {"day": view, "date": clock.business_day("CN"), "tab": "work"}
    )


@act
def take(request: HttpRequest, actor: str) -> str:
    """The next case."""
    return "taken" if next_case(actor=actor) else "nothing"


@act
def look_up(request: HttpRequest, actor: str) -> str:
    """One person by her whole account number, for a reason."""
    post = request.POST
    reason, why = post.get("reason", "")[:20], post.get("words", "")[:400]
    result = looking.look_up_case(account=post.get("account", "")[:60], reason=reason, words=why, actor=actor)
    return {"opened": "taken", "nobody": "nobody", "taken": "busy"}[result]


@act
def confirm(request: HttpRequest, actor: str) -> str:
    """What the person said."""
    right = confirm_person(said=request.POST.get("said", "")[:40], actor=actor)
    return "confirmed" if right else "unconfirmed"


@act
def contact(request: HttpRequest, actor: str) -> str:
    """Call, or send the standing words."""
    post = request.POST
    made = contact_from_case(
        channel=post.get("channel", "")[:10], point_id=post.get("point", "")[:20], actor=actor
    )
    if made.verdict != "allowed":
        return "refused"
    return "call" if made.channel == "call" else "sent"


@act
def outcome(request: HttpRequest, actor: str) -> str:
    """What came of a call of this case."""
    view = desk_queries.desk(actor, clock.now(), clock.business_day).case
    asked = request.POST.get("contact", "")[:20]
    if view is None or asked not in {one.contact_id for one in view.calls}:
        raise _refused("case.unknown")
    calling.record_outcome(
        contact_id=asked,
        outcome=request.POST.get("outcome", "")[:20],
        note=request.POST.get("note", "")[:2000],
        actor=actor,
    )
    return "noted"


@act
def promise(request: HttpRequest, actor: str) -> str:
    """An amount by a day."""
    post, borrower_id = request.POST, _spoken(actor)
    loan_id = post.get("loan", "")[:20]
    found = servicing_queries.loan_of(borrower_id, loan_id)
    if found is None:
        raise _refused("loan.unknown")
    try:
        amount = money.typed(post.get("amount", "").strip()[:20], found.currency).minor
        on_date = date.fromisoformat(post.get("on", "")[:10])
    except ValueError:
        raise _refused("promise.amount") from None
    record_promise(
        loan_id=loan_id, amount_minor=amount, on_date=on_date, borrower_id=borrower_id, actor=actor
    )
    return "promise"


@act
def plan(request: HttpRequest, actor: str) -> str:
    """Offer one of the plans that the policy allows; the borrower signs it herself."""
    borrower_id = _spoken(actor)
    loan_id, code = request.POST.get("loan", "")[:20], request.POST.get("plan", "")[:20]
    found = servicing_queries.loan_of(borrower_id, loan_id)
    offers = servicing_queries.offered(found, clock.business_day("CN")) if found else []
    chosen = next((one for one in offers if one.suggestion.code == code), None)
    if chosen is None:
        raise _refused("plan.unknown")
    propose_plan(
        loan_id=loan_id, asked=chosen.suggestion.asked, by="lender", borrower_id=borrower_id, actor=actor
    )
    return "plan"


@act
def offer(request: HttpRequest, actor: str) -> str:
    """An offer of her own: within her authority at once, beyond it to a supervisor with the reason."""
    post, borrower_id = request.POST, _spoken(actor)
    found = servicing_queries.loan_of(borrower_id, post.get("loan", "")[:20])
    if found is None:
        raise _refused("loan.unknown")
    number = post.get("number", "").strip()[:20]
    try:
        minor = money.typed(number, found.currency).minor if post.get("deal", "").startswith("waive") else 0
    except ValueError:
        raise _refused("offer.amount") from None
    waits = make_offer(
        loan_id=found.public_id,
        ask=authority.of_words(post.get("deal", "")[:20], number.rstrip("%"), minor),
        why=post.get("why", "")[:600],
        borrower_id=borrower_id,
        actor=actor,
    )
    return "asked" if waits else "offered"


@act
def concern(request: HttpRequest, actor: str) -> str:
    """A dispute, a complaint or hardship in the borrower's words: collection stops at once."""
    borrower_id = _spoken(actor)
    loan_id = request.POST.get("loan", "")[:20]
    if loan_id and servicing_queries.loan_of(borrower_id, loan_id) is None:
        raise _refused("loan.unknown")
    raise_concern(
        borrower_id=borrower_id, about=request.POST.get("about", "")[:20], loan_id=loan_id, actor=actor
    )
    return "concern"


@act
def wrong_person(request: HttpRequest, actor: str) -> str:
    """The number is somebody else's."""
    report_wrong_person(point_id=request.POST.get("point", "")[:20], actor=actor)
    return "quarantined"


@act
def put_back(request: HttpRequest, actor: str) -> str:
    """The case goes back."""
    how = request.POST.get("how", "")[:20]
    put_back_case(how=how, actor=actor)
    return "break" if how == "break" else "back"


def _spoken(actor: str) -> str:
    borrower_id = desk_queries.may_speak(actor, clock.now())
    if not borrower_id:
        raise _refused("case.unconfirmed")
    return borrower_id


def _refused(code: str) -> InputRefused:
    return InputRefused([Problem(code, code)])


def _desk(request: HttpRequest, *, said: str = "", problem: str = "", status: int = 200) -> HttpResponse:
    view = desk_queries.desk(request.user.public_id, clock.now(), clock.business_day)  # type: ignore[union-attr]
    context: dict[str, Any] = {
        "desk": view,
        "case": view.case,
        "now": clock.now(),
        "today": clock.business_day("CN"),
        "said": said if said in staff_words.DESK_SAID else "",
        "problem": problem if problem in staff_words.DESK_PROBLEMS else ("other" if problem else ""),
        "reasons": looking.REASONS,
        "disputes": DISPUTES,
        "outcomes": SPOKEN,
        "tab": "work",
    }
    if view.case is not None:
        context["script"] = _script(request, view.case)
        context["draft"] = _draft(view.case)
        context["lines"] = places.turn_to(view.case.place) if view.case.needs_care else None
        context["deals"] = [one.value for one in authority.Deal]
        context["limits"] = offer_queries.limits(view.case.place, "collector", clock.business_day("CN"))
        if view.case.debt is not None:
            loans = [one.public_id for one in view.case.debt.home.loans]
            context["handed_up"] = offer_queries.of_loans(loans, clock.now())
        context["numbers"] = _numbers(view.case)
    return page.show(request, "workbench/desk.html", context, status=status)


def _script(request: HttpRequest, case: desk_queries.CaseView) -> call_script.Script:
    staff = request.user
    values = {
        "caller": staff.display_name,  # type: ignore[union-attr]
        "number": staff.staff_number,  # type: ignore[union-attr]
        "agency": staff.agency or settings.LENITY_LENDER_NAMES.get(case.language, ""),  # type: ignore[union-attr]
        "name": case.name,
        "code": case.calls[0].code if case.calls else "··········",
        "verify_page": settings.LENITY_VERIFY_PAGE,
        "complain_where": lines.in_words(case.place, clock.business_day(case.place), case.language),
    }
    return call_script.script(case.place, case.language, values)


def _numbers(case: desk_queries.CaseView) -> dict[str, str]:
    """Each phone number of the case once."""
    return {one.contact_point: one.mask for one in case.lights if one.channel in ("call", "sms")}


def _draft(case: desk_queries.CaseView) -> str:
    """The note as it writes itself, from what was done since the case was taken; she confirms or changes it."""
    parts = [words.word("confirmed" if case.confirmed else "unconfirmed", "desk_note")]
    done = case.debt.done if case.debt else ()
    parts += [words.word(kind, "stop") for kind in done]
    stop = "；" if (get_language() or "").startswith("zh") else "; "
    return stop.join(parts)
