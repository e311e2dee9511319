"""Eight collectors press "next case" at once: eight cases, none twice. Without the lock and the wall it breaks."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections

from lenity.gateways import clock, ids
from lenity.operations.close_day import close_day
from lenity.operations.next_case import next_case
from lenity.records.debt_collection import desk_writes
from lenity.records.debt_collection.models import CaseLease
from tests import factories

WORKERS = 8
pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def _book(number: int) -> None:
    for at in range(number):
        owner = factories.borrower()
        factories.contact_point(owner, value=f"+86138001380{at:02}")
        factories.late_loan(owner, days_late=40)
    close_day(business_date=factories.MORNING.date(), actor="test")


def _race() -> list[str]:
    barrier = threading.Barrier(WORKERS)

    def worker(at: int) -> str:
        try:
            barrier.wait(timeout=60)
            return next_case(actor=f"collector-{at}")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WORKERS) as pool:
        return [one.result(timeout=120) for one in [pool.submit(worker, at) for at in range(WORKERS)]]


def test_no_case_is_given_twice() -> None:
    with clock.use(clock.ManualClock(factories.MORNING)):
        _book(3)
        given = [one for one in _race() if one]
        taken = list(CaseLease.objects.filter(closed_at=None).values_list("borrower_id", flat=True))
        assert len(given) == len(taken) == len(set(taken)) == 3


@pytest.mark.slow
def test_without_the_lock_the_same_case_is_reached_for_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wall of the database is what then holds: it is seen to refuse, so the race is real."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer: the lock is the transaction itself")
    refused: list[int] = []
    take = desk_writes.take

    def slow(borrower_pk: int, **named: Any) -> CaseLease | None:
        time.sleep(0.05)
        lease = take(borrower_pk, **named)
        refused.extend([] if lease else [borrower_pk])
        return lease

    monkeypatch.setattr(desk_writes, "lock_free", lambda borrower_pk: True)
    monkeypatch.setattr(desk_writes, "take", slow)
    with clock.use(clock.ManualClock(factories.MORNING)):
        _book(1)
        assert len([one for one in _race() if one]) == 1
        assert refused != []


def test_the_database_refuses_a_second_lease_of_a_case_or_of_a_collector() -> None:
    owner, other = factories.borrower(), factories.borrower()
    named: dict[str, Any] = {"how": "next", "now": factories.MORNING, "until": factories.MORNING}
    assert desk_writes.take(owner.pk, public_id=ids.public_id(), staff="li", **named)
    assert desk_writes.take(owner.pk, public_id=ids.public_id(), staff="zhao", **named) is None
    assert desk_writes.take(other.pk, public_id=ids.public_id(), staff="li", **named) is None
    with pytest.raises(IntegrityError):
        CaseLease.objects.create(
            public_id=ids.public_id(),
            borrower=owner,
            staff="wu",
            how="next",
            taken_at=factories.MORNING,
            until=factories.MORNING,
        )
