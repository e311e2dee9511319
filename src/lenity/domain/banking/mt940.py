"""SWIFT MT940: the customer statement message, read by the mt-940 library and checked for loss.

The library leaves the sign of a reversed credit (RC) as that of a credit, so signs are taken from the mark.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import mt940 as library

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.banking import statement
from lenity.domain.banking.statement import Entry, Statement

LINE = re.compile(r"^:61:", re.MULTILINE)
START = re.compile(r"^:20:", re.MULTILINE)
SUBFIELD = re.compile(r"(?:\?\d\d|(?:EREF|KREF|MREF|SVWZ|ABWA|IBAN|BIC)[+:])")
END_TO_END = re.compile(r"EREF[+:]\s*([^?\s]{1,35})")


def read(raw: bytes) -> tuple[Statement, ...]:
    """The statements of a file. Raises `InputRefused` with what is wrong."""
    text = _text(raw)
    starts = [found.start() for found in START.finditer(text)]
    parts = [text[start:end] for start, end in pairwise([*starts, len(text)])]
    return statement.checked([_statement(part, place) for place, part in enumerate(parts, 1)])


def _text(raw: bytes) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _statement(text: str, place: int) -> Statement:
    where = f"statement {place}"
    try:
        found = library.parse(text)
        opening = _balance(found.data, "opening", where)
        closing = _balance(found.data, "closing", where)
    except InputRefused:
        raise
    except Exception as error:
        says = f"{where} cannot be read: {type(error).__name__}."
        raise InputRefused([Problem("bank.mt940", says, "Ask the bank for the file again.")]) from error
    lines = [one for one in found.transactions if "amount" in one.data]
    if len(lines) != len(LINE.findall(text)):
        says = f"{where} has {len(LINE.findall(text))} lines :61:, of which {len(lines)} can be read."
        raise InputRefused([Problem("bank.mt940", says, "Ask the bank for the file again.")])
    currency = opening[1]
    entries = tuple(_entry(one.data, currency, f"{where}, line {n}") for n, one in enumerate(lines, 1))
    account = str(found.data.get("account_identification") or "")
    number = str(found.data.get("transaction_reference") or "")
    return Statement(account, currency, number, opening[0], closing[0], entries)


def _balance(data: dict[str, Any], side: str, where: str) -> tuple[int, str]:
    found = data.get(f"final_{side}_balance") or data.get(f"intermediate_{side}_balance")
    if found is None:
        says = f"{where} has no {side} balance (:60: or :62:)."
        raise InputRefused([Problem("bank.balance", says, "Ask the bank for the whole file.")])
    currency = found.amount.currency
    return statement.minor(f"{found.amount.amount:f}", currency, where), currency


def _entry(data: dict[str, Any], currency: str, where: str) -> Entry:
    info = str(data.get("transaction_details") or "").replace("\n", "")
    texts = [str(data.get(name) or "").strip() for name in ("customer_reference", "extra_details", "purpose")]
    texts += [str(data.get(name) or "").strip() for name in ("end_to_end_reference", "additional_purpose")]
    texts.append(info)
    texts += [part.strip() for part in SUBFIELD.split(info)]
    end_to_end = data.get("end_to_end_reference") or next(iter(END_TO_END.findall(info)), "")
    kept = [text[: statement.LONGEST_TEXT] for text in dict.fromkeys(texts) if text and text != "NONREF"]
    value = data["date"]
    booked = data.get("entry_date") or data.get("guessed_entry_date") or value
    amount = abs(statement.minor(f"{data['amount'].amount:f}", currency, where))
    status = str(data.get("status") or "")
    return Entry(
        amount if status in ("C", "RD") else -amount,
        statement.day(str(booked), where),
        statement.day(str(value), where),
        str(data.get("bank_reference") or "").strip(),
        str(end_to_end)[:35],
        str(data.get("applicant_name") or "")[:140],
        tuple(kept),
        status.startswith("R"),
    )
