"""What every page of staff has: its navigation."""

from __future__ import annotations

from typing import Any

from django import template

from lenity.interfaces.shared import staff_menu

register = template.Library()


@register.simple_tag(takes_context=True)
def staff_groups(context: dict[str, Any]) -> list[staff_menu.Group]:
    """The groups of pages of whoever is signed in."""
    return staff_menu.of(context["request"].user.roles)


@register.filter
def holds(group: staff_menu.Group, tab: str) -> bool:
    """Whether a group has the page that is open."""
    return group.holds(tab)
