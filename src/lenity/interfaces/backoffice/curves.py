"""Several lines in one plot, and stacked bars, as SVG made on the server; each has its table on its page."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from lenity.interfaces.backoffice.plots import Told

TALL, TOP, FOOT = 230, 16, 40
LEFT, RIGHT = 8, 87
"""Per cent of the width: where lines begin and end; the rest is for their names."""
ROW = 48


class Curve(NamedTuple):
    """One line: its name, and its values by place across; a place without a value is left out."""

    name: str
    values: tuple[tuple[int, int], ...]


def curves(
    told: Told, given: Sequence[Curve], *, feet: Sequence[str], high: int, ticks: Sequence[tuple[int, str]]
) -> SafeString:
    """Lines over places with names below (`feet`), their own names at their ends; `ticks` are levels with words.

    The newest line is the strongest; older ones fade.
    """

    widest, rows = len(feet) - 1, [one for one in given if one.values]

    def across(place: int) -> str:
        return f"{LEFT + 2 + (RIGHT - LEFT - 2) * place / max(widest, 1):.2f}"

    def down(value: int) -> int:
        return TOP + TALL - min(value, high) * TALL // max(high, 1)

    grid = format_html_join(
        "",
        '<line class="base" x1="{0}%" x2="{1}%" y1="{2}" y2="{2}"></line>'
        '<text x="{3}%" y="{4}" text-anchor="end">{5}</text>',
        ((LEFT, RIGHT, down(value), LEFT - 1, down(value) + 4, name) for value, name in ticks),
    )
    step = max(1, -(-widest // 8))
    below = format_html_join(
        "",
        '<text x="{}%" y="{}" text-anchor="middle">{}</text>',
        ((across(place), TOP + TALL + 20, feet[place]) for place in range(0, widest + 1, step)),
    )
    drawn = format_html_join(
        "",
        '<g class="curve curve-{}">{}{}</g>',
        (
            (
                min(len(rows) - at, 6),
                format_html_join(
                    "",
                    '<line class="path" x1="{}%" y1="{}" x2="{}%" y2="{}"></line>',
                    ((across(a), down(x), across(b), down(y)) for (a, x), (b, y) in pairwise(row.values)),
                ),
                format_html_join(
                    "", '<circle class="dot" cx="{}%" cy="{}" r="3"></circle>',
                    ((across(place), down(value)) for place, value in row.values),
                ),
            )
            for at, row in enumerate(rows)
        ),
    )  # fmt: skip
    ends = _apart([(down(row.values[-1][1]) + 4, across(row.values[-1][0]), row.name) for row in rows])
    names = format_html_join("", '<text class="n" x="{}%" dx="7" y="{}">{}</text>', ends)
    return _svg(told, TOP + TALL + FOOT, format_html("{}{}{}{}", grid, below, drawn, names))


def _apart(names: list[tuple[int, str, str]], least: int = 15) -> list[tuple[str, int, str]]:
    """Where each name stands, moved up so that none covers another."""
    found: list[tuple[str, int, str]] = []
    for y, x, name in sorted(names, reverse=True):
        found.append((x, min(y, found[-1][1] - least) if found else y, name))
    return found


class Part(NamedTuple):
    """One part of a stacked bar: its class, how many, and what it is called."""

    kind: str
    number: int
    name: str


def stacks(told: Told, rows: Sequence[tuple[str, Sequence[Part]]]) -> SafeString:
    """One bar a row, each as wide as its share of the longest, in parts with their numbers."""
    longest = max((sum(part.number for part in parts) for _, parts in rows), default=1) or 1
    drawn = format_html_join("", "{}", ((_stack(at, *row, longest),) for at, row in enumerate(rows)))
    return _svg(told, max(len(rows), 1) * ROW, drawn)


def _stack(at: int, name: str, parts: Sequence[Part], longest: int) -> SafeString:
    top, begun, drawn = at * ROW, 0, []
    for part in parts:
        if part.number:
            drawn.append(
                (part.kind, f"{begun * 96 / longest:.2f}", top + 20, f"{part.number * 96 / longest:.2f}")
            )
            begun += part.number
    words = ", ".join(f"{part.name} {part.number:,}" for part in parts if part.number)
    return format_html(
        '<text class="n" x="0" y="{0}">{1}</text><text x="100%" y="{0}" text-anchor="end">{2}</text>{3}',
        top + 13,
        name,
        words,
        format_html_join("", '<rect class="{}" x="{}%" y="{}" width="{}%" height="16"></rect>', drawn),
    )


def _svg(told: Told, height: int, body: SafeString) -> SafeString:
    return format_html(
        '<svg class="chart plot" width="100%" height="{0}" role="img" aria-labelledby="{1}-t {1}-d" '
        'focusable="false"><title id="{1}-t">{2}</title><desc id="{1}-d">{3}</desc>{4}</svg>',
        height,
        told.name,
        told.title,
        told.says,
        body,
    )
