"""The parts of an evidence pack with numbers: what is owed and was paid, and the limits that were kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from lenity.domain.servicing.texts import exact_text
from lenity.interfaces.shared.evidence_page import Page
from lenity.interfaces.shared.evidence_tables import Record
from lenity.interfaces.shared.evidence_words import Words
from lenity.interfaces.shared.statement_pdf import MUTED


@dataclass(frozen=True)
class Paper:
    """What is put on paper, and for whom."""

    record: Record
    words: Words
    lender: str
    digest: str
    counted: Mapping[str, int]
    place_name: str
    files: tuple[str, ...]


def amounts(page: Page, paper: Paper) -> None:
    """What is asked, paid and open on each loan, its payments and what else happened to it."""
    words, record = paper.words, paper.record
    page.section(words["amounts"], words["amounts_says"].format(day=words.day(record["on_date"])), room=115)
    if not record["loans"]:
        page.paragraph(words["none"])
    for loan in record["loans"]:
        _loan(page, loan, words)


def _loan(page: Page, loan: Mapping[str, Any], words: Words) -> None:
    currency = loan["currency"]
    page.room_for(85)
    page.small_head(named(loan, words))
    if loan["yearly_rate"]:
        rate = f"{exact_text(Fraction(loan['yearly_rate']) * 100)} %"
        page.paragraph(f"{words['rate']} {rate}", size=8, colour=MUTED)
    names = ("asked_minor", "paid_minor", "open_minor", "overdue_minor")
    rows = [
        (words.of("component_name", row["component"]), *(words.amount(row[name], currency) for name in names))
        for row in loan["amounts"]
    ]
    sums = (sum(row[name] for row in loan["amounts"]) for name in names)
    rows.append((words["in_all"], *(words.amount(total, currency) for total in sums)))
    head = tuple(words[one] for one in ("component", "asked", "paid", "left", "overdue"))
    page.grid(head, rows, (38, 34, 34, 34, 34), (1, 2, 3, 4))
    page.paragraph(f"{words['days_late']}: {loan['days_past_due']}", size=8, colour=MUTED)
    paid = [_payment(one, currency, words) for one in loan["payments"]]
    if paid:
        page.small_head(words["payments"])
        page.grid((words["day"], words["amount"], words["split"]), paid, (36, 36, 102), (1,))
    else:
        page.paragraph(words["no_payments"], size=8, colour=MUTED)
    if loan["events"]:
        page.small_head(words["events"])
        page.grid((words["day"], words["what"], words["amount"]), _events(loan, words), (36, 98, 40), (2,))


def _payment(one: Mapping[str, Any], currency: str, words: Words) -> tuple[str, str, str]:
    split = ", ".join(
        f"{words.of('component_name', name)} {words.amount(minor, currency)}"
        for name, minor in one["split"].items()
    )
    minor = -one["amount_minor"] if one["reverses"] else one["amount_minor"]
    return (
        words.day(one["value_date"]),
        words.amount(minor, currency),
        words["reversed"] if one["reverses"] else split,
    )


def _events(loan: Mapping[str, Any], words: Words) -> list[tuple[str, str, str]]:
    return [
        (
            words.day(one["on"]),
            " ".join(
                filter(
                    None,
                    (
                        words.of("event", one["kind"]),
                        words.of("component_name", one["component"]),
                        words["undone"] if one["undoes"] else "",
                    ),
                )
            ),
            words.amount(one["amount_minor"], loan["currency"]) if one["amount_minor"] else "",
        )
        for one in loan["events"]
    ]


def limits(page: Page, paper: Paper) -> None:
    """Each limit, how much of it was used at most, and how many attempts it stopped."""
    words = paper.words
    page.section(words["limits"], words["limits_says"])
    rows = []
    for one in paper.record["limits"]:
        used = str(one["most_used"]) if not one["earliest"] else f"{one['earliest']} – {one['latest']}"
        rows.append(
            (
                f"{one['says'][words.half]}\n{one['id']}",
                "–" if one["at_most"] is None else str(one["at_most"]),
                used + (f"\n{one['when']}" if one["when"] else ""),
                str(one["stopped"]),
                words["yes" if one["holds"] else "no"],
            )
        )
    head = tuple(words[one] for one in ("limit", "at_most", "most_used", "stopped_by", "held"))
    page.rows_or(words["none"], head, rows, (84, 16, 40, 20, 14), (1, 3))


def named(loan: Mapping[str, Any], words: Words) -> str:
    """A loan by its account, what it is and since when."""
    return f"{loan['account']}  {words.of('product_name', loan['product'])}, {words['opened']} {loan['opened_on']}"
