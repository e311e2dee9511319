"""Many contacts asked for at once: many borrowers in one transaction, each with its own event."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from functools import partial

from lenity.domain.debt_collection import decided
from lenity.operations import gatekeeping, unit
from lenity.operations.gatekeeping import Wish
from lenity.records import rows
from lenity.records.debt_collection.contact_writes import NewContact


def request_contacts(
    *,
    wishes: Iterable[Wish],
    actor: str,
    progress: Callable[[int], None] = lambda done: None,
    lanes: int = 1,
) -> list[NewContact]:
    """Ask the gate for each wish, some hundred borrowers in a transaction, one audit event a contact.

    Wishes of one borrower are decided in the order given, each seeing the ones before it. The answers are
    those that `request_contact` gives, in the order of the wishes. With several `lanes` a server writes down
    one chunk while the next is decided; what was decided before another lane met a fault stays.
    """
    answers: dict[int, NewContact] = {}
    counting = threading.Lock()

    def take(share: list[gatekeeping.Placed]) -> None:
        memory: decided.Memory = {}
        for chunk in gatekeeping.rounds(share):
            with unit.of_work(operation="request_contact", actor=actor, of_parts=True) as work:
                made = gatekeeping.decide_many(work, [wish for _, wish in chunk], memory)
            with counting:
                answers.update((place, contact) for (place, _), contact in zip(chunk, made, strict=True))
                progress(len(answers))

    rows.side_by_side([partial(take, share) for share in gatekeeping.shares(wishes, lanes)])
    return [answers[place] for place in sorted(answers)]
