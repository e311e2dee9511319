"""A signed agreement as a PDF: dates and amounts, the month that judged it, both signatures, the proof."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

from lenity.interfaces.shared.statement_pdf import FONT, Page, font_file
from lenity.interfaces.shared.templatetags.lenity import amount, day, instant, word
from lenity.records.arrangements.queries import AgreementView


def render(one: AgreementView, *, name: str, lender: str, receipt: dict[str, Any]) -> bytes:
    """The PDF's bytes, A4; `receipt` proves that the signing stands in the evidence log, once it is sealed."""
    text, currency = one.text, one.text["currency"]
    page = Page("{page}")
    page.add_font(FONT, "", str(font_file()))
    page.set_title(word("title", "agreement"))
    page.set_author(lender)
    page.set_lang("zh-Hans" if get_language() == "zh-hans" else "en")
    page.set_auto_page_break(True, margin=18)
    page.add_page()
    page.heading(word("title", "agreement"), lender)
    page.pairs(
        (
            (word("between", "agreement"), f"{name}; {lender}"),
            (word("account", "agreement"), text["account_ending"]),
            (word("signed_on", "agreement"), instant(one.signed_at)),
            (word("in_all", "agreement"), amount(text["total_minor"], currency)),
        )
    )
    page.section(word("new", "agreement"))
    page.pairs(tuple((day(on), amount(minor, currency)) for on, minor in one.rows))
    page.section(word("before", "agreement"))
    page.pairs(tuple((day(on), amount(minor, currency)) for on, minor in one.old_rows))
    if one.month:
        page.section(word("month", "agreement"))
        page.pairs(tuple((label, amount(minor, currency)) for label, minor in floor(one)))
    page.section(word("signatures", "agreement"))
    page.pairs(tuple(_signatures(one, name, lender)))
    page.section(word("proof", "agreement"))
    for line in _proof(one, receipt):
        page.small(line)
    return bytes(page.output())


def floor(one: AgreementView) -> list[tuple[str, int]]:
    """How the household's month judged the plan, line by line."""
    if one.month is None:
        return []
    judged = one.text["floor"]
    return [
        (word("income", "agreement"), one.month.income_minor),
        (word("kept", "agreement"), -one.month.kept_minor),
        (word("debts", "agreement"), -one.month.debts_minor),
        (word("others", "agreement"), -judged["others_minor"]),
        (word("heaviest", "agreement"), -judged["heaviest_minor"]),
        (word("left", "agreement"), one.left_minor),
    ]


def _signatures(one: AgreementView, name: str, lender: str) -> list[tuple[str, str]]:
    by_code = word("by_code", "agreement")
    found = [(name, f"{by_code}, {instant(one.signed_at)}")]
    if one.signature:
        found.append((lender, f"Ed25519 {one.signature}"))
    return found


def _proof(one: AgreementView, receipt: dict[str, Any]) -> list[str]:
    lines = [f"{word('digest', 'agreement')} (SHA-256): {one.digest}"]
    if one.public_key:
        lines.append(f"{word('key', 'agreement')}: {one.public_key}")
    if receipt:
        lines.append(f"{word('place', 'agreement')}: {receipt['position']}")
        lines.append(f"{word('head', 'agreement')}: {receipt['checkpoint']['root']}")
    else:
        lines.append(word("later", "agreement"))
    return lines
