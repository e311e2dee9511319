"""Many contacts asked for at once: each borrower in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby

from lenity.operations import gatekeeping, unit
from lenity.records.debt_collection.models import Contact


def request_contacts(
    *,
    wishes: Iterable[gatekeeping.Wish],
    actor: str,
    progress: Callable[[int], None] = lambda done: None,
) -> list[Contact]:
    """Ask the gate for each wish, one transaction and one audit event a contact for each borrower.

    Wishes of one borrower are decided in the order given, each seeing the ones before it.
    """
    contacts: list[Contact] = []
    for _, of_borrower in groupby(wishes, key=lambda wish: wish.borrower_id):
        with unit.of_work(operation="request_contact", actor=actor) as work:
            contacts += [gatekeeping.decide_one(work, wish) for wish in of_borrower]
        progress(len(contacts))
    return contacts
