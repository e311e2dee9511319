"""What is wrong with a book or a mapping, in the reader's language; details stay as they were written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lenity.base.outcomes import Problem

PROBLEMS = {
    "book.duplicate": "This file was imported already. Nothing was changed.",
    "book.digest": "This is not the file that was looked at. Look at it again.",
    "book.file": "Choose the book as a CSV file.",
    "book.as_of": "Give the last day of the file's newest month.",
    "book.size": "A book has at most 200 million bytes. Split it.",
    "book.packed": "This is a packed file or a spreadsheet. Save it as CSV.",
    "book.empty": "The file has no rows.",
    "book.encoding": "The file is in another encoding than its mapping says.",
    "book.csv": "The file cannot be read as CSV. Look for an open quote.",
    "book.columns": "There are more than 500 columns. Leave out what the mapping does not name.",
    "book.column": "A column is missing or stands twice.",
    "book.ragged": "The row has more or fewer cells than the header.",
    "book.long": "The row or line is too long.",
    "book.binary": "The row has a zero byte in it.",
    "book.account_number": "The account number is empty, stands twice, or is a loan already.",
    "book.status": "The status has no meaning in the mapping.",
    "book.name": "The name is empty, too long, or begins like a formula.",
    "book.identity_number": "The identity number's check fails.",
    "book.birth_date": "The birth date is not a day.",
    "book.mobile": "This cannot be a telephone number.",
    "book.email": "This is not an e-mail address.",
    "book.address": "The address is too long or begins like a formula.",
    "book.jurisdiction": "The place has no rulebook.",
    "book.currency": "The currency is not known.",
    "book.portfolio_type": "The type is I (instalments) or R (revolving).",
    "book.opened_on": "The opening day is no day, or after the file's month.",
    "book.billing_day": "The billing day is not from 1 to 31.",
    "book.credit_limit": "The limit is no amount, or negative.",
    "book.balance": "The balance is no amount, or negative where the mapping allows none.",
    "book.amount": "The amount cannot be read.",
    "mapping": "The mapping cannot be used.",
}
OTHER = "book.amount"
WORDS = {"book_problem": PROBLEMS, "mapping_name": {"taiwan_card": "Public card data set"}}


def told(problems: Iterable[Problem]) -> list[tuple[str, Problem]]:
    """Each problem with the code under which the pages have words for it."""
    return [(_known(one.code), one) for one in problems]


def rows(found: Iterable[Sequence[str]]) -> list[tuple[str, Sequence[str]]]:
    """Refused lines as they were kept, each with its code."""
    return [(_known(one[2]), one) for one in found]


def _known(code: str) -> str:
    return code if code in PROBLEMS else OTHER
