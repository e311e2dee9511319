"""Pages for management: vintages, roll rates, recoveries against contacts, complaint rates, plans kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from lenity.gateways import clock
from lenity.interfaces.backoffice import curves
from lenity.interfaces.backoffice.plots import Told
from lenity.interfaces.shared import access, csv_file, page
from lenity.records.debt_collection import management_queries as queries

MONTHS = 12
MOST_DRAWN = 6
MILLION = 1_000_000
Table = tuple[Sequence[str], Iterable[Sequence[object]]]


def _show(request: HttpRequest, part: str, context: dict[str, Any]) -> HttpResponse:
    told = {"least": queries.LEAST, "after": queries.AFTER.days, "months": MONTHS}
    return page.show(
        request, f"backoffice/{part}.html", {**told, **context, "tab": "management", "part": part}
    )


@require_GET
@access.staff_required("manager")
def vintages(request: HttpRequest) -> HttpResponse:
    """By quarter of opening and months on book, the share late by thirty days or more."""
    rows = [row for row in queries.vintages() if any(cell.ppm is not None for cell in row.cells)]
    drawn = [
        curves.Curve(row.name, tuple((cell.months, cell.ppm) for cell in row.cells if cell.ppm is not None))
        for row in rows
    ]
    drawn = drawn[-MOST_DRAWN:]
    ages = sorted({cell.months for row in rows for cell in row.cells})
    high = _round(max((value for one in drawn for _, value in one.values), default=0))
    told = Told("vintages", gettext("Vintages"), gettext("The table below has the same numbers."))
    chart = curves.curves(
        told,
        drawn,
        feet=[str(age) for age in range(max((one.values[-1][0] for one in drawn), default=0) + 1)],
        high=high,
        ticks=[(high * at // 4, f"{high * at // 4 / 10_000:.4g} %") for at in range(5)],
    )
    table = [(row, [_at(row, age) for age in ages]) for row in reversed(rows)]
    return _show(request, "vintages", {"rows": table, "ages": ages, "chart": chart if drawn else ""})


def _at(row: queries.Vintage, age: int) -> queries.Cell | None:
    return next((cell for cell in row.cells if cell.months == age), None)


def _round(ppm: int) -> int:
    """The next of 1, 2, 4 or 8 per cent and its tenfolds above a share."""
    return next((step for step in (20_000, 40_000, 80_000, 200_000, 400_000) if step >= ppm), MILLION)


@require_GET
@access.staff_required("manager")
def rolls(request: HttpRequest) -> HttpResponse:
    """Where loans stood at the end of a month, by where they stood a month before."""
    try:
        asked = date.fromisoformat(request.GET.get("month", "")[:10])
    except ValueError:
        asked = None
    found = queries.rolls(asked)
    shaded = [
        (row, [(number, ppm, _shade(ppm)) for number, ppm in zip(row.counts, row.ppm, strict=True)])
        for row in found.rows
    ]
    return _show(request, "rolls", {"found": found, "rows": shaded})


def _shade(ppm: int | None) -> int:
    return 0 if not ppm else min(5, 1 + ppm * 5 // (MILLION + 1))


@require_GET
@access.staff_required("manager")
def recoveries(request: HttpRequest) -> HttpResponse:
    """What was paid after contacts, and what a contact and a contact point brought with it."""
    found = queries.recoveries(clock.now(), MONTHS)
    return _show(request, "recoveries", {"found": found})


@require_GET
@access.staff_required("manager")
def complaints(request: HttpRequest) -> HttpResponse:
    """Complaints for a thousand contacts, by month, channel and agency."""
    found = queries.complaints(clock.now(), MONTHS)
    told = [one.permille for one in found.by_month if one.permille is not None]
    high = max([*told, 4])
    high += -high % 4
    chart = curves.curves(
        Told("complaints", gettext("Complaint rates"), gettext("The table below has the same numbers.")),
        [
            curves.Curve(
                "‰",
                tuple(
                    (at, one.permille) for at, one in enumerate(found.by_month) if one.permille is not None
                ),
            )
        ],
        feet=[one.name for one in found.by_month],
        high=high,
        ticks=[(high * at // 4, str(high * at // 4)) for at in range(5)],
    )
    return _show(request, "complaints", {"found": found, "chart": chart if len(told) > 1 else ""})


@require_GET
@access.staff_required("manager")
def plans(request: HttpRequest) -> HttpResponse:
    """Plans and promises by the month in which they began: kept, broken, running."""
    now, today = clock.now(), clock.business_day("CN")
    parts = []
    for kind in ("plan", "promise"):
        rows = queries.plans_kept(kind, today, now, MONTHS)
        names = {name: gettext(name) for name in ("kept", "broken", "running")}
        drawn = [
            (row.month, [curves.Part(name, getattr(row, name), names[name]) for name in names])
            for row in rows
        ]
        told = Told(kind, gettext("Plans kept"), gettext("The table below has the same numbers."))
        parts.append((kind, rows, curves.stacks(told, drawn) if rows else ""))
    return _show(request, "plans_kept", {"parts": parts})


@require_GET
@access.staff_required("manager")
def table(request: HttpRequest, name: str) -> HttpResponse:
    """The numbers of one page as CSV."""
    if name not in TABLES:
        raise Http404
    head, rows = TABLES[name]()
    return csv_file.answer(f"{name}.csv", head, rows)


def _vintages() -> Table:
    rows = [
        (row.name, cell.months, cell.loans, cell.late, _told(cell.ppm))
        for row in queries.vintages()
        for cell in row.cells
    ]
    return ("opened", "months_on_book", "loans", "late_30", "late_30_ppm"), rows


def _rolls() -> Table:
    found = queries.rolls()
    rows = [
        (found.before, found.after, row.months, end, number, row.loans, _told(ppm))
        for row in found.rows
        for end, (number, ppm) in enumerate(zip(row.counts, row.ppm, strict=True))
    ]
    return ("before", "after", "months_late_before", "months_late_after", "loans", "of", "ppm"), rows


def _recoveries() -> Table:
    found = queries.recoveries(clock.now(), MONTHS)
    rows = [
        (by, *one, _told(one.per_contact_minor), _told(one.per_point_minor))
        for by, part in (("month", found.by_month), ("channel", found.by_channel))
        for one in part
    ]
    head = ("by", "name", "currency", "contacts", "points", "payments", "paid_minor")
    return (*head, "per_contact_minor", "per_point_minor"), rows


def _complaints() -> Table:
    found = queries.complaints(clock.now(), MONTHS)
    parts = (("month", found.by_month), ("channel", found.by_channel), ("agency", found.by_agency))
    rows = [(by, *one, _told(one.permille)) for by, part in parts for one in part]
    return ("by", "name", "complaints", "contacts", "permille"), rows


def _plans() -> Table:
    now, today = clock.now(), clock.business_day("CN")
    rows = [
        (kind, *one, _told(one.kept_ppm))
        for kind in ("plan", "promise")
        for one in queries.plans_kept(kind, today, now, MONTHS)
    ]
    return ("kind", "month", "kept", "broken", "running", "otherwise", "kept_ppm"), rows


def _told(number: int | None) -> object:
    """A number, or an empty cell where there are too few to tell."""
    return "" if number is None else number


TABLES = {
    "vintages": _vintages,
    "rolls": _rolls,
    "recoveries": _recoveries,
    "complaints": _complaints,
    "plans": _plans,
}
