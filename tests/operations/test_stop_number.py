"""A message for somebody else: the holder of the number stops it, and learns nothing."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from lenity.gateways import clock
from lenity.operations.request_contact import request_contact
from lenity.operations.request_stop_code import request_stop_code
from lenity.operations.stop_number import stop_number
from lenity.records import encrypted
from lenity.records.debt_collection import voice_queries
from lenity.records.debt_collection.models import Contact, OutboxMessage
from lenity.records.people.models import Borrower, ContactPoint
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def reminded() -> Contact:
    with clock.use(clock.ManualClock(factories.MORNING)):
        owner = factories.borrower()
        point = factories.contact_point(owner)
        loan = factories.late_loan(owner)
        return request_contact(
            borrower_id=owner.public_id,
            channel="sms",
            purpose="collection",
            point_id=point.public_id,
            loan_ids=(loan.public_id,),
            template="cn-reminder-sms",
            actor="strategy",
        )


def _digits() -> str:
    row = OutboxMessage.objects.filter(contact__template="stop-number-code-sms").latest("contact_id")
    place = {"table": "debt_collection_outboxmessage", "column": "body", "row": row.contact.public_id}
    found = re.search(r"(?<!\d)\d{6}(?!\d)", json.loads(encrypted.unseal(row.body_sealed, **place))["body"])
    assert found
    return found.group()


def test_the_holder_stops_a_number_in_every_account(reminded: Contact) -> None:
    with clock.use(clock.ManualClock(factories.MORNING)):
        other = factories.contact_point(factories.borrower(name="李四"))
        asked = request_stop_code(code=reminded.code.lower(), address="203.0.113.7")
        digits = _digits()
        assert not stop_number(request_id=asked, code="000000" if digits != "000000" else "000001")
        assert stop_number(request_id=asked, code=digits)
        assert not stop_number(request_id=asked, code=digits)
        assert not ContactPoint.objects.filter(pk__in=(reminded.contact_point_id, other.pk), retired_at=None)
        waiting = OutboxMessage.objects.filter(state="queued")
        assert list(waiting) == []
        (seen,) = [
            one for one in voice_queries.wrong_numbers(9) if one.borrower == reminded.borrower.public_id
        ]
        assert seen.by_holder


def test_an_unknown_code_answers_alike_and_sends_nothing(reminded: Contact) -> None:
    with clock.use(clock.ManualClock(factories.MORNING)):
        before = OutboxMessage.objects.count()
        asked = request_stop_code(code="AAAA222222", address="203.0.113.7")
        assert len(asked) > 20
        assert OutboxMessage.objects.count() == before
        assert not stop_number(request_id=asked, code="123456")
        assert not stop_number(request_id="never made", code="123456")


def test_a_number_gets_five_codes_an_hour(reminded: Contact) -> None:
    with clock.use(clock.ManualClock(factories.MORNING)):
        for _ in range(8):
            request_stop_code(code=reminded.code, address="203.0.113.7")
        assert Contact.objects.filter(template="stop-number-code-sms").count() == 5


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_says_nothing_of_the_person_or_a_debt(reminded: Contact, language: str) -> None:
    with clock.use(clock.ManualClock(factories.MORNING)):
        client = Client(HTTP_ACCEPT_LANGUAGE=language)
        first = client.post("/verify/", {"code": reminded.code})
        assert "/verify/not-me/" in first.content.decode()
        begun = client.post("/verify/not-me/", {"step": "begin", "code": reminded.code})
        assert begun.status_code == 200
        assert reminded.code in begun.content.decode()
        assert client.post("/verify/not-me/", {"step": "code", "code": ""}).status_code == 422
        assert client.post("/verify/not-me/", {"step": "code", "code": reminded.code}).status_code == 302
        shown = client.get("/verify/not-me/").content.decode()
        wrong = client.post("/verify/not-me/", {"step": "digits", "digits": "1"})
        assert wrong.status_code == 422
        done = client.post("/verify/not-me/", {"step": "digits", "digits": _digits()})
        assert done.status_code == 200
        for text in (shown, done.content.decode()):
            assert not [word for word in ("王小明", "欠", "逾期", "overdue", "debt", "loan") if word in text]
        assert Borrower.objects.get().contact_points.get().retired_reason == "holder_says_not_hers"
