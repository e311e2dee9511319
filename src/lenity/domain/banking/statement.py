"""A bank statement as Lenity understands it, and what makes one acceptable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lenity.base import money
from lenity.base.outcomes import InputRefused, Problem

LONGEST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement: `amount_minor` is above zero for money in, below for money out.

    `bank_reference` is the bank's own id where it gives one; `texts` are all references and remittance texts.
    `reverses` marks the bank's undoing of an earlier entry.
    """

    amount_minor: int
    booked_on: date
    value_date: date
    bank_reference: str
    end_to_end_id: str
    payer: str
    texts: tuple[str, ...]
    reverses: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """The entries of one account between two balances, minor units."""

    account: str
    currency: str
    number: str
    opening_minor: int
    closing_minor: int
    entries: tuple[Entry, ...]


def checked(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """The statements, if opening + entries = closing in each. Raises `InputRefused` otherwise."""
    if not statements:
        raise InputRefused([Problem("bank.empty", "The file holds no statement.", "Is it the right file?")])
    problems = []
    for one in statements:
        moved = sum(entry.amount_minor for entry in one.entries)
        if one.opening_minor + moved != one.closing_minor:
            says = (
                f"Statement {one.number[:30] or '-'}: opening {one.opening_minor} + entries {moved} is not "
                f"closing {one.closing_minor} (minor units of {one.currency})."
            )
            problems.append(Problem("bank.balance", says, "Ask the bank for the whole file again."))
    if problems:
        raise InputRefused(problems)
    return tuple(statements)


def minor(text: str, currency: str, where: str, *, grouped: bool = False) -> int:
    """An amount in minor units from a decimal text, with grouped thousands where the format has them."""
    if not money.is_currency(currency):
        raise InputRefused([Problem("bank.currency", f"{where}: currency {currency[:10]!r} is unknown.")])
    try:
        return (money.typed if grouped else money.parse)(text, currency).minor
    except money.MoneyError as error:
        raise InputRefused([Problem("bank.amount", f"{where}: {error}.")]) from error


def day(text: str, where: str) -> date:
    """A day, ISO 8601, with or without a time."""
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError as error:
        raise InputRefused([Problem("bank.day", f"{where}: {text[:30]!r} is not a day.")]) from error
