"""Plumbing of the one door: wishes that come while another is being decided are decided together, next.

Who comes first is decided at once and alone, so nobody waits for company. What gathers meanwhile shares one
transaction with one durable commit; each wish keeps its own audit event, and one that is at fault is asked
again alone, so that it takes no other with it.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from lenity.operations import gatekeeping, unit
from lenity.operations.gatekeeping import Wish
from lenity.records import rows
from lenity.records.debt_collection.contact_writes import NewContact

MOST = 64
"""So many wishes share a transaction at most."""


@dataclass(eq=False)
class _Guest:
    """A wish that waits, and what became of it."""

    wish: Wish
    called: threading.Event = field(default_factory=threading.Event)
    made: NewContact | None = None
    fault: Exception | None = None

    @property
    def is_served(self) -> bool:
        return self.made is not None or self.fault is not None


class _Room:
    """Guests in the order in which they came; the one who serves takes those who may go together."""

    def __init__(self) -> None:
        self._door = threading.Lock()
        self._guests: list[_Guest] = []
        self._is_served = False

    def enter(self, guest: _Guest) -> bool:
        """Whether nobody serves, so that this guest has to."""
        with self._door:
            self._guests.append(guest)
            serves = not self._is_served
            self._is_served = True
            return serves

    def next_party(self) -> list[_Guest]:
        """Guests with different borrowers, in the order in which they came."""
        with self._door:
            party: dict[str, _Guest] = {}
            for guest in self._guests:
                if len(party) < MOST:
                    party.setdefault(guest.wish.borrower_id, guest)
            chosen = list(party.values())
            self._guests = [guest for guest in self._guests if guest not in chosen]
            return chosen

    def hand_over(self, left: list[_Guest]) -> None:
        """Let the guest who has waited longest serve, or nobody; who was left goes first again."""
        with self._door:
            self._guests[:0] = left
            self._is_served = bool(self._guests)
            if self._guests:
                self._guests[0].called.set()


_room = _Room()


def decide(wish: Wish) -> NewContact:
    """The gate's decision on a wish, stored; together with those that wait. Not within another transaction."""
    guest = _Guest(wish)
    if not _room.enter(guest):
        guest.called.wait()
    if not guest.is_served:
        party = _room.next_party()
        try:
            _serve(party)
        finally:
            _room.hand_over([one for one in party if one is not guest and not one.is_served])
    if guest.fault is not None:
        raise guest.fault
    if guest.made is None:
        raise RuntimeError("a wish left the waiting room without a decision")
    return guest.made


def _serve(party: list[_Guest]) -> None:
    try:
        if not _together(party):
            for guest in party:
                _alone(guest)
    finally:
        for guest in party:
            if guest.is_served:
                guest.called.set()


def _together(party: list[_Guest]) -> bool:
    """Decide on all of them in one transaction; false where there is but one, or one of them is at fault."""
    if len(party) == 1:
        return False
    try:
        made = _decided([guest.wish for guest in party])
    except Exception:
        return False
    for guest, one in zip(party, made, strict=True):
        guest.made = one
    return True


def _alone(guest: _Guest) -> None:
    try:
        [guest.made] = _decided([guest.wish])
    except Exception as fault:
        guest.fault = fault


def _decided(wishes: list[Wish]) -> list[NewContact]:
    with unit.of_work(
        operation="request_contact",
        actor=wishes[0].requested_by,
        of_parts=len(wishes) > 1,
        travelling=len(wishes) <= rows.FEW,
    ) as work:
        return gatekeeping.decide_many(work, wishes, {} if len(wishes) > 1 else None, own_actors=True)
