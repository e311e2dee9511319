"""Amounts, days, instants and words as the reader writes them (Babel's CLDR data)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.numbers import format_decimal, format_percent, get_currency_symbol
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from lenity.base.money import Money
from lenity.interfaces.shared import (
    bank_words,
    book_words,
    icons,
    portal_words,
    risk_words,
    staff_menu,
    staff_words,
)
from lenity.interfaces.shared.conventions import HOME_CLOCKS, ZONE, amount_in, day_in, locale_name
from lenity.records.lending import change_queries

register = template.Library()
CHANNELS = {
    "sms": "text message",
    "email": "e-mail",
    "call": "call",
    "letter": "letter",
    "visit": "visit",
    "im": "instant message",
}
PURPOSES = {
    "collection": "reminder",
    "negative_report_notice": "notice before a report to the credit bureau",
    "sign_in": "one-time code",
    "locate": "search for a new address",
    "receipt": "receipt",
    "plan_copy": "copy of an agreement",
    "plan_offer": "offer of a new plan",
}
VERDICTS = {"allowed": "allowed", "deferred": "put off", "refused": "not allowed"}
LIGHTS = {"open": "open", "later": "later", "closed": "closed"}
STAGES = {
    "CURRENT": "current",
    "EARLY": "1-30 days past due",
    "MIDDLE": "31-60 days past due",
    "LATE": "61-90 days past due",
    "SERIOUS": "more than 90 days past due",
}
DELIVERIES = {
    "delivered": "delivered",
    "undelivered": "not delivered",
    "expired": "not delivered in time",
    "rejected": "rejected by the network",
    "handed": "handed over",
    "queued": "waiting to be sent",
    "leased": "being sent",
    "unknown": "it is not known whether it arrived",
    "cancelled": "stopped before it left",
    "refused": "refused by the network",
    "accepted": "taken by the network",
}
PLANS = {
    "catch_up": "Catch up with the next payments",
    "half_rate": "Half the interest",
    "half_year": "Six payments",
    "one_year": "Twelve payments",
    "two_years": "Twenty-four payments",
}
CONCERNS = {
    "not_mine": "This debt is not mine",
    "identity_theft": "Somebody borrowed in my name",
    "already_paid": "I have paid already",
    "wrong_amount": "The amount is wrong",
    "how_contacted": "How I was contacted",
    "unlisted_contact": "A contact that is not in the log",
    "other_complaint": "Another complaint",
    "cannot_pay": "I cannot pay at the moment",
}
ANSWERS = {
    "upheld": "you are right",
    "partly_upheld": "you are partly right",
    "not_upheld": "we see it differently",
}
SUSPENSE = {
    "no_loan_named": "no loan named",
    "several_loans_named": "several loans named",
    "other_currency": "another currency",
    "value_date": "value date",
    "money_out": "money out",
    "reversal": "reversed by the bank",
    "perhaps_double": "perhaps told by another file",
}
OWN = {
    "answer": ANSWERS,
    "suspense": SUSPENSE,
    "concern": CONCERNS,
    "plan": PLANS,
    "channel": CHANNELS,
    "purpose": PURPOSES,
    "verdict": VERDICTS,
    "light": LIGHTS,
    "stage": STAGES,
    "delivery": DELIVERIES,
}
LISTS = (
    portal_words.WORDS,
    staff_words.WORDS,
    risk_words.WORDS,
    staff_menu.WORDS,
    book_words.WORDS,
    bank_words.WORDS,
    OWN,
)
WORDS = {kind: words for one in LISTS for kind, words in one.items()}


@register.filter
def amount(minor: int, currency: str) -> str:
    """An amount in the reader's conventions."""
    return amount_in(minor, currency, locale_name())


@register.filter
def plain_amount(minor: int, currency: str) -> str:
    """An amount as it is typed into a field."""
    return Money(minor, currency).decimal_text()


@register.filter
def at(values: dict[str, str], key: str) -> str:
    """The entry of a dictionary under a key that is itself a value."""
    return values.get(key, "")


@register.filter
def amount_block(minor: int, currency: str) -> SafeString:
    """The large amount of a page, its currency sign set smaller."""
    text = Money(minor, currency).decimal_text()
    sign = get_currency_symbol(currency, locale=locale_name())
    number = format_decimal(text, format="#,##0.00", locale=locale_name(), decimal_quantization=False)
    return format_html('<span class="unit">{}</span>{}', sign, number)


@register.filter
def day(value: date | str | None) -> str:
    """A day in the reader's conventions, from a date or from its ISO text."""
    if isinstance(value, str) and value:
        value = date.fromisoformat(value)
    return day_in(value, locale_name()) if value else ""


@register.filter
def instant(value: datetime | None, zone: str = "") -> str:
    """An instant on the wall clock of `zone`, or the page's; one that is not home's is named."""
    if value is None:
        return ""
    zone = zone or ZONE.get()
    pattern = "y年M月d日 HH:mm" if locale_name().startswith("zh") else "MMM d, y, HH:mm"
    pattern += "" if zone in HOME_CLOCKS else " z"
    return str(format_datetime(value, pattern, tzinfo=ZoneInfo(zone), locale=locale_name()))


@register.filter
def clock_time(value: datetime | None, zone: str = "") -> str:
    """The day and time at which something opens, short."""
    if value is None:
        return ""
    zone = zone or ZONE.get()
    return str(format_datetime(value, "MM-dd HH:mm", tzinfo=ZoneInfo(zone), locale=locale_name()))


@register.filter
def percent(share: Fraction | None) -> str:
    """A rate in per cent."""
    return "" if share is None else f"{change_queries.percent(share)} %"


@register.filter
def clock_seconds(value: datetime, zone: str = "") -> str:
    """A time of day to the second."""
    return value.astimezone(ZoneInfo(zone or ZONE.get())).strftime("%H:%M:%S")


@register.simple_tag
def icon(name: str) -> SafeString:
    """A sign beside words that say the same; it is silent to a screen reader."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>', icons.PATHS[name]
    )


@register.simple_tag
def disc(name: str, kind: str = "") -> SafeString:
    """A sign on a round ground, before an entry of a list or an answer."""
    return format_html('<span class="disc {}">{}</span>', kind, icon(name))


@register.filter
def word(code: str, kind: str) -> str:
    """A code of ours in the reader's words."""
    return gettext(WORDS[kind].get(code, code))


@register.filter
def said(both: dict[str, str] | str, default: str = "") -> str:
    """The reader's half of a text that is kept in both languages; a text that is kept in one, as it is."""
    if isinstance(both, str):
        return both or default
    return both.get("zh" if locale_name().startswith("zh") else "en", default)


@register.filter
def count(number: int) -> str:
    """A whole number with the reader's grouping."""
    return str(format_decimal(number, locale=locale_name()))


@register.filter
def share(ppm: int | str | None) -> str:
    """Parts per million as a percentage with one decimal, a dash where there is none."""
    if ppm is None or ppm == "":
        return "–"
    return str(format_percent(Decimal(ppm) / 1_000_000, format="#,##0.0%", locale=locale_name()))


@register.filter
def index(ppm: int | None) -> str:
    """Parts per million as a number with three decimals, a dash where there is none."""
    return "–" if ppm is None else str(format_decimal(Decimal(ppm) / 1_000_000, "0.000", locale_name()))
