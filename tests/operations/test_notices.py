"""Notices that others wait for go through the gate: placings, assignments, the validation of a debt."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from lenity.base.outcomes import InputRefused
from lenity.gateways import clock
from lenity.operations.add_api_client import add_api_client
from lenity.operations.close_day import close_day
from lenity.operations.open_hold import open_hold
from lenity.operations.place_loan import place_loan
from lenity.operations.place_loans import place_loans
from lenity.operations.recall_placement import recall_placement
from lenity.operations.record_assignment import record_assignment
from lenity.operations.record_outcome import record_outcome
from lenity.operations.request_agency_contact import request_agency_contact
from lenity.operations.request_contact import request_contact
from lenity.operations.send_notices import send_notices
from lenity.records import encrypted
from lenity.records.audit.models import AuditEvent
from lenity.records.debt_collection import gate_queries, notice_list
from lenity.records.debt_collection.models import Contact, DeliveryReceipt, OutboxMessage, Placement
from lenity.records.lending.models import Loan
from tests import factories, world

pytestmark = [pytest.mark.database, pytest.mark.django_db]
TODAY = factories.MORNING.date()
NEW_YORK = ("America/New_York",)
NOON_US = datetime(2026, 11, 24, 17, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now() -> Iterator[clock.ManualClock]:
    with clock.use(clock.ManualClock(factories.MORNING)) as running:
        add_api_client(name="agency-a", scopes=("contacts",), actor="test")
        yield running


def late(place: str = "CN", **more: Any) -> Loan:
    owner = factories.borrower(jurisdiction=place, language="en" if place == "US" else "zh-hans")
    zones = NEW_YORK if place == "US" else ("Asia/Shanghai",)
    if more.pop("mobile", True):
        factories.contact_point(owner, zones=zones)
    if more.pop("email", True):
        factories.contact_point(owner, kind="email", value="w@example.org", zones=zones)
    return factories.late_loan(owner, currency="USD" if place == "US" else "CNY", **more)


def place(loan: Loan, **changes: Any) -> Placement:
    asked: dict[str, Any] = {
        "agency": "agency-a",
        "loan_id": loan.public_id,
        "channels": ("sms", "email", "call"),
        "opens": time(8),
        "closes": time(21),
        "until": TODAY + timedelta(days=90),
        "actor": "test",
    }
    return place_loan(**{**asked, **changes})


def notices(loan: Loan) -> list[Contact]:
    wanted = ("outsourcing_notice", "assignment_notice", "validation")
    return list(Contact.objects.filter(borrower=loan.borrower, purpose__in=wanted).order_by("id"))


def hand_over(contact: Contact) -> None:
    OutboxMessage.objects.filter(contact=contact).update(state="handed", handed_at=clock.now())


def body(contact: Contact) -> str:
    where = {"table": "debt_collection_outboxmessage", "column": "body", "row": contact.public_id}
    said = json.loads(encrypted.unseal(contact.outbox.body_sealed, **where))
    assert isinstance(said["body"], str)
    return said["body"]


def listed(loan: Loan) -> list[notice_list.Notice]:
    return notice_list.listed(clock.business_day, loans=[loan.public_id])


def test_placing_asks_for_the_notice_and_the_agency_waits_for_it(now: clock.ManualClock) -> None:
    loan = late()
    place(loan)
    (told,) = notices(loan)
    assert (told.verdict, told.template, told.debts) == (
        "allowed",
        "cn-outsourcing-notice-sms",
        [loan.public_id],
    )
    events = AuditEvent.objects.filter(operation="request_contact", subject_id=told.public_id)
    assert events.count() == 1
    refused = request_agency_contact(agency="agency-a", loan_id=loan.public_id, channel="sms")
    assert refused.decision.leading_provision == "CN-XB-2022"
    hand_over(told)
    now.advance(timedelta(days=1))
    assert (
        request_agency_contact(agency="agency-a", loan_id=loan.public_id, channel="sms").verdict == "allowed"
    )
    assert [one.state for one in listed(loan)] == ["sent"]


def test_at_night_the_notice_is_put_off_and_asked_again_in_the_morning(now: clock.ManualClock) -> None:
    now.move_to(factories.MORNING.replace(hour=14))  # 22:00 in Shanghai
    loan = late()
    place(loan)
    assert [one.verdict for one in notices(loan)] == ["deferred"]
    assert send_notices(actor="test")["by_hand"] == 0
    assert len(notices(loan)) == 1, "not before the instant that the gate named"
    now.advance(timedelta(hours=10))
    assert send_notices(actor="test")["allowed"] == 1
    first, again = notices(loan)
    assert again.retries == first
    assert send_notices(actor="test").get("allowed", 0) == 0, "once asked, it waits to be handed over"


def test_a_notice_that_came_back_is_due_again(now: clock.ManualClock) -> None:
    loan = late()
    place(loan)
    (told,) = notices(loan)
    hand_over(told)
    assert [one.state for one in listed(loan)] == ["sent"]
    DeliveryReceipt.objects.create(
        provider="p", provider_id="1", state="undelivered", received_at=now.now(), raw="", message=told.outbox
    )
    assert [one.state for one in listed(loan)] == ["waits"]
    now.advance(timedelta(days=1))
    assert send_notices(actor="test")["allowed"] == 1


def test_without_an_address_somebody_has_to_write() -> None:
    loan = late(mobile=False, email=False)
    place(loan)
    assert notices(loan) == []
    assert send_notices(actor="test") == {"by_hand": 1, "late": 0}


@pytest.mark.parametrize("where", ["US", "CN"])
@pytest.mark.parametrize("kind", ["discharged", "identity_theft"])
def test_what_may_not_be_placed_is_refused_by_the_gate(where: str, kind: str) -> None:
    loan = late(where)
    open_hold(borrower_id=loan.borrower.public_id, loan_id=loan.public_id, kind=kind, actor="test")
    with pytest.raises(InputRefused, match=r"HOUSE-TRANSFER|US-RF-30b|US-FCRA-615F"):
        place(loan)
    assert not Placement.objects.exists()
    other = factories.late_loan(loan.borrower)
    assert place(other), "another debt of hers is free"


def test_a_paid_debt_is_not_placed() -> None:
    loan = late()
    loan.payments.create(
        public_id="P1",
        amount_minor=50_000,
        value_date=TODAY,
        received_at=factories.MORNING,
        source="t",
        source_id="t",
        ledger_transaction_id=1,
    )
    with pytest.raises(InputRefused, match="HOUSE-TRANSFER"):
        place(loan)


def test_placing_many_leaves_out_what_was_paid_since_the_close_and_tells_the_rest() -> None:
    paid, owed = late(days_late=45), late(days_late=44)
    close_day(business_date=TODAY, actor="test")
    paid.payments.create(
        public_id="P1",
        amount_minor=50_000,
        value_date=TODAY,
        received_at=factories.MORNING,
        source="t",
        source_id="t",
        ledger_transaction_id=1,
    )
    made = place_loans(
        agency="agency-a",
        stage="MIDDLE",
        product="",
        at_most=10,
        channels=("sms",),
        opens=time(9),
        closes=time(18),
        until=TODAY + timedelta(days=9),
        actor="test",
    )
    assert made.loans == 1
    assert [one.loan for one in Placement.objects.all()] == [owed]
    assert len(notices(owed)) == 1


def test_nobody_collects_a_bought_claim_before_its_notice_left(now: clock.ManualClock) -> None:
    loan = late()
    point = loan.borrower.contact_points.get(kind="mobile")

    def ask() -> Contact:
        return request_contact(
            borrower_id=loan.borrower.public_id,
            channel="sms",
            purpose="collection",
            point_id=point.public_id,
            loan_ids=(loan.public_id,),
            template="cn-reminder-sms",
            actor="test",
        )

    hold = record_assignment(loan_id=loan.public_id, former="样例银行", assigned_on=TODAY, actor="test")
    assert hold.detail == {"from": "样例银行", "on": TODAY.isoformat()}
    (told,) = notices(loan)
    assert "样例银行" in body(told)
    assert ask().decision.leading_provision == "CN-CC-546-BOUGHT"
    hand_over(told)
    now.advance(timedelta(days=1))
    assert ask().verdict == "allowed"
    with pytest.raises(InputRefused, match="on record"):
        record_assignment(loan_id=loan.public_id, former="x", assigned_on=TODAY, actor="test")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"former": " "}, "1 to 80"),
        ({"former": "x" * 81}, "1 to 80"),
        ({"former": "a\nb"}, "1 to 80"),
        ({"assigned_on": TODAY + timedelta(days=1)}, "today"),
        ({"assigned_on": date(2024, 1, 4)}, "first day"),
        ({"loan_id": "nothing"}, "no loan"),
    ],
)
def test_a_faulty_assignment_is_named(changes: dict[str, Any], says: str) -> None:
    asked: dict[str, Any] = {"loan_id": late().public_id, "former": "样例银行", "assigned_on": TODAY}
    with pytest.raises(InputRefused, match=says):
        record_assignment(**(asked | changes), actor="test")


def test_the_validation_notice_itemises_the_debt_and_begins_the_period(now: clock.ManualClock) -> None:
    now.move_to(NOON_US)
    loan = late("US", minor=60_000)
    loan.payments.create(
        public_id="P1",
        amount_minor=10_000,
        value_date=date(2026, 10, 1),
        received_at=factories.MORNING,
        source="t",
        source_id="t",
        ledger_transaction_id=1,
    )
    place(loan)
    (told,) = notices(loan)
    assert (told.verdict, told.channel, told.purpose) == ("allowed", "email", "validation")
    said = body(told)
    for line in (
        "agency-a is a debt collector",
        "As of 2026-10-01, you owed: USD 500.00",
        "in interest: + USD 0.00",
        "toward the debt: - USD 0.00",
        "Total amount of the debt now: USD 500.00",
        "write to us by 2027-01-01",
    ):
        assert line in said, line
    hand_over(told)
    (one,) = listed(loan)
    # Sent on Tuesday 24 November; without Thanksgiving and a weekend the fifth day is 2 December.
    assert (one.state, one.dispute_by) == ("sent", date(2027, 1, 1))


def test_a_dispute_in_the_period_stops_an_agency(now: clock.ManualClock) -> None:
    now.move_to(NOON_US)
    loan = late("US")
    place(loan)
    hand_over(notices(loan)[0])
    now.advance(timedelta(days=3))
    hold = open_hold(
        borrower_id=loan.borrower.public_id, loan_id=loan.public_id, kind="dispute", actor="test"
    )
    assert hold
    asked = request_agency_contact(agency="agency-a", loan_id=loan.public_id, channel="email")
    assert {one["id"] for one in stopping(asked)} >= {"US-RF-38"}


def stopping(contact: Contact) -> list[dict[str, Any]]:
    plain = gate_queries.certificate_of(contact.decision)
    return [one for one in plain["provisions"] if one["effect"] != "allows"]


@pytest.mark.parametrize(("days", "state"), [(5, "waits"), (6, "late")])
def test_five_days_from_the_first_talk_the_notice_is_late(
    now: clock.ManualClock, days: int, state: str
) -> None:
    now.move_to(NOON_US)
    loan = late("US", email=False)
    place(loan)
    assert [(one.by, one.verdict) for one in listed(loan)] == [(None, "")]
    call = request_agency_contact(agency="agency-a", loan_id=loan.public_id, channel="call")
    assert call.verdict == "allowed"
    assert [one.by for one in listed(loan)] == [None], "an attempt is no communication"
    record_outcome(contact_id=call.public_id, outcome="conversation", actor="agency-a")
    (one,) = listed(loan)
    assert (one.first_on, one.by) == (TODAY, TODAY + timedelta(days=5))
    now.advance(timedelta(days=days))
    assert [one.state for one in listed(loan)] == [state]
    close_day(business_date=TODAY + timedelta(days=days), actor="test")
    told = json.loads(
        AuditEvent.objects.filter(operation="close_day", subject_kind="close").latest("id").body
    )
    assert told["late_notices"] == (state == "late")
    assert send_notices(actor="test")["late"] == (state == "late")


def test_a_recalled_loan_calls_for_no_notice() -> None:
    loan = late()
    placement = place(loan)
    recall_placement(placement_id=placement.public_id, actor="test")
    assert listed(loan) == []


def test_agencies_speak_as_debt_collectors_in_the_united_states(now: clock.ManualClock) -> None:
    now.move_to(NOON_US)
    loan = late("US")
    place(loan)
    asked = request_agency_contact(agency="agency-a", loan_id=loan.public_id, channel="sms")
    assert asked.verdict == "allowed"
    assert "This is from a debt collector" in body(asked)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_compliance_reads_the_clocks_and_asks(now: clock.ManualClock, language: str) -> None:
    now.move_to(factories.MORNING.replace(hour=14))
    place(late())
    now.move_to(factories.MORNING + timedelta(days=1))
    client = world.as_staff("compliance")
    client.cookies["django_language"] = language
    text = client.get("/compliance/notices/").content.decode()
    assert re.search("Not sent yet|尚未发出", text)
    assert "agency-a" in text
    assert client.post("/compliance/notices/").status_code == 302
    hand_over(Contact.objects.get(purpose="outsourcing_notice", verdict="allowed"))
    text = client.get("/compliance/notices/").content.decode()
    assert re.search("No notice waits|没有待发出的告知", text)
    assert len(text.encode()) < 100_000
