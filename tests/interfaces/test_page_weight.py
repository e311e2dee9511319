"""Every page on a filled book: below 100 kB, and as many questions to the database for fifty rows as for five.

Pages are found in the address book, so that a new one is weighed without being named.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lenity.domain.debt_collection import voice
from lenity.gateways import clock
from lenity.operations.raise_concern import raise_concern
from lenity.operations.report_impostor import report_impostor
from lenity.operations.request_data import request_data
from lenity.operations.take_payment import take_payment
from lenity.records.debt_collection.models import CaseLookUp, Contact, GateDecision
from lenity.records.people.models import Borrower, StaffReading
from tests import factories, world
from tests.interfaces import test_browser_walk as walk

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True), pytest.mark.slow]
MOST_BYTES = 100_000
FEW, MANY = 5, 50
SLACK = 3
"""A page may ask a little more once something is there at all; one more for each row is far above it."""


@pytest.fixture
def filled() -> Iterator[world.World]:
    with clock.use(clock.ManualClock(factories.MORNING)):
        yield world.build()


def grow(filled: world.World, wanted: int) -> None:
    """Bring everything that pages list to `wanted` rows: people, loans, contacts, payments, what was said."""
    have = Borrower.objects.count()
    for number in range(have, wanted):
        person = factories.borrower(name=f"韩{number}")
        factories.contact_point(person, value=f"+86137{number:08}")
        loan = factories.late_loan(person, days_late=10)
        about = tuple(one for one in voice.KINDS if one != "unlisted_contact")[number % 6]
        raise_concern(borrower_id=person.public_id, about=about, loan_id=loan.public_id, actor="borrower")
        request_data(borrower_id=person.public_id, kind="correction", words="wrong day", actor="borrower")
        report_impostor(told=f"a stranger called {number}", address=f"10.0.{number}.1")
        StaffReading.objects.create(
            staff=factories.staff("collector"), borrower=person, kind="concern", subject_id="x",
            reason="to_answer", read_at=clock.now(),
        )  # fmt: skip
        CaseLookUp.objects.create(
            staff=factories.staff("collector"), borrower=person, reason="she_called", result="opened",
            looked_at=clock.now(),
        )  # fmt: skip
    _contacts(filled, wanted)
    for number in range(filled.wang.loans.get(public_id=filled.values["loan_id"]).payments.count(), wanted):
        take_payment(
            loan_id=filled.values["loan_id"], amount_minor=10, currency="CNY",
            value_date=factories.MORNING.date() - timedelta(days=1), source="weight", source_id=str(number),
            actor="test",
        )  # fmt: skip


def _contacts(filled: world.World, wanted: int) -> None:
    """Copies of a contact as the gate wrote it, allowed and stopped by turns."""
    first = Contact.objects.filter(borrower=filled.wang).order_by("pk")[0]
    decision = GateDecision.objects.get(contact=first)
    for number in range(Contact.objects.filter(borrower=filled.wang).count(), wanted):
        plain = {field.attname: getattr(first, field.attname) for field in Contact._meta.local_fields}
        plain |= {"id": None, "public_id": f"W{number:04}", "code": f"W{number:04}", "retries_id": None}
        copy = Contact.objects.create(**plain | {"verdict": ("allowed", "deferred")[number % 2]})
        told = {field.attname: getattr(decision, field.attname) for field in GateDecision._meta.local_fields}
        GateDecision.objects.create(**told | {"contact_id": copy.pk})


def asked(client: Client, path: str) -> tuple[int, int]:
    """Questions to the database and bytes of a page, the second time it is asked for."""
    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        answer: Any = client.get(path)
    return len(seen), len(answer.content)


def test_every_page_is_light_and_asks_no_more_for_fifty_rows_than_for_five(filled: world.World) -> None:
    readers = walk._readers(filled)
    pages = list(dict.fromkeys(walk._pages(filled, readers)))
    assert len(pages) > 60
    grow(filled, FEW)
    few = {page: asked(readers[page[0]], page[1])[0] for page in pages}
    grow(filled, MANY)
    heavy, hungry = [], []
    for page in pages:
        questions, size = asked(readers[page[0]], page[1])
        if size > MOST_BYTES:
            heavy.append(f"{page[1]}: {size} bytes")
        if questions > few[page] + SLACK:
            hungry.append(f"{page[1]}: {few[page]} questions for {FEW} rows, {questions} for {MANY}")
    assert heavy + hungry == [], "\n".join(heavy + hungry)
