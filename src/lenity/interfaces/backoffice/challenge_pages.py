"""The page of a trial: champion and challenger on the same applications, and the challenger's way into force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import clock
from lenity.interfaces.backoffice import plots
from lenity.interfaces.backoffice.plots import Dot, Point, Told
from lenity.interfaces.shared import access, page, staff_words
from lenity.interfaces.shared.templatetags import lenity as words
from lenity.operations.propose_change import propose_change
from lenity.records.lending import challenge_queries
from lenity.records.scoring import queries as scoring

MILLION = 1_000_000
KINDS = {"policy": "policy_activation", "model": "model_activation"}


@require_http_methods(["GET", "POST"])
@access.staff_required("risk")
def challenge(request: HttpRequest) -> HttpResponse:
    """A trial in tables and charts; a challenger is proposed here and approved by a second person."""
    problem = ""
    if request.method == "POST":
        try:
            _propose(request)
            return redirect("/risk/")
        except InputRefused as refused:
            problem = staff_words.code_of(refused)
    zone = ZoneInfo(clock.business_zone(clock.HOME))
    asked = (request.GET.get("trial") or request.POST.get("trial") or "")[:40]
    found = challenge_queries.report(zone, asked)
    context: dict[str, Any] = {
        "found": found,
        "trials": challenge_queries.trials(),
        "problem": problem,
        "said": request.POST.get("reason", "")[:500],
        "tab": "risk",
    }
    if found:
        context |= _drawn(found)
    return page.show(request, "backoffice/challenge.html", context, status=422 if problem else 200)


def _propose(request: HttpRequest) -> None:
    """The challenger's policy or its model, as it was kept: exactly these bytes are what a second person judges."""
    post, part = request.POST, request.POST.get("part", "")
    find = {"policy": scoring.policy, "model": scoring.model}.get(part)
    kept = find(post.get("fingerprint", "")[:64]) if find else None
    if kept is None:
        raise InputRefused([Problem("trial.unknown", "There is no such challenger.")])
    propose_change(
        kind=KINDS[part],
        subject_id="",
        payload={"text": kept.content},
        reason=post.get("reason", "")[:600],
        actor=access.staff_id(request),
    )


def _drawn(found: Mapping[str, Any]) -> dict[str, Any]:
    outcomes = challenge_queries.OUTCOMES
    told = found["reasons"]["words"]
    return {
        "matrix": [
            (first, [(second, found["matrix"][first][second], first == second) for second in outcomes])
            for first in outcomes
        ],
        "outcomes": outcomes,
        "sides": [
            (name, found[name]) for name in ("champion", "challenger", "only_champion", "only_challenger")
        ],
        "months": list(found["months"].items()),
        "rates_chart": _rates(found),
        "months_chart": _months(found["months"]),
        "gone": [(told[code], number) for code, number in found["reasons"]["only_champion"]],
        "come": [(told[code], number) for code, number in found["reasons"]["only_challenger"]],
        "arms": list(found["by_arm"].items()),
    }


def _rates(found: Mapping[str, Any]) -> str:
    rows = [
        _dot(
            f"{words.word(what, 'plot')} · {words.word(name, 'arm')}",
            found[name][what],
            kind="first" if name == "champion" else "",
        )
        for what in ("approved_ppm", "defaulted_ppm")
        for name in ("champion", "challenger")
    ]
    if found["exploration"] and found["exploration"]["defaulted_ppm"]:
        one = found["exploration"]
        rows.append(_dot(words.word("explored", "plot"), one["defaulted_ppm"], one["expected_ppm"]))
    told = Told("rates", words.word("rates", "plot"), words.word("rates_says", "plot"))
    return plots.dots(told, rows, low=0, high=MILLION, rules={0: "0", MILLION: words.share(MILLION)})


def _dot(label: str, share: Any, expected: int | None = None, kind: str = "") -> Dot:
    value, low, high = share or (None, None, None)
    return Dot(label, value, low, high, expected, words.share(value), kind)


def _months(months: Mapping[str, Mapping[str, Any]]) -> str:
    points = [Point(name, *(one["agree_ppm"] or (None,))) for name, one in months.items()]
    told = Told("agree", words.word("agree", "plot"), words.word("agree_says", "plot"))
    ticks = (0, 250_000, 500_000, 750_000, MILLION)
    return plots.lines(told, points, high=MILLION, rules={}, ticks=ticks)
