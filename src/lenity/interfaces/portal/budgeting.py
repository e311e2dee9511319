"""I cannot pay now: one's month in short pages, saved as one goes, checked, then plans that fit it."""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from lenity.base.money import Money
from lenity.base.outcomes import InputRefused
from lenity.domain.servicing import affordability
from lenity.domain.servicing.plan import LAST_PAY_DAY
from lenity.interfaces.portal import forms
from lenity.interfaces.shared import access, page, places
from lenity.operations.save_budget import save_budget
from lenity.records.arrangements import queries
from lenity.records.lending import servicing_queries

PLAN_PAGE = re.compile(r"/loans/[0-9A-Z]{20}/plan/check/\?choice=[a-z0-9_-]{1,60}")
CODES = ("household", *(one["code"] for one in affordability.pages()))


def _currency(borrower_id: str) -> str:
    loans = servicing_queries.loans_of(borrower_id)
    return loans[0].currency if loans else "CNY"


def _empty(borrower_id: str) -> dict[str, Any]:
    currency = _currency(borrower_id)
    budget = {"currency": currency, "adults": 1, "children": 0, "pay_day": 0, "lines": []}
    return {"budget": budget, "reasons": {}, "done": []}


def _answers(borrower_id: str) -> dict[str, Any]:
    return queries.draft_of(borrower_id) or _empty(borrower_id)


@require_GET
@access.borrower_required
def tasks(request: HttpRequest) -> HttpResponse:
    """What it is for, what it changes and what not, and the list of pages."""
    answers = _answers(request.borrower_id)  # type: ignore[attr-defined]
    shown = [{"code": code, "done": code in answers["done"]} for code in CODES]
    ready = all(one["done"] for one in shown)
    following = next((one["code"] for one in shown if not one["done"]), "")
    context = {"tasks": shown, "ready": ready, "following": following, "tab": "talk"}
    return page.show(request, "portal/budget_tasks.html", context)


@require_http_methods(["GET", "POST"])
@access.borrower_required
def one_page(request: HttpRequest, page_code: str) -> HttpResponse:
    """One page of it; what is typed is kept, right or wrong."""
    if page_code not in CODES:
        raise Http404
    borrower_id: str = request.borrower_id  # type: ignore[attr-defined]
    answers = _answers(borrower_id)
    problems: dict[str, str] = {}
    if request.method == "GET" and request.POST and page_code == "household":
        _household(request, answers)
    if request.method == "POST":
        problems = (
            _household(request, answers) if page_code == "household" else _lines(request, answers, page_code)
        )
        if not problems:
            answers["done"] = [*dict.fromkeys([*answers["done"], page_code])]
            save_budget(borrower_id=borrower_id, answers=answers, finish=False, actor="borrower")
            left = [code for code in CODES if code not in answers["done"]]
            return redirect(f"/budget/{left[0]}/" if left else "/budget/check/")
    context = {
        "code": page_code,
        "number": CODES.index(page_code) + 1,
        "of": len(CODES),
        "answers": answers["budget"],
        "lines": [] if page_code == "household" else _shown(request, answers, page_code),
        "kind": "" if page_code == "household" else affordability.kind_of(page_code),
        "reason": request.POST.get("reason", answers["reasons"].get(page_code, "")),
        "asks": "reason" in problems or "reason" in request.POST or page_code in answers["reasons"],
        "days": range(1, LAST_PAY_DAY + 1),
        "periods": list(affordability.A_MONTH),
        "typed": request.POST,
        "tab": "talk",
    }
    return forms.show(request, "portal/budget_page.html", context, problems)


def _household(request: HttpRequest, answers: dict[str, Any]) -> dict[str, str]:
    problems = {}
    for field, least, most in (("adults", 1, 20), ("children", 0, 20), ("pay_day", 0, LAST_PAY_DAY)):
        value = forms.whole(request.POST.get(field, ""), least, most)
        if value is None:
            problems[field] = field
        else:
            answers["budget"][field] = value
    return problems


def _lines(request: HttpRequest, answers: dict[str, Any], code: str) -> dict[str, str]:
    """Read a page's amounts; an empty one is nothing. High costs ask for a reason, once."""
    budget, problems = answers["budget"], {}
    lines = [line for line in budget["lines"] if line[0] not in affordability.lines_of(code)]
    for field in affordability.lines_of(code):
        minor = forms.amount(request.POST.get(field, "") or "0", budget["currency"])
        every = request.POST.get(f"{field}_every", "month")
        if minor is None or every not in affordability.A_MONTH:
            problems[field] = "amount"
        else:
            lines.append([field, minor, every])
    if problems:
        return problems
    budget["lines"] = lines
    reason = forms.words(request.POST.get("reason", ""), 500)
    floor = queries.floor_for(request.borrower_id, places.today(request))  # type: ignore[attr-defined]
    try:
        asks = affordability.asks_reason(affordability.from_plain(budget), code, floor)
    except InputRefused:
        return {"currency": "budget.currency"}
    if asks and not reason:
        return {"reason": "reason"}
    answers["reasons"].pop(code, None)
    if reason:
        answers["reasons"][code] = reason
    return {}


def _shown(request: HttpRequest, answers: dict[str, Any], code: str) -> list[dict[str, str]]:
    known = {line[0]: line for line in answers["budget"]["lines"]}
    currency = answers["budget"]["currency"]
    found = []
    for field in affordability.lines_of(code):
        line = known.get(field, [field, None, "month"])
        text = "" if line[1] is None else Money(line[1], currency).decimal_text()
        found.append(
            {
                "code": field,
                "text": request.POST.get(field, text)[: forms.LONGEST_AMOUNT],
                "every": request.POST.get(f"{field}_every", line[2]),
            }
        )
    return found


SHORT = {"income": "wages", "home": "rent", "living": "food", "debts": "other_loans"}
"""What the short page asks of a whole month, and the line under which each answer is kept."""


@require_http_methods(["GET", "POST"])
@access.borrower_required
def short(request: HttpRequest) -> HttpResponse:
    """The month on one page, for who is about to sign: the floor is judged by it as by the six pages."""
    borrower_id: str = request.borrower_id  # type: ignore[attr-defined]
    back = (request.POST.get("back") or request.GET.get("back", ""))[:120]
    answers, problems = _empty(borrower_id), {}
    if request.method == "POST":
        problems = _household(request, answers) | _short_lines(request, answers["budget"])
        if not problems:
            try:
                save_budget(borrower_id=borrower_id, answers=answers, finish=True, actor="borrower")
                return redirect(back if PLAN_PAGE.fullmatch(back) else "/budget/result/")
            except InputRefused as refused:
                problems = {"income": refused.problems[0].code}
    typed = {
        name: request.POST.get(name, "")[: forms.LONGEST_AMOUNT] for name in ("adults", "children", *SHORT)
    }
    context = {
        "typed": {"adults": "1", "children": "0", **{name: value for name, value in typed.items() if value}},
        "lines": tuple(SHORT),
        "pay_day": request.POST.get("pay_day", "0"),
        "days": range(1, LAST_PAY_DAY + 1),
        "back": back,
        "tab": "talk",
    }
    return forms.show(request, "portal/budget_short.html", context, problems)


def _short_lines(request: HttpRequest, budget: dict[str, Any]) -> dict[str, str]:
    """Read the four amounts; each is needed, and 0 is an answer."""
    problems = {}
    for name, line in SHORT.items():
        minor = forms.amount(request.POST.get(name, ""), budget["currency"])
        if minor is None:
            problems[name] = "amount"
        else:
            budget["lines"].append([line, minor, "month"])
    return problems


@require_http_methods(["GET", "POST"])
@access.borrower_required
def check(request: HttpRequest) -> HttpResponse:
    """Check the answers, then keep them."""
    borrower_id: str = request.borrower_id  # type: ignore[attr-defined]
    answers = _answers(borrower_id)
    if any(code not in answers["done"] for code in CODES):
        return redirect("/budget/")
    if request.method == "POST":
        save_budget(borrower_id=borrower_id, answers=answers, finish=True, actor="borrower")
        return redirect("/budget/result/")
    budget = affordability.from_plain(answers["budget"])
    rows = [
        {
            "code": code,
            "lines": [line for line in budget.lines if line.code in affordability.lines_of(code)],
            "reason": answers["reasons"].get(code, ""),
        }
        for code in CODES[1:]
    ]
    return page.show(
        request,
        "portal/budget_check.html",
        {"budget": budget, "rows": rows, "month": _month(request, budget), "tab": "talk"},
    )


def _month(request: HttpRequest, budget: affordability.Budget) -> affordability.Summary:
    floor = queries.floor_for(request.borrower_id, places.today(request))  # type: ignore[attr-defined]
    return affordability.summary(budget, floor)


@require_GET
@access.borrower_required
def result(request: HttpRequest) -> HttpResponse:
    """What the month leaves, and what can be done with it."""
    borrower_id: str = request.borrower_id  # type: ignore[attr-defined]
    view = queries.budget_for(borrower_id, places.today(request))
    if view is None:
        return redirect("/budget/")
    loans = servicing_queries.loans_of(borrower_id)
    return page.show(request, "portal/budget_result.html", {"view": view, "loans": loans, "tab": "talk"})
