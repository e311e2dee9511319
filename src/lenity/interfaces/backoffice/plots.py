"""Plots as SVG made on the server: dots with intervals, lines by month, points of a table's bins.

Places across are parts of the width and words keep their size, as in `charts`. Every plot has a title and a
description for who does not see it, and its page shows the same numbers as a table. Numbers are parts per million.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

ROW, FOOT = 46, 26
TALL, TOP = 210, 14
LEFT, RIGHT = 9, 97
"""Where a plot over months begins and ends, per cent of the width: its left is for the numbers."""
SMALL = 84


@dataclass(frozen=True)
class Told:
    """What a plot says to who does not see it."""

    name: str
    title: str
    says: str


@dataclass(frozen=True)
class Dot:
    """One row: a value with its interval, and beside it what was expected."""

    label: str
    value: int | None
    low: int | None = None
    high: int | None = None
    expected: int | None = None
    text: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Point:
    """One place of a line."""

    label: str
    value: int | None
    low: int | None = None
    high: int | None = None


def dots(told: Told, rows: Sequence[Dot], *, low: int, high: int, rules: Mapping[int, str]) -> SafeString:
    """A row for each, its dot and interval between `low` and `high`; upright lines at `rules` with their names."""

    def across(value: int) -> str:
        return f"{max(0, min(100, (value - low) * 100 / max(high - low, 1))):.2f}%"

    height = len(rows) * ROW
    lines = format_html_join(
        "",
        '<line class="rule" x1="{0}" x2="{0}" y1="{1}" y2="{2}"></line>'
        '<text x="{0}" y="{3}" text-anchor="{4}">{5}</text>',
        (
            # The ends of the scale are short strokes: a line from the top would go through the labels.
            (
                across(value),
                height - 8 if value in (low, high) else 0,
                height + 4,
                height + 20,
                _anchor(value, low, high),
                name,
            )
            for value, name in rules.items()
        ),
    )
    drawn = format_html_join("", "{}", ((_dot(at, row, across),) for at, row in enumerate(rows)))
    return _svg(told, height + FOOT, format_html("{}{}", lines, drawn))


def _anchor(value: int, low: int, high: int) -> str:
    share = (value - low) / max(high - low, 1)
    return "start" if share < 0.08 else "end" if share > 0.92 else "middle"


def _dot(at: int, row: Dot, across: object) -> SafeString:
    assert callable(across)
    top, middle = at * ROW + 14, at * ROW + 30
    head = format_html(
        '<text x="0" y="{}">{}</text><text class="n" x="100%" y="{}" text-anchor="end">{}</text>'
        '<line class="base" x1="0" x2="100%" y1="{}" y2="{}"></line>',
        top,
        row.label,
        top,
        row.text,
        middle,
        middle,
    )
    parts = [head]
    if row.low is not None and row.high is not None:
        parts.append(
            format_html(
                '<line class="span {}" x1="{}" x2="{}" y1="{}" y2="{}"></line>',
                row.kind,
                across(row.low),
                across(row.high),
                middle,
                middle,
            )
        )
    if row.expected is not None:
        parts.append(
            format_html(
                '<line class="expected" x1="{0}" x2="{0}" y1="{1}" y2="{2}"></line>',
                across(row.expected),
                middle - 8,
                middle + 8,
            )
        )
    if row.value is not None:
        parts.append(
            format_html(
                '<circle class="dot {}" cx="{}" cy="{}" r="5"></circle>', row.kind, across(row.value), middle
            )
        )
    return format_html_join("", "{}", ((part,) for part in parts))


def lines(
    told: Told, points: Sequence[Point], *, high: int, rules: Mapping[int, str], ticks: Sequence[int]
) -> SafeString:
    """Values over months from left to right, with their intervals; level lines at `rules` and `ticks`."""

    def down(value: int) -> int:
        return TOP + TALL - min(value, high) * TALL // max(high, 1)

    step = (RIGHT - LEFT - 4) / max(len(points) - 1, 1)
    across = [LEFT + 2 + at * step for at in range(len(points))] if len(points) > 1 else [(LEFT + RIGHT) / 2]
    grid = format_html_join(
        "",
        '<line class="base" x1="{0}%" x2="{1}%" y1="{2}" y2="{2}"></line>'
        '<text x="{3}%" y="{4}" text-anchor="end">{5}</text>',
        ((LEFT, RIGHT, down(tick), LEFT - 1, down(tick) + 4, _decimal(tick)) for tick in ticks),
    )
    levels = format_html_join(
        "",
        '<line class="rule" x1="{0}%" x2="{1}%" y1="{2}" y2="{2}"></line>'
        '<text x="{1}%" y="{3}" text-anchor="end">{4}</text>',
        ((LEFT, RIGHT, down(value), down(value) - 5, name) for value, name in rules.items()),
    )
    known = [(x, point) for x, point in zip(across, points, strict=True) if point.value is not None]
    path = format_html_join(
        "",
        '<line class="path" x1="{}%" y1="{}" x2="{}%" y2="{}"></line>',
        ((a, down(one.value or 0), b, down(two.value or 0)) for (a, one), (b, two) in pairwise(known)),
    )
    spans = format_html_join(
        "",
        '<line class="span" x1="{0}%" x2="{0}%" y1="{1}" y2="{2}"></line>',
        (
            (x, down(one.low), down(one.high))
            for x, one in known
            if one.low is not None and one.high is not None
        ),
    )
    marks = format_html_join(
        "",
        '<circle class="dot" cx="{}%" cy="{}" r="4.5"></circle>',
        ((x, down(one.value or 0)) for x, one in known),
    )
    every = max(1, -(-len(points) // 8))
    names = format_html_join(
        "",
        '<text x="{}%" y="{}" text-anchor="middle">{}</text>',
        (
            (x, TOP + TALL + 22, point.label)
            for at, (x, point) in enumerate(zip(across, points, strict=True))
            if at % every == 0
        ),
    )
    body = format_html("{}{}{}{}{}{}", grid, levels, path, spans, marks, names)
    return _svg(told, TOP + TALL + 34, body)


def columns(told: Told, points: Sequence[int], reference: int) -> SafeString:
    """The points of each bin of one table, up where they are above the reference and down where below."""
    above, below = max([*points, reference]) - reference, reference - min([*points, reference])
    unit, width = SMALL / max(above + below, 1), 100 / max(len(points), 1)
    zero = above * unit
    drawn = format_html_join(
        "",
        '<rect class="{}" x="{}%" y="{}" width="{}%" height="{}"></rect>',
        (
            (
                "up" if value >= reference else "down",
                f"{at * width + width * 0.08:.3f}",
                f"{zero - max(value - reference, 0) * unit:.1f}",
                f"{width * 0.84:.3f}",
                f"{max(abs(value - reference) * unit, 1):.1f}",
            )
            for at, value in enumerate(points)
        ),
    )
    line = format_html('<line class="rule" x1="0" x2="100%" y1="{0}" y2="{0}"></line>', f"{zero:.1f}")
    return _svg(told, SMALL + 2, format_html("{}{}", drawn, line))


def _decimal(ppm: int) -> str:
    return f"{ppm / 1_000_000:.2f}"


def _svg(told: Told, height: int, body: SafeString) -> SafeString:
    return format_html(
        '<svg class="chart plot" width="100%" height="{}" role="img" aria-labelledby="{}-t {}-d" focusable="false">'
        '<title id="{}-t">{}</title><desc id="{}-d">{}</desc>{}</svg>',
        height,
        told.name,
        told.name,
        told.name,
        told.title,
        told.name,
        told.says,
        body,
    )
