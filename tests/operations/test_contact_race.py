"""Eight workers want to reach one borrower at once: the gate holds, and a naive gate is seen to break.

A race test that has not been seen to fail proves nothing, so the naive check-then-insert gate stays here.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections

from lenity.domain.debt_collection import contact as contact_facts
from lenity.domain.debt_collection import decided, gate
from lenity.gateways import clock, ids
from lenity.law import reader
from lenity.operations.request_contact import request_contact
from lenity.records.debt_collection import contact_writes, gate_queries, gate_rows
from lenity.records.debt_collection.models import Contact, ContactSlot
from lenity.records.people.models import Borrower
from tests import factories

WORKERS = 8
ROUNDS = 5
NAIVE_IDS = itertools.count(1_000_000)
pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def _allowance() -> int:
    """How many first-day short messages the law in force lets through to one borrower, asked one by one."""
    owner, point, loan = _target()
    allowed = 0
    for _ in range(WORKERS):
        allowed += _request(owner.public_id, point, loan).verdict == "allowed"
    return allowed


def _target() -> tuple[Borrower, str, str]:
    owner = factories.borrower()
    point = factories.contact_point(owner, value=f"+86138{ids.one_time_code()}00")
    return owner, point.public_id, factories.late_loan(owner).public_id


def _request(borrower_id: str, point_id: str, loan_id: str) -> Contact:
    return request_contact(
        borrower_id=borrower_id,
        channel="sms",
        purpose="collection",
        point_id=point_id,
        loan_ids=(loan_id,),
        actor="race",
    )


def _naive(borrower_id: str, point_id: str, loan_id: str) -> Contact:
    """Check, then insert: no lock, no places. What many systems do."""
    owner = Borrower.objects.get(public_id=borrower_id)
    proposal = contact_facts.Proposal(
        contact_id=ids.public_id(),
        at=clock.now(),
        channel="sms",
        purpose="collection",
        point=gate_queries.point_of(owner.contact_points.get(public_id=point_id)),
        debts=(loan_id,),
    )
    known = gate_rows.read([owner.pk], clock.now())[owner.pk]
    facts = gate_queries.weighed(owner, proposal, known)
    found = decided.decide(facts, reader.rulebook("CN"), timed=False)
    row = gate_rows.BorrowerRow(owner.pk, owner.public_id, "CN", "zh-hans", "", "")
    point = known.points[point_id]
    new = contact_writes.NewContact(
        next(NAIVE_IDS), row, None, point, proposal, found, ids.contact_code(), "", "", "naive"
    )
    contact_writes.add_contacts([new])
    return contact_writes.as_model(new)


def _race(ask: Callable[[str, str, str], Contact], targets: list[tuple[str, str, str]]) -> None:
    barrier = threading.Barrier(WORKERS)

    def worker() -> None:
        try:
            for target in targets:
                barrier.wait(timeout=60)
                ask(*target)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WORKERS) as pool:
        for future in [pool.submit(worker) for _ in range(WORKERS)]:
            future.result(timeout=120)


def _slow_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Widen the gap between check and insert, the same for both gates."""
    decide = gate.decide

    def slow(*arguments: Any) -> Any:
        certificate = decide(*arguments)
        time.sleep(0.01)
        return certificate

    monkeypatch.setattr(gate, "decide", slow)


def _worst(targets: list[tuple[str, str, str]]) -> list[int]:
    return [
        Contact.objects.filter(borrower__public_id=borrower_id, verdict="allowed").count()
        for borrower_id, _, _ in targets
    ]


def _targets(count: int) -> list[tuple[str, str, str]]:
    return [(owner.public_id, point, loan) for owner, point, loan in (_target() for _ in range(count))]


@pytest.mark.slow
def test_the_gate_holds_for_one_borrower_and_for_many(monkeypatch: pytest.MonkeyPatch) -> None:
    with clock.use(clock.ManualClock(factories.MORNING)):
        allowance = _allowance()
        assert 0 < allowance < WORKERS
        _slow_gate(monkeypatch)
        targets = _targets(ROUNDS)
        _race(_request, targets)
        assert _worst(targets) == [allowance] * ROUNDS
        assert Contact.objects.filter(requested_by="race").count() == WORKERS * (ROUNDS + 1)


@pytest.mark.slow
def test_a_naive_gate_is_seen_to_break(monkeypatch: pytest.MonkeyPatch) -> None:
    with clock.use(clock.ManualClock(factories.MORNING)):
        allowance = _allowance()
        _slow_gate(monkeypatch)
        monkeypatch.setattr(contact_writes, "_places", lambda one: [])
        targets = _targets(ROUNDS)
        _race(_naive, targets)
        broken = sum(allowed > allowance for allowed in _worst(targets))
        assert broken > 0, f"the naive gate held on {connection.vendor}: this test proves nothing"


def test_the_second_wall_refuses_a_place_that_is_taken() -> None:
    from django.db import IntegrityError

    with clock.use(clock.ManualClock(factories.MORNING)):
        owner, point, loan = _target()
        contact = _request(owner.public_id, point, loan)
        place = ContactSlot.objects.filter(contact=contact).first()
        assert place is not None
        with pytest.raises(IntegrityError):
            ContactSlot.objects.create(
                contact=contact,
                borrower=owner,
                allowance=place.allowance,
                window=place.window,
                place=place.place,
            )
