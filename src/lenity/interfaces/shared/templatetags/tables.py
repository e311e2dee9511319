"""The one table of staff's pages: its cells carry their column's name, so that a narrow screen can stack its rows.

    {% table _("Stops") %}{% columns %}{% column _("When") %}{% column _("Times") "num" %}{% endcolumns %}
    {% for one in rows %}{% row %}{% cell %}{{ one.at }}{% endcell %}{% cell %}{{ one.times }}{% endcell %}
    {% endrow %}{% endfor %}{% endtable %}

Roles are said again, because a table whose rows are blocks is none to some browsers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()
STATE = "lenity table"
SLIM = 3
"""A table of so few columns fits a narrow screen as it is."""


@dataclass(frozen=True)
class _Column:
    """A column's name and its kind: `num` stands to the right, `unseen` is told and not shown."""

    name: str
    kind: str


@dataclass
class _Table:
    """The columns of the table that is being written, and the one that the next cell stands in."""

    columns: list[_Column] = field(default_factory=list)
    at: int = 0


def _state(context: Any) -> _Table:
    """The table of this rendering."""
    state: _Table = context.render_context.setdefault(STATE, _Table())
    return state


@register.simple_tag(takes_context=True)
def column(context: Any, name: str, kind: str = "") -> SafeString:
    """A column: of numbers with `num`, of buttons with `unseen`."""
    _state(context).columns.append(_Column(name, kind))
    shown = format_html('<span class="visually-hidden">{}</span>', name) if kind == "unseen" else name
    return format_html(
        '<th role="columnheader" scope="col"{}>{}</th>', _class("num" * (kind == "num")), shown
    )


@register.simple_block_tag
def columns(content: str) -> SafeString:
    """The head of the table."""
    return format_html(
        '<thead role="rowgroup"><tr role="row">{}</tr></thead><tbody role="rowgroup">', content
    )


@register.simple_block_tag(takes_context=True)
def table(context: Any, content: str, caption: str, kind: str = "") -> SafeString:
    """A table with its caption; one of many columns stacks on a narrow screen, one of another kind is moved."""
    state, context.render_context[STATE] = _state(context), _Table()
    shape = kind or ("slim" if len(state.columns) <= SLIM else "stacks")
    return format_html(
        '<div class="scroll" tabindex="0" role="region" aria-label="{}"><table class="dense {}" role="table">'
        '<caption class="visually-hidden">{}</caption>{}</tbody></table></div>',
        caption,
        shape,
        caption,
        content,
    )


@register.simple_block_tag(takes_context=True)
def row(context: Any, content: str) -> SafeString:
    """One row; the next one begins at the first column again."""
    _state(context).at = 0
    return format_html('<tr role="row">{}</tr>', content)


@register.simple_block_tag(takes_context=True)
def cell(context: Any, content: str, kind: str = "", *, span: int = 1, lang: str | None = None) -> SafeString:
    """A cell with the name of its column; one that spans several has none."""
    return _cell(context, content, kind, span, lang, tag="td", role="cell")


@register.simple_block_tag(takes_context=True)
def name(context: Any, content: str, kind: str = "") -> SafeString:
    """The cell that names its row."""
    return _cell(context, content, kind, 1, None, tag="th", role="rowheader")


def _cell(
    context: Any, content: str, kind: str, span: int, lang: str | None, *, tag: str, role: str
) -> SafeString:
    state = _state(context)
    column = state.columns[state.at] if span == 1 else _Column("", "")
    state.at += span
    numbers = column.kind == "num" and not kind.startswith("num")
    return format_html(
        '<{0} role="{1}" data-label="{2}"{3}{4}{5}{6}><div>{7}</div></{0}>',
        tag,
        role,
        column.name,
        SafeString(' scope="row"') if tag == "th" else "",
        _class(f"num {kind}".strip() if numbers else kind),
        format_html(' colspan="{}"', span) if span > 1 else "",
        format_html(' lang="{}"', lang) if lang is not None else "",
        content,
    )


def _class(words: str) -> str:
    return format_html(' class="{}"', words) if words else ""
