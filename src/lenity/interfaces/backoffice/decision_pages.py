"""Pages on applications: the list, one decision with all it rests on, policies since the first, trying a draft."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.lending import decision
from lenity.domain.scoring import model as score_models
from lenity.gateways import clock
from lenity.interfaces.shared import access, page, staff_words
from lenity.interfaces.shared.templatetags import lenity as words
from lenity.operations.propose_change import propose_change
from lenity.operations.read_record import REASONS as READ_REASONS
from lenity.records.lending import application_details, application_lists, trial_queries
from lenity.records.lending.application_details import Detail
from lenity.records.lending.application_lists import OUTCOMES, STATES, Wanted
from lenity.records.people import reading_queries
from lenity.records.scoring import policy_queries, queries, report_queries, rules

LONGEST_POLICY = 200_000
MOST_TRIED = 5_000
"""How many of the newest applications a page tries a draft on; the command tries it on all."""
PER_PAGE = 50


@require_GET
@access.staff_required("risk")
def applications(request: HttpRequest) -> HttpResponse:
    """Applications, newest first: what was decided and whose turn it is. Nothing of a person."""
    asked, reasons = request.GET, application_lists.reasons()
    wanted, problem = _wanted(asked, reasons)
    before = asked.get("before", "")
    found = application_lists.applications(
        wanted, before=int(before) if before.isdecimal() and len(before) < 19 else 0, most=PER_PAGE
    )
    context = {
        "rows": found.rows,
        "following": _following(asked, found.after),
        "counts": application_lists.counts(),
        "outcomes": OUTCOMES[:-1],
        "states": STATES,
        "reasons": sorted(reasons.items()),
        "wanted": asked,
        "is_filtered": any(asked.get(name) for name in ("outcome", "state", "reason", "since", "until")),
        "problem": problem,
        "tab": "risk",
    }
    return page.show(request, "backoffice/applications.html", context, status=422 if problem else 200)


def _wanted(asked: QueryDict, reasons: Mapping[str, object]) -> tuple[Wanted, str]:
    """What is looked for; a part that is none of ours asks for nothing, a day that is no day is told."""
    problem, days = "", {}
    for name, later in (("since", 0), ("until", 1)):
        text = asked.get(name, "").strip()[:10]
        try:
            days[name] = _midnight(date.fromisoformat(text) + timedelta(days=later)) if text else None
        except (ValueError, OverflowError):
            problem = "list.day"
    outcome, state, reason = (asked.get(name, "") for name in ("outcome", "state", "reason"))
    return Wanted(
        outcome=outcome if outcome in OUTCOMES else "",
        state=state if state in STATES else "",
        reason=reason if reason in reasons else "",
        since=days.get("since"),
        until=days.get("until"),
    ), problem


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(clock.business_zone(clock.HOME)))


def _following(asked: QueryDict, after: int) -> str:
    if not after:
        return ""
    copied = asked.copy()
    copied["before"] = str(after)
    return copied.urlencode()


@require_GET
@access.staff_required("risk")
def application(request: HttpRequest, application_id: str) -> HttpResponse:
    """One application: shut until its reader has said why, then everything that the decision rests on."""
    again = "again" in request.GET
    found = application_details.application(application_id, clock.home_day(), again=again)
    if found is None:
        raise Http404
    is_open = reading_queries.opened(access.staff_id(request), clock.now())("application", application_id)
    context: dict[str, Any] = {
        "line": found.line,
        "is_open": is_open,
        "why_read": READ_REASONS,
        "tab": "risk",
    }
    if is_open:
        context |= {"one": found, "made": found.made, "again": again, "facts": _facts(found)}
    return access.no_store(page.show(request, "backoffice/application.html", context))


def _facts(found: Detail) -> list[tuple[str, str]]:
    """What was known on the day, in the reader's words and conventions."""
    if found.made is None:
        return []
    plain = dict(found.made.facts)
    asked = plain.pop("asked", None)
    vouched = plain.pop("vouched", ())
    flat = {**plain, **{f"asked_{key}": value for key, value in (asked or {}).items()}}
    told = [(words.word(key, "fact"), _told(key, value, found.line.currency)) for key, value in flat.items()]
    if vouched:
        names = [words.word(one, "measure") for one in vouched]
        told.append((words.word("vouched", "fact"), "; ".join(names)))
    return told


def _told(key: str, value: object, currency: str) -> str:
    if isinstance(value, bool):
        return words.word("yes" if value else "no", "yes_no")
    if isinstance(value, int) and key.endswith("_minor"):
        return words.amount(value, currency)
    if isinstance(value, int) and key.endswith("_ppm"):
        return words.share(value)
    return words.word(value, "identity") if key == "identity" and isinstance(value, str) else str(value)


@require_GET
@access.staff_required("risk")
def policies(request: HttpRequest) -> HttpResponse:
    """Every policy and model that came into force, by whom, and the lines that a policy changed."""
    context = {
        "policies": policy_queries.history("policy_activation"),
        "models": policy_queries.history("model_activation"),
        "candidates": policy_queries.policies(),
        "tab": "risk",
    }
    return page.show(request, "backoffice/policies.html", context)


@require_GET
@access.staff_required("risk")
def policy(request: HttpRequest, fingerprint: str) -> HttpResponse:
    """A policy whole, its lines numbered as the checks of a decision name them."""
    found = policy_queries.policy(fingerprint)
    if found is None:
        raise Http404
    lines = list(enumerate(found.text.splitlines(), start=1))
    return page.show(request, "backoffice/policy.html", {"one": found, "lines": lines[:2000], "tab": "risk"})


@require_http_methods(["GET", "POST"])
@access.staff_required("risk")
def try_draft(request: HttpRequest) -> HttpResponse:
    """A draft of a policy on past applications: approvals, swap set, defaults. Books nothing until proposed."""
    post = request.POST
    text = post.get("text", "").replace("\r\n", "\n") if request.method == "POST" else ""
    context: dict[str, Any] = {
        "text": text or queries.text_in_force("policy_activation"),
        "reason": post.get("reason", "")[:500],
        "models": [one for one in report_queries.kept_models() if one.use == score_models.DEFAULT],
        "model": post.get("model", "")[:64],
        "most": MOST_TRIED,
        "tab": "risk",
    }
    if request.method == "POST":
        try:
            if post.get("move") == "propose":
                _propose(text, post.get("reason", ""), access.staff_id(request))
                return redirect("/risk/")
            context["found"] = _tried(text, context["model"])
        except InputRefused as refused:
            context |= {"problem": staff_words.code_of(refused), "details": refused.problems[:20]}
    return page.show(request, "backoffice/try.html", context, status=422 if context.get("problem") else 200)


def _draft(text: str) -> decision.Policy:
    if len(text) > LONGEST_POLICY:
        says = f"A policy has at most {LONGEST_POLICY:,} signs here."
        raise InputRefused([Problem("policy.size", says, "Use `lenity policy try`.")])
    return decision.read(text)


def _tried(text: str, fingerprint: str) -> dict[str, Any]:
    """With a model's fingerprint, by that model; without, by the model of each application's day."""
    kept = rules.kept_model(fingerprint, score_models.DEFAULT) if fingerprint else None
    found = trial_queries.tried(_draft(text), kept, {}, most=MOST_TRIED)
    return {**found, "all": found["groups"][trial_queries.ALL]}


def _propose(text: str, reason: str, actor: str) -> None:
    _draft(text)
    propose_change(
        kind="policy_activation", subject_id="", payload={"text": text}, reason=reason[:600], actor=actor
    )
