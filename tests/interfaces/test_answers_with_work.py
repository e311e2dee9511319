"""A process dies while it answers: sent again under its key, the request is done once and answered the same."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction
from django.test import Client

from lenity.gateways import clock
from lenity.interfaces.api import idempotency
from lenity.operations import answer_request
from lenity.operations.add_api_client import add_api_client
from lenity.operations.place_loan import place_loan
from lenity.operations.request_contact import request_contact
from lenity.records.audit.models import AuditEvent
from lenity.records.debt_collection.models import Contact, OutboxMessage
from lenity.records.intake.models import IdempotentRequest
from lenity.records.lending.models import Loan, Payment
from tests import factories

TODAY = factories.MORNING.date()
pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.use(clock.ManualClock(factories.MORNING)) as running:
        yield running


def placed() -> tuple[Loan, str]:
    """A late loan placed with an agency, of which the borrower was told; with the agency's token."""
    token = add_api_client(name="psp", scopes=("contacts", "payments"), actor="test")
    owner = factories.borrower()
    point, loan = factories.contact_point(owner), factories.late_loan(owner)
    made = request_contact(
        borrower_id=owner.public_id,
        channel="sms",
        purpose="outsourcing_notice",
        point_id=point.public_id,
        loan_ids=(loan.public_id,),
        template="cn-outsourcing-notice-sms",
        actor="test",
    )
    OutboxMessage.objects.filter(contact_id=made.pk).update(state="handed", handed_at=factories.MORNING)
    place_loan(
        agency="psp",
        loan_id=loan.public_id,
        channels=("email", "sms"),
        opens=time(9),
        closes=time(18),
        until=TODAY + timedelta(days=30),
        actor="test",
    )
    return loan, token


def send(token: str, route: str, body: object) -> tuple[int, Any, str | None]:
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k1"}
    told = Client().post(
        f"/api/v1/{route}", json.dumps(body), content_type="application/json", headers=headers
    )
    return told.status_code, told.json(), told.headers.get("Idempotent-Replayed")


def dies(do: Callable[[], object]) -> None:
    """Do it in a process of its own, which must be killed on the way."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            do()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGKILL


def kill(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def then_kill(do: Callable[..., object]) -> Callable[..., None]:
    return lambda *given, **named: kill(do(*given, **named))


MOMENTS = {
    "before the answer is kept": (answer_request.writes, "keep_answer", lambda _: kill),
    "before the commit": (answer_request.writes, "keep_answer", then_kill),
    "before the answer is sent": (idempotency, "answer_request", then_kill),
}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("route", ["contacts", "payments"])
def test_a_request_is_done_once_whenever_its_process_dies(
    route: str, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    loan, token = placed()
    paid = {"loan": loan.public_id, "amount": "150.00", "currency": "CNY", "value_date": TODAY.isoformat()}
    body, table = {
        "contacts": ({"loan": loan.public_id, "channel": "sms"}, Contact),
        "payments": (paid, Payment),
    }[route]
    before, events = table.objects.count(), AuditEvent.objects.count()
    with monkeypatch.context() as dying:
        module, name, how = MOMENTS[moment]
        dying.setattr(module, name, how(getattr(module, name)))
        dies(lambda: send(token, route, body))
    is_done = moment == "before the answer is sent"
    assert table.objects.count() == before + is_done
    assert AuditEvent.objects.count() == events + 2 * is_done
    status, told, replayed = send(token, route, body)
    assert (status, replayed) == (201, "true" if is_done else None)
    assert send(token, route, body) == (201, told, "true")
    assert table.objects.count() == before + 1


def test_an_answer_is_kept_for_good() -> None:
    loan, token = placed()
    assert send(token, "contacts", {"loan": loan.public_id, "channel": "sms"})[0] == 201
    for change in (
        lambda: IdempotentRequest.objects.update(answer="{}"),
        lambda: IdempotentRequest.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
