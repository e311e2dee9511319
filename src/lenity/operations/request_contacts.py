"""Many contacts asked for at once: many borrowers in one transaction, each with its own event."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lenity.domain.debt_collection import decided
from lenity.operations import gatekeeping, unit
from lenity.operations.gatekeeping import Wish
from lenity.records.debt_collection.contact_writes import NewContact


def request_contacts(
    *,
    wishes: Iterable[Wish],
    actor: str,
    progress: Callable[[int], None] = lambda done: None,
) -> list[NewContact]:
    """Ask the gate for each wish, some hundred borrowers in a transaction, one audit event a contact.

    Wishes of one borrower are decided in the order given, each seeing the ones before it. The answers are
    those that `request_contact` gives, in the order of the wishes.
    """
    answers: dict[int, NewContact] = {}
    memory: decided.Memory = {}
    for chunk in gatekeeping.rounds(list(enumerate(wishes))):
        with unit.of_work(operation="request_contact", actor=actor, of_parts=True) as work:
            made = gatekeeping.decide_many(work, [wish for _, wish in chunk], memory)
        answers.update((place, contact) for (place, _), contact in zip(chunk, made, strict=True))
        progress(len(answers))
    return [answers[place] for place in sorted(answers)]
