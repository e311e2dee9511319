"""What every page of staff has: its navigation, and tables that become stacked rows on a narrow screen."""

from __future__ import annotations

import re
from typing import Any

from django import template
from django.template.base import NodeList, Parser, Token
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from lenity.interfaces.shared import staff_menu

register = template.Library()
TABLE = re.compile(r'<table class="dense">(.*?)</table>', re.DOTALL)
HEADING = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
CELL = re.compile(r"<(td|th)\b([^>]*)>(.*?)</\1>", re.DOTALL)
SPAN = re.compile(r'colspan="(\d+)"')
SLIM = 3
"""A table of so few columns fits a narrow screen as it is."""


@register.simple_tag(takes_context=True)
def staff_groups(context: dict[str, Any]) -> list[staff_menu.Group]:
    """The groups of pages of whoever is signed in."""
    return staff_menu.of(context["request"].user.roles)


@register.filter
def holds(group: staff_menu.Group, tab: str) -> bool:
    """Whether a group has the page that is open."""
    return group.holds(tab)


@register.tag
def stacked(parser: Parser, token: Token) -> _Stacked:
    """Give each cell of the tables inside its column's name, so that a narrow screen can stack them."""
    nodelist = parser.parse(("endstacked",))
    parser.delete_first_token()
    return _Stacked(nodelist)


class _Stacked(template.Node):
    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: template.Context) -> SafeString:
        return SafeString(TABLE.sub(_table, self.nodelist.render(context)))


def _table(found: re.Match[str]) -> str:
    """One table. The roles are said again, because a stacked table loses them in some browsers."""
    head, thead, body = found[1].partition("</thead>")
    names = [strip_tags(one).strip().replace('"', "&quot;") for one in HEADING.findall(head)]
    if len(names) <= SLIM:
        return f'<table class="dense slim">{found[1]}</table>'
    head = head.replace("<thead>", '<thead role="rowgroup">').replace("<tr", '<tr role="row"')
    head = head.replace('<th scope="col"', '<th role="columnheader" scope="col"')
    rows = [_row(one, names) for one in body.split("</tr>")]
    body = "</tr>".join(rows).replace("<tbody>", '<tbody role="rowgroup">')
    return f'<table class="dense stacks" role="table">{head}{thead}{body}</table>'


def _row(row: str, names: list[str]) -> str:
    at = 0

    def cell(found: re.Match[str]) -> str:
        nonlocal at
        tag, attributes, content = found.groups()
        span = SPAN.search(attributes)
        name = names[at] if at < len(names) and not span else ""
        at += int(span[1]) if span else 1
        role = "rowheader" if tag == "th" else "cell"
        return f'<{tag} role="{role}" data-label="{name}"{attributes}><div>{content}</div></{tag}>'

    return CELL.sub(cell, row).replace("<tr", '<tr role="row"')
