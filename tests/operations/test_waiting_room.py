"""What comes while one contact is decided is decided together next; nobody waits for company."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from lenity.gateways import clock
from lenity.operations import gatekeeping, waiting_room
from lenity.operations.request_contact import request_contact
from lenity.records.audit.models import AuditEvent
from lenity.records.debt_collection import gate_queries
from lenity.records.debt_collection.models import Contact, OutboxMessage
from lenity.records.people.models import Borrower, ContactPoint
from tests import factories

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def now() -> Iterator[clock.ManualClock]:
    with clock.use(clock.ManualClock(factories.MORNING)) as running:
        yield running


def owner() -> Borrower:
    made = factories.borrower()
    factories.contact_point(made)
    factories.late_loan(made)
    return made


def asking(who: Borrower, actor: str, point: str = "") -> Callable[[], Contact]:
    """A request for a reminder, to be made in a thread."""
    named = point or who.contact_points.get().public_id
    loans = tuple(who.loans.values_list("public_id", flat=True))

    def ask() -> Contact:
        try:
            return request_contact(
                borrower_id=who.public_id,
                channel="sms",
                purpose="collection",
                point_id=named,
                loan_ids=loans,
                template="cn-reminder-sms",
                actor=actor,
            )
        finally:
            connections.close_all()

    return ask


class Held:
    """The first decision stands still until it is let go; `sizes` tells how many were decided at once."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sizes: list[int] = []
        self.go = threading.Event()
        self._decide = gatekeeping.decide_many
        monkeypatch.setattr(gatekeeping, "decide_many", self)

    def __call__(self, work: Any, wishes: Any, *more: Any, **named: Any) -> Any:
        self.sizes.append(len(wishes))
        if len(self.sizes) == 1:
            assert self.go.wait(timeout=30)
        return self._decide(work, wishes, *more, **named)

    def gathered(self, number: int) -> None:
        """Wait until so many wait."""
        for _ in range(3000):
            if len(waiting_room._room._guests) == number:
                return
            time.sleep(0.01)
        raise AssertionError("they do not wait")


def together(
    held: Held, first: Callable[[], Contact], rest: list[Callable[[], Contact]]
) -> list[Future[Contact]]:
    """The rest comes, in its order, while the first is being decided."""
    with ThreadPoolExecutor(len(rest) + 1) as pool:
        asked = [pool.submit(first)]
        held_until = time.monotonic() + 30
        while not held.sizes and time.monotonic() < held_until:
            time.sleep(0.01)
        for number, one in enumerate(rest, 1):
            asked.append(pool.submit(one))
            held.gathered(number)
        held.go.set()
    return asked


def test_who_waits_is_decided_together_each_with_an_event_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    people = [owner() for _ in range(12)]
    held = Held(monkeypatch)
    first, *rest = [asking(one, f"actor-{number}") for number, one in enumerate(people)]
    made = [one.result() for one in together(held, first, rest)]
    assert held.sizes == [1, 11]
    assert {one.verdict for one in made} == {"allowed"}
    assert [one.borrower_id for one in made] == [one.pk for one in people]
    told = AuditEvent.objects.filter(operation="request_contact")
    assert {(one.subject_id, one.actor) for one in told} == {
        (one.public_id, f"actor-{number}") for number, one in enumerate(made)
    }
    assert OutboxMessage.objects.count() == 12
    assert {equal for _, equal in gate_queries.replay()} == {True}


def test_one_at_fault_takes_no_other_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    people = [owner() for _ in range(3)]
    held = Held(monkeypatch)
    wrong = asking(people[1], "b", point="NOBODY")
    first, good, bad = together(held, asking(people[0], "a"), [asking(people[2], "c"), wrong])
    assert (first.result().verdict, good.result().verdict) == ("allowed", "allowed")
    with pytest.raises(ContactPoint.DoesNotExist, match="NOBODY"):
        bad.result()
    assert held.sizes == [1, 2, 1, 1]
    assert Contact.objects.count() == AuditEvent.objects.count() == 2


def test_one_borrower_is_never_twice_in_a_party(monkeypatch: pytest.MonkeyPatch) -> None:
    who, other = owner(), owner()
    held = Held(monkeypatch)
    twice = [asking(who, "a"), asking(who, "b")]
    made = [one.result().verdict for one in together(held, asking(other, "o"), twice)]
    assert held.sizes == [1, 1, 1]
    assert made == ["allowed", "allowed", "deferred"]


def test_when_the_one_who_serves_is_stopped_the_next_one_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people = [owner() for _ in range(3)]
    held = Held(monkeypatch)
    decide = held._decide

    def stop(work: Any, wishes: Any, *more: Any, **named: Any) -> Any:
        if len(wishes) > 1:
            raise SystemExit
        return decide(work, wishes, *more, **named)

    held._decide = stop
    first, stopped, other = together(
        held, asking(people[0], "a"), [asking(people[1], "b"), asking(people[2], "c")]
    )
    assert first.result().verdict == "allowed"
    with pytest.raises(SystemExit):
        stopped.result()
    assert other.result().verdict == "allowed"
    assert asking(people[1], "d")().verdict == "allowed"
    assert Contact.objects.count() == 3
