"""Charts as SVG made on the server; each has its table beside it on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

ROW, LABEL, WIDTH, NUMBER = 30, 190, 640, 60


def bars(rows: Sequence[Mapping[str, Any]]) -> SafeString:
    """Horizontal bars, one for each row's `number`, named by `provision`, coloured by `verdict`."""
    most = max((int(row["number"]) for row in rows), default=1)
    room = WIDTH - LABEL - NUMBER
    drawn = format_html_join(
        "",
        '<text x="0" y="{}">{}</text><rect class="{}" x="{}" y="{}" width="{}" height="16" rx="2"></rect>'
        '<text class="n" x="{}" y="{}">{}</text>',
        (
            (
                at * ROW + 19,
                row["provision"],
                row["verdict"],
                LABEL,
                at * ROW + 6,
                max(int(row["number"]) * room // most, 2),
                LABEL + max(int(row["number"]) * room // most, 2) + 8,
                at * ROW + 19,
                f"{row['number']:,}",
            )
            for at, row in enumerate(rows)
        ),
    )
    height = max(len(rows), 1) * ROW + 6
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-hidden="true">{}</svg>', WIDTH, height, drawn
    )
