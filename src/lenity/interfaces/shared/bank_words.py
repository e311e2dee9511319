"""Bank files in the reader's language: formats, where a movement goes, and what is wrong with a file."""

from __future__ import annotations

from collections.abc import Iterable

from lenity.base.outcomes import Problem

PROBLEMS = {
    "bank.file": "Choose a bank file.",
    "bank.size": "A bank file has 1 to 50 million bytes.",
    "bank.entries": "The file tells more than 100,000 movements. Ask the bank for one file a day, or split it.",
    "bank.format": "The format is not known: camt.053, MT940 or CSV.",
    "bank.encoding": "The file is neither UTF-8 nor GB 18030 text.",
    "bank.xml": "The file is not XML that a statement may be.",
    "bank.mt940": "The MT940 cannot be read whole. Ask the bank for it again.",
    "bank.columns": "Columns are missing: id, day, amount and balance are needed.",
    "bank.ragged": "A row has more or fewer cells than the header.",
    "bank.balance": "Opening balance and movements are not the closing balance. Ask the bank for the whole file.",
    "bank.batch": "The payments of a batch do not add up to it. Ask the bank for the file again.",
    "bank.currency": "A currency is unknown, or the file mixes currencies.",
    "bank.amount": "An amount cannot be read.",
    "bank.day": "A day cannot be read.",
    "bank.side": "A movement says neither credit nor debit.",
    "bank.row": "A row has no amount or no id.",
    "bank.empty": "The file holds no movements.",
}
OTHER = "bank.format"
STATES = {
    "loan": "to a loan",
    "suspense": "to suspense",
    "told": "told by another format",
    "known": "known already",
}
FORMATS = {"camt053": "camt.053", "mt940": "MT940", "csv": "CSV"}
WORDS = {"bank_problem": PROBLEMS, "movement": STATES, "bank_format": FORMATS}


def told(problems: Iterable[Problem]) -> list[tuple[str, Problem]]:
    """Each problem with the code under which the pages have words for it."""
    return [(one.code if one.code in PROBLEMS else OTHER, one) for one in problems]
