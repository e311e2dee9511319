"""The tables of an evidence pack: the same rows on paper and as CSV, from the record that is handed out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from lenity.base.money import Money
from lenity.interfaces.shared import csv_file
from lenity.interfaces.shared.evidence_words import Words

Record = Mapping[str, Any]
DONE = ("conversation", "refused_by_person", "wrong_person")
"""Outcomes in which somebody was spoken with."""


class Table(NamedTuple):
    """Headings, and rows of text."""

    head: tuple[str, ...]
    rows: list[tuple[str, ...]]


def as_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """With the mark by which a spreadsheet reads it as UTF-8; nothing in it is run."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([csv_file.cell(value) for value in row] for row in rows)
    return "\ufeff" + text.getvalue()


def files(record: Record, words: Words) -> dict[str, str]:
    """The CSV files of a pack. Codes are as in evidence.json, so that they can be counted."""
    return {
        "contacts.csv": as_csv(CONTACTS, [_contact_row(one, words) for one in record["contacts"]]),
        "limits.csv": as_csv(LIMITS, [[one[name] for name in LIMITS] for one in record["limits"]]),
        "amounts.csv": as_csv(AMOUNTS, _amount_rows(record)),
        "payments.csv": as_csv(PAYMENTS, _payment_rows(record)),
        "concerns.csv": as_csv(CONCERNS, [[one[name] for name in CONCERNS] for one in record["concerns"]]),
    }


CONTACTS = (
    *("number", "contact", "code", "at_utc", "at_local", "channel", "purpose", "verdict", "to", "made_by"),
    *("staff_number", "agency", "provision", "instrument", "article", "says", "earliest_utc"),
    *("state", "handed_utc", "outcome", "subject", "body", "place_in_log"),
)
LIMITS = ("id", "at_most", "most_used", "when", "earliest", "latest", "stopped", "holds")
AMOUNTS = ("loan", "account", "currency", "component", "asked", "paid", "open", "overdue")
PAYMENTS = ("loan", "payment", "value_date", "received_utc", "currency", "amount", "reverses", "went_to")
CONCERNS = ("id", "about", "opened_at", "answer_by", "answered_at", "answer", "in_time")


def leading(one: Mapping[str, Any]) -> Mapping[str, Any]:
    """The provision that decided a contact."""
    provisions: list[Mapping[str, Any]] = one["certificate"].get("provisions", [])
    none = {"id": one["leading"], "instrument": {}, "article": "", "says": {}}
    return next((found for found in provisions if found["id"] == one["leading"]), none)


def delivery(message: Mapping[str, Any]) -> str:
    """What became of a message: the newest word of the network, else our own."""
    receipts = message.get("receipts") or [{}]
    return str(receipts[-1].get("state") or message.get("state", ""))


def _contact_row(one: Mapping[str, Any], words: Words) -> list[object]:
    message, by, found = one["message"], one["by"], leading(one)
    return [
        one["number"],
        one["id"],
        one["code"],
        one["at"],
        words.short(one["at"]),
        one["channel"],
        one["purpose"],
        one["verdict"],
        one["to"],
        by["name"] or by["kind"],
        by["staff_number"],
        by["agency"],
        found["id"],
        found["instrument"].get(words.half, ""),
        found["article"],
        found["says"].get(words.half, ""),
        one["earliest"],
        delivery(message),
        message.get("handed_at", ""),
        " ".join(outcome["outcome"] for outcome in one["outcomes"]),
        message.get("subject", ""),
        message.get("body", ""),
        "" if one.get("position") is None else one["position"],
    ]


def _amount_rows(record: Record) -> list[list[object]]:
    return [
        [
            loan["id"],
            loan["account"],
            loan["currency"],
            row["component"],
            *(
                Money(row[f"{name}_minor"], loan["currency"]).decimal_text()
                for name in ("asked", "paid", "open", "overdue")
            ),
        ]
        for loan in record["loans"]
        for row in loan["amounts"]
    ]


def _payment_rows(record: Record) -> list[list[object]]:
    return [
        [
            loan["id"],
            one["id"],
            one["value_date"],
            one["received_at"],
            loan["currency"],
            Money(one["amount_minor"], loan["currency"]).decimal_text(),
            one["reverses"],
            "; ".join(
                f"{name} {Money(minor, loan['currency']).decimal_text()}"
                for name, minor in one["split"].items()
            ),
        ]
        for loan in record["loans"]
        for one in loan["payments"]
    ]


def glance(record: Record, words: Words, receipts: int) -> list[tuple[str, str]]:
    """The numbers of a record that a reader looks for first."""
    contacts = record["contacts"]
    counted = {name: sum(one["verdict"] == name for one in contacts) for name in VERDICTS}
    told = ", ".join(f"{words.of('glance_row', name)} {number}" for name, number in counted.items())
    allowed = [one for one in contacts if one["verdict"] == "allowed"]
    times = sorted(f"{local:%H:%M}" for one in allowed if (local := words.local(one["at"])))
    counts = [one for one in record["limits"] if one["at_most"] is not None]
    late = sum(not one["in_time"] for one in record["concerns"])
    talks = sum(any(found["outcome"] in DONE for found in one["outcomes"]) for one in contacts)
    rows = [
        ("contacts", f"{len(contacts)} ({told})"),
        ("conversations", str(talks)),
        ("week", str(_busiest_week(allowed, words))),
        ("hours", f"{times[0]} – {times[-1]}" if times else "–"),
        ("limits", words["yes" if all(one["holds"] for one in counts) else "no"] if counts else "–"),
        ("concerns", f"{len(record['concerns'])} ({late})"),
        *(
            ("owed", f"{words.amount(owed, currency)} ({words.amount(overdue, currency)})")
            for currency, (owed, overdue) in _totals(record).items()
        ),
        ("sealed", str(receipts)),
    ]
    return [(words.of("glance_row", name), text) for name, text in rows]


VERDICTS = ("allowed", "deferred", "refused")


def _busiest_week(allowed: Sequence[Mapping[str, Any]], words: Words) -> int:
    """The most collection contacts in seven days that follow each other, by the borrower's calendar."""
    days = sorted(
        local.date().toordinal()
        for one in allowed
        if one["purpose"] == "collection" and (local := words.local(one["at"]))
    )
    return max((sum(first <= day < first + 7 for day in days) for first in days), default=0)


def _totals(record: Record) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for loan in record["loans"]:
        owed, overdue = found.get(loan["currency"], (0, 0))
        found[loan["currency"]] = owed + loan["owed_minor"], overdue + loan["overdue_minor"]
    return found
