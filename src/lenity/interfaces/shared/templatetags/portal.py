"""What a borrower's page asks of her place: whom she can turn to, and the address behind a number."""

from __future__ import annotations

import re
from typing import Any

from django import template

from lenity.interfaces.shared import places, reasons
from lenity.law.reader import Provision

register = template.Library()


@register.simple_tag(takes_context=True)
def turn_to(context: dict[str, Any]) -> places.Lines:
    """The lines of the reader's place."""
    return places.turn_to(places.of(context["request"]))


@register.filter
def cited(provision: Provision) -> str:
    """Where a provision stands, as a person looks it up."""
    return reasons.cited(provision.instrument, provision.article, provision.force)


@register.filter
def holds_code(problems: dict[str, str], kind: str) -> bool:
    """Whether the code of a kind of point is among the problems."""
    return f"code-{kind}" in problems


@register.filter
def line_address(number: str) -> str:
    """What a press on a line opens: the telephone, or the page."""
    if re.search("[a-z]", number):
        return f"https://{number}"
    return "tel:" + re.sub(r"[^0-9+]", "", number)
