"""Who calls: both ways, by code and by staff number, and no answer that tells a stranger anything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client

from lenity.base.outcomes import InputRefused
from lenity.gateways import clock
from lenity.operations.add_api_client import add_api_client
from lenity.operations.add_staff import add_staff
from lenity.operations.check_contact import Answer, check_contact
from lenity.operations.place_loan import place_loan
from lenity.operations.recall_placement import recall_placement
from lenity.operations.report_impostor import report_impostor
from lenity.operations.request_agency_contact import request_agency_contact
from lenity.operations.request_contact import request_contact
from lenity.records.debt_collection import check_queries, queries, voice_queries
from lenity.records.debt_collection.models import Contact, ContactCheck, OutboxMessage, Placement
from lenity.records.people.models import StaffMember
from tests import factories

TODAY = factories.MORNING.date()
pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def now() -> Iterator[clock.ManualClock]:
    with clock.use(clock.ManualClock(factories.MORNING)) as running:
        yield running


def collector(agency: str = "", **changes: Any) -> StaffMember:
    asked: dict[str, Any] = {
        "username": "li",
        "display_name": "李静 Li Jing",
        "staff_number": "0421",
        "password": "long enough pass",
        "roles": ("collector",),
        "role_reason": "collects",
        "actor": "test",
        "agency": agency,
    }
    return add_staff(**{**asked, **changes}).staff


def call(staff: StaffMember) -> Contact:
    owner = factories.borrower()
    made = request_contact(
        borrower_id=owner.public_id,
        channel="call",
        purpose="collection",
        point_id=factories.contact_point(owner).public_id,
        loan_ids=(factories.late_loan(owner).public_id,),
        actor=staff.public_id,
    )
    assert made.verdict == "allowed"
    return made


def read_out(contact: Contact, staff: StaffMember) -> str:
    codes = check_queries.codes_of_caller(contact.public_id, staff.public_id, clock.now())
    assert codes is not None
    return codes.caller_reads


def live(code: str, ending: str = "8000", address: str = "10.0.0.1") -> Answer:
    return check_contact(code=code, ending=ending, address=address)


def test_the_code_that_a_caller_reads_out_says_who_and_until_when(now: clock.ManualClock) -> None:
    staff = collector()
    contact = call(staff)
    answer = live(read_out(contact, staff))
    assert (answer.result, answer.who, answer.staff_number, answer.to_ending) == (
        "yes",
        "李静 Li Jing",
        "0421",
        "00",
    )
    assert answer.valid_until == factories.MORNING + timedelta(hours=2)
    shown = queries.contact(contact.borrower.public_id, contact.public_id)
    assert shown is not None
    assert [result for result, _ in shown.checks] == ["yes"]


def test_another_ending_another_minute_and_another_staff_learn_nothing(now: clock.ManualClock) -> None:
    staff = collector()
    contact = call(staff)
    code = read_out(contact, staff)
    assert live(code, ending="8001") == Answer("no")
    assert live("000000" if code != "000000" else "000001") == Answer("no")
    assert check_queries.codes_of_caller(contact.public_id, "somebody else", clock.now()) is None
    now.advance(timedelta(minutes=3))
    assert live(code) == Answer("no")
    now.advance(timedelta(hours=2))
    assert live(code) == Answer("no")


def test_the_borrower_sees_a_code_that_only_the_caller_can_read_out() -> None:
    staff = collector()
    contact = call(staff)
    codes = check_queries.codes_of_caller(contact.public_id, staff.public_id, clock.now())
    seen = check_queries.live_call(contact.borrower.public_id, clock.now(), clock.business_now)
    assert codes is not None
    assert seen is not None
    assert (seen.code, seen.staff_number) == (codes.borrower_asks, "0421")
    assert seen.code != codes.caller_reads
    assert live(seen.code) == Answer("no")
    other = factories.borrower()
    assert check_queries.live_call(other.public_id, clock.now(), clock.business_now) is None


def test_a_staff_number_with_the_phones_ending() -> None:
    call(collector())
    yes = check_contact(staff_number="0421", ending="8000", address="10.0.0.1")
    assert (yes.result, yes.who) == ("yes", "李静 Li Jing")
    for number, ending in (("0421", "1111"), ("0422", "8000"), ("0421", "")):
        assert check_contact(staff_number=number, ending=ending, address="10.0.0.1") == Answer("no")


def test_an_ended_authority_answers_no(now: clock.ManualClock) -> None:
    staff = collector(authority_until=TODAY)
    contact = call(staff)
    assert check_contact(code=contact.code, address="10.0.0.1").result == "yes"
    now.advance(timedelta(days=1))
    assert check_contact(code=contact.code, address="10.0.0.1") == Answer("no")
    assert check_contact(staff_number="0421", ending="8000", address="10.0.0.1") == Answer("no")


def agency_call(now: clock.ManualClock) -> tuple[Contact, Placement, StaffMember]:
    add_api_client(name="agency-a", scopes=("contacts",), actor="test")
    owner = factories.borrower()
    point, loan = factories.contact_point(owner), factories.late_loan(owner)
    told = request_contact(
        borrower_id=owner.public_id,
        channel="sms",
        purpose="outsourcing_notice",
        point_id=point.public_id,
        loan_ids=(loan.public_id,),
        template="cn-outsourcing-notice-sms",
        actor="test",
    )
    OutboxMessage.objects.filter(contact=told).update(state="handed", handed_at=factories.MORNING)
    placement = place_loan(
        agency="agency-a",
        loan_id=loan.public_id,
        channels=("call",),
        opens=time(9),
        closes=time(11),
        until=TODAY + timedelta(days=9),
        actor="test",
    )
    now.advance(timedelta(days=1))
    staff = collector("agency-a")
    asked = {"agency": "agency-a", "loan_id": loan.public_id, "channel": "call"}
    with pytest.raises(InputRefused, match="No collector of yours"):
        request_agency_contact(**asked, staff_number="9999")
    contact = request_agency_contact(**asked, staff_number="0421")
    assert contact.verdict == "allowed"
    return contact, placement, staff


def test_a_recalled_placement_answers_no_at_once(now: clock.ManualClock) -> None:
    contact, placement, staff = agency_call(now)
    answer = live(read_out(contact, staff))
    assert (answer.result, answer.agency) == ("yes", "agency-a")
    assert answer.valid_until == now.now().replace(hour=3, minute=0)  # 11:00 in Shanghai
    recall_placement(placement_id=placement.public_id, actor="test")
    assert live(read_out(contact, staff)) == Answer("no")
    assert check_contact(code=contact.code, address="10.0.0.1") == Answer("no")
    assert check_queries.live_call(contact.borrower.public_id, clock.now(), clock.business_now) is None


def test_after_the_agencys_hours_the_answer_is_no(now: clock.ManualClock) -> None:
    contact, _, staff = agency_call(now)
    now.move_to(now.now().replace(hour=3, minute=0))
    assert live(read_out(contact, staff)) == Answer("no")


def test_guessing_at_an_ending_is_stopped_whatever_the_address() -> None:
    staff = collector()
    code = read_out(call(staff), staff)
    wrong = "111111" if code != "111111" else "222222"
    assert [live(wrong, address=f"10.0.1.{n}").result for n in range(10)] == ["no"] * 10
    assert live(code, address="10.0.2.1") == Answer("busy")
    assert ContactCheck.objects.filter(result="busy").count() == 1


def test_an_impostor_is_reported_and_compliance_reads_it() -> None:
    owner = factories.borrower()
    report_impostor(told="  有人自称是你们的人  ", address="10.0.0.1", borrower_id=owner.public_id)
    [shown] = voice_queries.impostor_reports()
    assert (shown.told, shown.borrower) == ("有人自称是你们的人", owner.public_id)
    with pytest.raises(InputRefused, match="5 to 2000"):
        report_impostor(told="abc", address="10.0.0.1")
    for count in range(4):
        for _ in range(2):
            report_impostor(told=f"somebody called, {count}", address="10.0.0.1")
    assert len(voice_queries.impostor_reports()) == 5, "the same words twice are one report"
    with pytest.raises(InputRefused, match="Wait an hour"):
        report_impostor(told="somebody called", address="10.0.0.1")


def test_over_http_and_on_the_page() -> None:
    staff = collector()
    code = read_out(call(staff), staff)
    body = {"code": code, "phone_ending": "8000"}
    answer = Client().post("/api/v1/verify", json.dumps(body), content_type="application/json")
    assert (answer.status_code, answer.json()["staff_number"]) == (200, "0421")
    page = Client().post("/verify/", {"code": code, "ending": "8000"}, headers={"accept-language": "en"})
    assert "李静 Li Jing" in page.content.decode()
    missing = Client().post("/verify/", {"code": code}, headers={"accept-language": "en"})
    assert "last four digits" in missing.content.decode()
    report = Client().post("/verify/report/", {"told": "somebody asked for money"})
    assert report.status_code == 302
    assert len(voice_queries.impostor_reports()) == 1
    told = {"told": "somebody asked"}
    made = Client().post("/api/v1/impostors", json.dumps(told), content_type="application/json")
    assert made.status_code == 201
