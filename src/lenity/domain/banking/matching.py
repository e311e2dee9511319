"""Which loan a payment is for, by its references and never by name; when two formats tell the same."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lenity.base import canonical
from lenity.domain.banking.statement import Entry

WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-_/.]{2,39}")
MOST = 60
DIGITS = 4
ACCOUNT_END = 8
"""How much of the lender's own account number is compared: formats write bank codes and country before it."""


def references(texts: Iterable[str]) -> tuple[str, ...]:
    """Words that may be an account number or a loan id; also without the reference's label and full stops."""
    found: dict[str, None] = {}
    for text in texts:
        for word in WORD.findall(text):
            for one in (word, word.rstrip("./-_"), *re.split(r"[/.]", word)):
                if len(one) >= 3:
                    found[one] = None
    return tuple(found)[:MOST]


def likeness(entry: Entry, currency: str, loan_id: str) -> str:
    """A digest that two formats may share: currency, amount, day, and the loan that is named.

    Without a loan the longest reference with four digits stands in; without one the answer is empty, and
    the movement is like no other.
    """
    words = [one for one in references(entry.texts) if sum(sign.isdigit() for sign in one) >= DIGITS]
    return _digest(entry, currency, loan_id or max(sorted(words), key=len, default=""))


def sure_likeness(entry: Entry, currency: str) -> str:
    """The same by the payer's own end-to-end id: on one account, two formats that share it tell one movement."""
    return _digest(entry, currency, entry.end_to_end_id)


def _digest(entry: Entry, currency: str, named: str) -> str:
    if not named:
        return ""
    return canonical.digest([currency, entry.amount_minor, entry.booked_on.isoformat(), named])


def account_key(account: str, currency: str) -> str:
    """The end of the lender's own account number, as every format writes it.

    >>> account_key("10020030/0012345678EUR", "EUR") == account_key("DE89 1002 0030 0012 3456 78", "EUR")
    True
    """
    plain = "".join(sign for sign in account.upper() if sign.isalnum()).removesuffix(currency)
    return plain[-ACCOUNT_END:]
