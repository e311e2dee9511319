"""Charts as SVG made on the server; each has its table beside it on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

ROW, LONGEST = 44, 84
"""Pixels a row, and per cent of the width that the longest bar takes: the rest is for its number."""


def bars(rows: Sequence[Mapping[str, Any]]) -> SafeString:
    """Horizontal bars, one for each row's `number`, named by `provision`, coloured by `verdict`.

    The name stands above its bar and lengths are parts of the width, so that words keep their size on a
    phone and on a wide screen.
    """
    most = max((int(row["number"]) for row in rows), default=1) or 1
    drawn = format_html_join(
        "",
        '<text x="0" y="{}">{}</text><rect class="{}" x="0" y="{}" width="{}%" height="14" rx="2"></rect>'
        '<text class="n" x="{}%" dx="8" y="{}">{}</text>',
        (
            (
                at * ROW + 14,
                row["provision"],
                row["verdict"],
                at * ROW + 20,
                share,
                share,
                at * ROW + 32,
                f"{row['number']:,}",
            )
            for at, row in enumerate(rows)
            for share in (max(int(row["number"]) * LONGEST // most, 1),)
        ),
    )
    height = max(len(rows), 1) * ROW
    return format_html(
        '<svg class="chart" width="100%" height="{}" aria-hidden="true" focusable="false">{}</svg>',
        height,
        drawn,
    )
