"""What the pages' templates need: amounts, days, instants and rates as the reader writes them; names; icons."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from lenity.base.money import Money
from lenity.interfaces.shared import formats, icons

register = template.Library()

STAFF_TABS = (
    ("queue", "workbench:queue", ("collector",)),
    ("compliance", "backoffice:compliance", ("compliance", "risk", "operations")),
)


@register.filter
def amount(money: Money | None) -> str:
    """An amount with its sign and grouping: ¥1,234.56."""
    return formats.amount(money) if money is not None else ""


@register.filter
def day(value: date | None) -> str:
    """A day in full: 2026年11月24日, November 24, 2026."""
    return formats.day(value, get_language()) if value is not None else ""


@register.filter
def instant(value: datetime | None, zone: str = "UTC") -> str:
    """A day and a time on the clocks of `zone`."""
    return formats.instant(value, zone, get_language()) if value is not None else ""


@register.filter
def clock(value: datetime | None, zone: str = "UTC") -> str:
    """A time on the clocks of `zone`."""
    return formats.clock(value, zone, get_language()) if value is not None else ""


@register.filter
def iso(value: date | datetime) -> str:
    """The machine's form, for `<time datetime>`."""
    return value.isoformat()


@register.filter
def percent(rate_ppm: int) -> str:
    """A rate of parts per million in per cent."""
    return formats.percent(rate_ppm, get_language())


@register.filter
def whole(number: int) -> str:
    """A whole number with grouping."""
    return formats.whole(number, get_language())


@register.filter
def said(texts: Any) -> str:
    """The reader's language of a text that is kept as `{zh, en}`."""
    if not texts:
        return ""
    chinese = (get_language() or "zh").startswith("zh")
    return str(texts.get("zh" if chinese else "en", ""))


@register.filter
def html_lang(code: str | None) -> str:
    """The BCP 47 tag of a language code."""
    return "zh-Hans" if (code or "zh").startswith("zh") else "en"


@register.simple_tag
def figure(money: Money) -> SafeString:
    """An amount with its currency sign and cents set smaller; read out as one amount."""
    sign, body, cents = formats.parts(money)
    return format_html(
        '<span class="sign">{}</span>{}<span class="cents">{}</span>', sign, body, cents
    )


@register.simple_tag
def lender_name() -> str:
    """The lender's name in the reader's language."""
    names: dict[str, str] = settings.LENITY_LENDER_NAMES
    return names["en" if get_language() == "en" else "zh-hans"]


@register.simple_tag
def lender_mail() -> str:
    """The lender's mail address for borrowers."""
    return str(settings.LENITY_SENDERS["email"])


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing from `icons`, hidden from readers of the page by ear."""
    return icons.svg(name)


@register.simple_tag
def spoken_icon(name: str, words: str) -> SafeString:
    """A drawing that stands alone and so has words."""
    return icons.svg(name, words)


@register.simple_tag(takes_context=True)
def current(context: Context, place: str) -> SafeString:
    """`aria-current` when the page lies in `place`."""
    return mark_safe(' aria-current="page"' if context.get("place") == place else "")


@register.simple_tag(takes_context=True)
def staff_tabs(context: Context) -> SafeString:
    """The tabs that the signed-in member of staff may open."""
    user = getattr(context.get("request"), "user", None)
    if user is None or not user.is_authenticated:
        return mark_safe("")
    words = {"queue": gettext("Queue"), "compliance": gettext("Compliance")}
    shown = []
    for place, name, roles in STAFF_TABS:
        if set(roles) & set(user.roles):
            try:
                address = reverse(name)
            except NoReverseMatch:
                continue
            here = mark_safe(' aria-current="page"' if context.get("place") == place else "")
            shown.append(format_html('<a href="{}"{}>{}</a>', address, here, words[place]))
    return mark_safe("".join(shown))
