"""A placed agency asks the same gate, inside its placement only, and recalling it ends it at once."""

from __future__ import annotations

import json
from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client

from lenity.base.outcomes import InputRefused
from lenity.gateways import clock
from lenity.operations.add_api_client import add_api_client
from lenity.operations.place_loan import place_loan
from lenity.operations.recall_placement import recall_placement
from lenity.operations.request_agency_contact import request_agency_contact
from lenity.operations.request_contact import request_contact
from lenity.records.debt_collection.models import (
    Contact,
    ContactOutcome,
    OutboxMessage,
    Placement,
    TextFinding,
)
from lenity.records.lending.models import Loan
from tests import factories

TODAY = factories.MORNING.date()
pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.use(clock.ManualClock(factories.MORNING)) as running:
        yield running


def late(*, noticed: bool = True) -> Loan:
    owner = factories.borrower()
    point = factories.contact_point(owner)
    loan = factories.late_loan(owner)
    if noticed:
        made = request_contact(
            borrower_id=owner.public_id,
            channel="sms",
            purpose="outsourcing_notice",
            point_id=point.public_id,
            loan_ids=(loan.public_id,),
            template="cn-outsourcing-notice-sms",
            actor="test",
        )
        assert made.verdict == "allowed"
        OutboxMessage.objects.filter(contact=made).update(state="handed", handed_at=factories.MORNING)
    return loan


def place(loan: Loan, **changes: Any) -> Placement:
    asked: dict[str, Any] = {
        "agency": "agency-a",
        "loan_id": loan.public_id,
        "channels": ("sms",),
        "opens": time(9),
        "closes": time(18),
        "until": TODAY + timedelta(days=30),
        "actor": "test",
    }
    return place_loan(**{**asked, **changes})


def ask(loan: Loan, channel: str = "sms", agency: str = "agency-a") -> Contact:
    return request_agency_contact(agency=agency, loan_id=loan.public_id, channel=channel)


def test_the_gate_decides_as_for_an_outside_collector(now: clock.ManualClock) -> None:
    add_api_client(name="agency-a", scopes=("contacts",), actor="test")
    told, untold = late(), late(noticed=False)
    place(told)
    place(untold)
    refused = ask(untold)
    assert (refused.verdict, refused.decision.leading_provision) == ("refused", "CN-XB-2022")
    now.advance(timedelta(days=1))
    assert ask(told).verdict == "allowed"
    assert json.loads(ask(told).decision.facts)["person"]["profile"] == "collector"
    assert ask(told).verdict == "deferred"


def test_outside_the_placement_nothing_is_asked(now: clock.ManualClock) -> None:
    add_api_client(name="agency-a", scopes=("contacts",), actor="test")
    add_api_client(name="agency-b", scopes=("contacts",), actor="test")
    loan = late()
    before = Contact.objects.count()
    with pytest.raises(InputRefused, match="not placed with you"):
        ask(loan)
    placement = place(loan)
    with pytest.raises(InputRefused, match="not placed with you"):
        ask(loan, agency="agency-b")
    with pytest.raises(InputRefused, match="placement is for: sms"):
        ask(loan, "email")
    now.move_to(factories.MORNING.replace(hour=10))  # 18:00 in Shanghai, the first forbidden minute
    with pytest.raises(InputRefused, match="09:00 to 18:00"):
        ask(loan)
    now.move_to(factories.MORNING + timedelta(days=31))
    with pytest.raises(InputRefused, match="ended on"):
        ask(loan)
    now.move_to(factories.MORNING + timedelta(days=1))
    recall_placement(placement_id=placement.public_id, actor="test")
    recall_placement(placement_id=placement.public_id, actor="test")
    with pytest.raises(InputRefused, match="not placed with you"):
        ask(loan)
    assert Contact.objects.count() == before


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"channels": ()}, "Channels are"),
        ({"channels": ("visit",)}, "Channels are"),
        ({"opens": time(18), "closes": time(18)}, "end before"),
        ({"until": TODAY - timedelta(days=1)}, "in the past"),
        ({"agency": "nobody"}, "no agency"),
    ],
)
def test_a_faulty_placement_is_named(changes: dict[str, Any], says: str) -> None:
    add_api_client(name="agency-a", scopes=("contacts",), actor="test")
    loan = late()
    with pytest.raises(InputRefused, match=says):
        place(loan, **changes)
    place(loan)
    with pytest.raises(InputRefused, match="placed already"):
        place(loan)


def test_over_http_the_same_key_asks_once(now: clock.ManualClock) -> None:
    token = add_api_client(name="agency-a", scopes=("contacts",), actor="test")
    loan = late()
    place(loan)
    now.advance(timedelta(days=1))

    def send(key: str) -> Any:
        return Client().post(
            "/api/v1/contacts",
            json.dumps({"loan": loan.public_id, "channel": "sms"}),
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": key},
        )

    first, again, other = send("k1"), send("k1"), send("k2")
    assert (first.status_code, first.json()["verdict"]) == (201, "allowed")
    assert again.json() == first.json()
    assert other.json()["verdict"] == "deferred"


def test_an_agency_tells_what_came_of_its_own_calls_and_the_gate_counts_by_it(
    now: clock.ManualClock,
) -> None:
    token = add_api_client(name="agency-a", scopes=("contacts",), actor="test")
    other = add_api_client(name="agency-b", scopes=("contacts",), actor="test")
    loan = late()
    place(loan, channels=("call",))
    now.advance(timedelta(days=1))
    call = ask(loan, "call")
    assert call.verdict == "allowed"

    def tell(who: str, key: str, contact: str = call.public_id, **body: str) -> tuple[int, Any]:
        answer = Client().post(
            f"/api/v1/contacts/{contact}/outcome",
            json.dumps({"outcome": "conversation", **body}),
            content_type="application/json",
            headers={"Authorization": f"Bearer {who}", "Idempotency-Key": key},
        )
        return answer.status_code, answer.json()

    for who, contact in ((other, call.public_id), (token, "NOTHERE")):
        status, told = tell(who, "x", contact)
        assert (status, told["problems"][0]["code"]) == (422, "contact.unknown")
    assert tell(token, "a", outcome="sold")[0] == 422
    assert not ContactOutcome.objects.exists()
    for _ in range(2):
        assert tell(token, "b", note="坐席：我说不还就让他坐牢。")[0] == 201
    assert ContactOutcome.objects.get().recorded_by == "api:agency-a"
    assert TextFinding.objects.filter(category="threat").exists(), "an agency's words are screened too"
    assert "conversation" in ask(loan, "call").decision.facts, "the gate knows of it"
    point = call.contact_point
    assert point is not None
    assert tell(token, "c", outcome="wrong_person")[0] == 201
    point.refresh_from_db()
    assert point.retired_reason == "wrong_person"
