"""Pages for risk staff: a score in use, late loans and their cures, a model's card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from lenity.domain.scoring import card as cards
from lenity.domain.scoring.model import Model, Term
from lenity.interfaces.backoffice import plots
from lenity.interfaces.backoffice.plots import Dot, Point, Told
from lenity.interfaces.shared import access, page
from lenity.interfaces.shared.templatetags import lenity as words
from lenity.records.scoring import report_queries
from lenity.records.scoring.report_queries import Report

MILLION = 1_000_000
LOOK, MOVED = 100_000, 250_000
"""Stability indexes from which a custom of the trade looks closer, and calls a population moved. No law."""
FOUR_FIFTHS = 800_000
"""The least impact ratio of another custom, which began with American employment guidelines. No law of credit."""
MOST_TABLES, TABLES_DRAWN = 10, 12


@require_GET
@access.staff_required("risk")
def watch(request: HttpRequest) -> HttpResponse:
    """A score in use, month by month: has the population moved, does it hold, whom does it cost."""
    found = report_queries.report("watch", request.GET.get("report", "")[:64])
    context: dict[str, Any] = {"reports": report_queries.reports("watch"), "found": found, "tab": "risk"}
    if found:
        context |= _watched(found)
    return page.show(request, "backoffice/watch.html", context)


@require_GET
@access.staff_required("risk")
def collections(request: HttpRequest) -> HttpResponse:
    """Late loans: who cures, how loans roll, whether a model of cures holds."""
    found = report_queries.report("cures", request.GET.get("report", "")[:64])
    context: dict[str, Any] = {"reports": report_queries.reports("cures"), "found": found, "tab": "risk"}
    if found:
        context |= _cured(found.content)
    return page.show(request, "backoffice/collections.html", context)


@require_GET
@access.staff_required("risk")
def models(request: HttpRequest) -> HttpResponse:
    """Every model that is kept."""
    return page.show(request, "backoffice/models.html", {"rows": report_queries.kept_models(), "tab": "risk"})


@require_GET
@access.staff_required("risk")
def model(request: HttpRequest, fingerprint: str) -> HttpResponse:
    """A model's card."""
    found = report_queries.card(fingerprint)
    if found is None:
        raise Http404
    plain = found.model.plain
    context = {
        "card": found,
        "training": plain.get("training", {}),
        "metrics": plain.get("metrics", {}),
        "scaling": plain.get("scaling", {}),
        "calibration": _tenths(plain.get("calibration", ())),
        "calibration_chart": _tenths_chart(plain.get("calibration", ())),
        "reasons": _reasons(found.model),
        "tables": _tables(found.model),
        "groups": _newest(found.watch)[1].get("groups", ()) if found.watch else (),
        "tab": "risk",
    }
    return page.show(request, "backoffice/model.html", context)


def _newest(found: Report) -> tuple[str, dict[str, Any]]:
    """The newest month that has enough rows, else the newest."""
    months = found.content["months"]
    full = [name for name, one in months.items() if "too_few" not in one] or list(months)
    return full[-1], months[full[-1]]


def _watched(found: Report) -> dict[str, Any]:
    content, (name, now) = found.content, _newest(found)
    months, frontier = content["months"], content.get("less_discriminatory", {})
    return {
        "months": list(months.items()),
        "month": name,
        "now": now,
        "state": _state(now.get("psi_ppm")),
        "psi_chart": _psi(months),
        "tables": _moved(now.get("csi_ppm", {}), found.model),
        "calibration": list(enumerate(now.get("calibration", ()), 1)),
        "calibration_chart": _expected(now.get("calibration", ()), "calibration"),
        "groups": now.get("groups", ()),
        "groups_chart": _ratios(now.get("groups", ()), content.get("group", "")),
        "frontier": frontier,
        "frontier_chart": _frontier(frontier.get("alternatives", ())),
    }


def _state(psi: int | None) -> str:
    if psi is None:
        return "unknown"
    return "moved" if psi >= MOVED else "look" if psi >= LOOK else "steady"


def _psi(months: Mapping[str, Mapping[str, Any]]) -> str:
    points = [Point(name, one.get("psi_ppm")) for name, one in months.items()]
    highest = max([300_000, *(one.value for one in points if one.value is not None)])
    told = Told("psi", _plot("psi"), _plot("psi_says"))
    rules = {LOOK: _plot("look"), MOVED: _plot("moved")}
    return plots.lines(told, points, high=highest, rules=rules, ticks=(0, 200_000))


def _moved(csi: Mapping[str, int], model: Model | None) -> list[tuple[str, str, int]]:
    """The tables that moved most, each with the wording of its reason."""
    reasons = {term.name: term.reason for term in model.terms} if model else {}
    return [
        (name, _wording(model, reasons.get(name, "")), value)
        for name, value in sorted(csi.items(), key=lambda one: -one[1])[:MOST_TABLES]
    ]


def _wording(model: Model | None, code: str) -> str:
    return words.said(dict(model.reasons.get(code, {})) if model else {}, code)


def _plot(code: str) -> str:
    return words.word(code, "plot")


def _expected(tenths: Sequence[Mapping[str, Any]], name: str) -> str:
    """What was expected and what happened, tenth by tenth."""
    highest = max([one["high_ppm"] for one in tenths], default=MILLION)
    rows = [
        Dot(
            _plot("tenth").format(number=number),
            one["happened_ppm"],
            one["low_ppm"],
            one["high_ppm"],
            one["expected_ppm"],
            words.share(one["happened_ppm"]),
            "" if one["within"] else "off",
        )
        for number, one in enumerate(tenths, 1)
    ]
    told = Told(name, _plot("expected"), _plot("expected_says"))
    return plots.dots(told, rows, low=0, high=highest, rules={0: "0", highest: words.share(highest)})


def _ratios(groups: Sequence[Mapping[str, Any]], column: str) -> str:
    rows = []
    for one in groups:
        ratio = one.get("impact_ratio_ppm") or (None, None, None)
        kind = "off" if ratio[0] is not None and ratio[0] < FOUR_FIFTHS else ""
        rows.append(
            Dot(f"{column} {one['group']}", ratio[0], ratio[1], ratio[2], None, words.index(ratio[0]), kind)
        )
    told = Told("groups", _plot("groups"), _plot("groups_says"))
    rules = {FOUR_FIFTHS: _plot("four_fifths"), MILLION: _plot("equal")}
    return plots.dots(told, rows, low=500_000, high=1_100_000, rules=rules)


def _frontier(alternatives: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        Dot(
            f"{_plot('alternative')} {number}" if number else _plot("as_is"),
            one["impact_ratio_ppm"],
            text=f"{words.index(one['impact_ratio_ppm'])} · AUC {words.index(one['auc_ppm'])}",
            kind="" if number else "first",
        )
        for number, one in enumerate(alternatives)
    ]
    told = Told("frontier", _plot("frontier"), _plot("frontier_says"))
    rules = {FOUR_FIFTHS: _plot("four_fifths"), MILLION: _plot("equal")}
    return plots.dots(
        told, rows, low=min([700_000, *(row.value or 0 for row in rows)]), high=1_020_000, rules=rules
    )


def _cured(content: Mapping[str, Any]) -> dict[str, Any]:
    hazard = [one for one in content["hazard"] if one["cure"]]
    says, title = _plot("hazard_says"), _plot(f"hazard_{content['step']}")
    ticks = (0, 250_000, 500_000, 750_000, MILLION)
    cured = [Point(str(one["step"]), *one["cure"]) for one in hazard]
    still = [Point(str(one["step"]), one["still_late_ppm"]) for one in content["hazard"][: len(hazard)]]
    judged = content.get("judged", {})
    return {
        "content": content,
        "hazard_chart": plots.lines(Told("hazard", title, says), cured, high=MILLION, rules={}, ticks=ticks),
        "still_chart": plots.lines(
            Told("still", _plot("still"), says), still, high=MILLION, rules={}, ticks=ticks
        ),
        "rolls": [_heat(row) for row in content.get("roll_rates", ())],
        "judged": judged,
        "calibration": list(enumerate(judged.get("calibration", ()), 1)),
        "calibration_chart": _expected(judged.get("calibration", ()), "cures"),
    }


def _heat(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of roll rates, each share with its shade of six."""
    cells = [(None, 0) if one is None else (one[0], min(one[0] * 6 // MILLION, 5)) for one in row["to"]]
    return {"months": row["from"], "loans": row["loans"], "cells": cells}


def _tenths(calibration: Sequence[Mapping[str, int]]) -> list[dict[str, int]]:
    return [{**one, "happened_ppm": one["defaults"] * MILLION // max(one["rows"], 1)} for one in calibration]


def _tenths_chart(calibration: Sequence[Mapping[str, int]]) -> str:
    tenths = _tenths(calibration)
    highest = max([max(one["happened_ppm"], one["estimate_ppm"]) for one in tenths], default=MILLION)
    rows = [
        Dot(
            f"{one['from']}–{one['to']}",
            one["happened_ppm"],
            expected=one["estimate_ppm"],
            text=words.share(one["happened_ppm"]),
        )
        for one in tenths
    ]
    told = Told("tenths", _plot("tenths"), _plot("tenths_says"))
    return plots.dots(told, rows, low=0, high=highest, rules={0: "0", highest: words.share(highest)})


def _reasons(model: Model) -> list[tuple[Mapping[str, Any], int]]:
    """The wording of every reason in use, with how many tables speak for it."""
    used = [term.reason for term in model.terms]
    return [(model.reasons[code], used.count(code)) for code in sorted(set(used))]


def _tables(model: Model) -> list[dict[str, Any]]:
    """What weighs, the heaviest first; tables of one feature with a small picture."""
    weight = model.plain.get("importance", {})
    ordered = sorted(model.terms, key=lambda term: (-weight.get(term.name, 0), term.name))
    return [_table(model, term, weight.get(term.name), number) for number, term in enumerate(ordered)]


def _table(model: Model, term: Term, weight: int | None, number: int) -> dict[str, Any]:
    points = list(cards.flat(term.points))
    chart = ""
    if len(term.features) == 1 and number < TABLES_DRAWN:
        told = Told(f"table-{number}", f"{_plot('table')} {term.name}", _plot("table_says"))
        chart = plots.columns(told, points, term.reference)
    feature = next(one for one in model.features if one["name"] == term.features[0])
    return {
        "name": term.name,
        "words": _wording(model, term.reason),
        "weight": None if weight is None else f"{weight / 100:.2f}",
        "lowest": min(points),
        "highest": max(points),
        "bins": _bins(term, feature) if chart and len(points) <= cards.LONGEST else (),
        "count": len(points),
        "chart": chart,
    }


def _bins(term: Term, feature: Mapping[str, Any]) -> list[tuple[str, int]]:
    """The bins of a table of one feature, by signs that need no language, with their points."""
    cuts = term.cuts[0]
    names = [words.word("missing", "bin")]
    if values := feature.get("values"):
        names += [words.word("unknown", "bin"), *values][: len(cuts) + 1]
    elif cuts:
        inner = [f"{low:,} – {high - 1:,}" if high > low + 1 else f"{low:,}" for low, high in pairwise(cuts)]
        names += [f"< {cuts[0]:,}", *inner, f"≥ {cuts[-1]:,}"]
    else:
        names.append(words.word("any", "bin"))
    return list(zip(names, term.points, strict=False))
