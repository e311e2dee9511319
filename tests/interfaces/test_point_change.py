"""A borrower changes her number or e-mail: two codes, word to the old ones, a wait, and a stop at any time."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from typer.testing import CliRunner

from lenity.gateways import clock
from lenity.interfaces.cli import main
from lenity.operations.confirm_point_change import confirm_point_change
from lenity.operations.request_contact import request_contact
from lenity.operations.stop_point_change import stop_point_change
from lenity.operations.take_point_change import take_point_change
from lenity.records import encrypted
from lenity.records.debt_collection.models import Contact, OutboxMessage
from lenity.records.people import point_queries, queries
from lenity.records.people.models import Borrower, ContactPoint, PointChange, SignInCode
from tests import factories, world

pytestmark = [pytest.mark.database, pytest.mark.django_db]
OLD, NEW, PROOF = "+8613800138000", "+8613700137000", "1990-03-07"
WAIT = timedelta(hours=72)
ASK = {"kind": "mobile", "mobile": "137 0013 7000"}


@pytest.fixture
def wang(now: clock.ManualClock) -> Borrower:
    owner = factories.borrower()
    factories.contact_point(owner, value=OLD)
    factories.contact_point(owner, kind="email", value="wang@example.com")
    return owner


@pytest.fixture
def client(wang: Borrower) -> Client:
    return world.as_borrower(wang)


def body(message: OutboxMessage) -> str:
    place = {"table": "debt_collection_outboxmessage", "column": "body", "row": message.contact.public_id}
    return str(json.loads(encrypted.unseal(message.body_sealed, **place))["body"])


def newest_code() -> str:
    found = re.search(r"\d{6}", body(OutboxMessage.objects.filter(contact__purpose="sign_in").latest("pk")))
    assert found
    return found.group()


def asked(client: Client, fields: dict[str, str] | None = None) -> dict[str, str]:
    """Ask for a change; the fields that confirm it."""
    fields = fields or ASK
    assert client.post("/me/reach/", fields).status_code == 302
    change = PointChange.objects.get(ended_at=None, kind=fields["kind"])
    return {"do": "confirm", "kind": fields["kind"], "change": change.public_id, "code": newest_code()}


def signs_in(number: str) -> bool:
    stranger = Client()
    stranger.post("/sign-in/", {"mobile": number})
    return stranger.post("/sign-in/code/", {"code": newest_code(), "proof": PROOF}).status_code == 302


def test_the_new_number_is_hers_after_two_codes_and_the_wait(
    client: Client, wang: Borrower, now: clock.ManualClock
) -> None:
    now.advance(timedelta(minutes=6))
    assert client.post("/me/reach/", ASK).status_code == 403, "first a code to the number she has"
    old_code = newest_code()
    assert OutboxMessage.objects.latest("pk").contact.contact_point.mask.endswith("8000")
    assert client.post("/me/reach/", ASK | {"step_up_code": old_code}).status_code == 302
    change = PointChange.objects.get()
    confirm = {"do": "confirm", "kind": "mobile", "change": change.public_id}
    assert client.post("/me/reach/", confirm | {"code": old_code}).status_code == 422, (
        "not the old one's code"
    )
    assert OutboxMessage.objects.latest("pk").contact.contact_point.mask.endswith("7000")
    assert client.post("/me/reach/", confirm | {"code": newest_code()}).status_code == 302

    told = OutboxMessage.objects.filter(contact__purpose="receipt")
    assert {one.contact.channel for one in told} == {"sms", "email"}
    assert all("11月27日 10:18" in body(one) for one in told), "what she has now is told, with the time"
    assert "+86137****7000" in client.get("/").content.decode(), "whoever signs in sees it first"

    now.advance(WAIT - timedelta(seconds=1))
    assert take_point_change(actor="test") == "", "the last second of the wait"
    assert [one.public_id for one in queries.find_by_mobile(NEW)] == []
    assert signs_in(OLD)
    now.advance(timedelta(seconds=1))
    ran = CliRunner().invoke(main.build(), ["borrower", "points"])
    assert json.loads(ran.output) == {"taken": 1}
    assert take_point_change(actor="test") == "", "once"
    assert queries.mobile_of(wang) == NEW
    assert queries.find_by_mobile(OLD) == [], "whoever gets the old number next gets nothing of hers"
    assert signs_in(NEW)


def test_until_it_is_hers_nothing_but_its_code_goes_there(client: Client, wang: Borrower) -> None:
    loan = factories.late_loan(wang)
    confirm = asked(client)
    assert client.post("/me/reach/", confirm).status_code == 302
    new = PointChange.objects.get().point
    assert new.role == "unconfirmed"
    for purpose, template in (("collection", "cn-reminder-sms"), ("negative_report_notice", "")):
        with pytest.raises(ContactPoint.DoesNotExist):
            request_contact(
                borrower_id=wang.public_id,
                channel="sms",
                purpose=purpose,
                point_id=new.public_id,
                loan_ids=(loan.public_id,),
                template=template,
                actor="test",
            )
    assert queries.own_mobile(wang) != new


def test_stopping_needs_no_code_and_leaves_everything_as_it_was(
    client: Client, wang: Borrower, now: clock.ManualClock
) -> None:
    assert client.post("/me/reach/", asked(client)).status_code == 302
    change = PointChange.objects.get()
    other = factories.borrower(name="李雷")
    assert not stop_point_change(borrower_id=other.public_id, change_id=change.public_id, actor="borrower")
    now.advance(timedelta(minutes=10))
    assert client.post("/me/reach/", {"do": "stop", "change": change.public_id}).status_code == 302
    now.advance(WAIT)
    assert take_point_change(actor="test") == ""
    assert queries.mobile_of(wang) == OLD
    change.refresh_from_db()
    assert (change.ended_as, change.point.retired_reason) == ("stopped", "stopped")


def test_another_borrower_confirms_nothing_of_hers(client: Client) -> None:
    confirm = asked(client)
    other = factories.borrower(name="李雷")
    factories.contact_point(other, value="+8613900139000")
    assert world.as_borrower(other).post("/me/reach/", confirm).status_code == 422
    assert not confirm_point_change(
        borrower_id=other.public_id, change_id=confirm["change"], code=confirm["code"], actor="borrower"
    )
    assert PointChange.objects.get().confirmed_at is None
    assert client.post("/me/reach/", confirm).status_code == 302, "hers still works"


@pytest.mark.parametrize("age", [timedelta(minutes=5), timedelta(minutes=4, seconds=59)])
def test_its_code_is_good_for_five_minutes_and_five_tries(
    client: Client, now: clock.ManualClock, age: timedelta
) -> None:
    confirm = asked(client)
    wrong = confirm | {"code": "000000" if confirm["code"] != "000000" else "111111"}
    for _ in range(4):
        assert client.post("/me/reach/", wrong).status_code == 422
    now.advance(age)
    in_time = age < timedelta(minutes=5)
    assert client.post("/me/reach/", confirm).status_code == (302 if in_time else 422)
    assert client.post("/me/reach/", confirm).status_code == 422, "once"


def test_what_cannot_be_one_is_told_and_stays_typed(client: Client) -> None:
    cases = {
        ("mobile", "12"): "point.mobile",
        ("mobile", ""): "point.mobile",
        ("mobile", "13800138000"): "point.same",
        ("email", "nobody"): "point.email",
        ("email", "x" * 130 + "@example.com"): "point.email",
        ("email", "wang@example.com"): "point.same",
        ("pigeon", "home"): "point.kind",
    }
    for (kind, value), code in cases.items():
        answer = client.post("/me/reach/", {"kind": kind, kind: value})
        assert answer.status_code == 422, (kind, value, code)
        assert kind == "pigeon" or len(value) > 120 or f'value="{value}"' in answer.content.decode()
    assert not SignInCode.objects.filter(phone_index="").exists()
    assert not PointChange.objects.filter(kind="pigeon").exists()


def test_three_a_day_and_a_new_one_takes_the_place_of_the_old(
    client: Client, wang: Borrower, now: clock.ManualClock
) -> None:
    for ending in ("1", "2", "3"):
        asked(client, ASK | {"mobile": f"1370013700{ending}"})
    assert PointChange.objects.filter(ended_as="replaced").count() == 2
    refused = client.post("/me/reach/", ASK)
    assert (refused.status_code, PointChange.objects.count()) == (422, 3)
    now.advance(timedelta(days=1))
    client = world.as_borrower(wang)
    asked(client)


def test_no_code_past_the_limit_of_a_number_and_the_open_change_stays(client: Client) -> None:
    asked(client)
    row = SignInCode.objects.latest("pk")
    index = encrypted.blind_index(NEW, purpose="sign_in")
    assert row.phone_index == index
    for number in range(4):
        SignInCode.objects.create(
            request_id=f"r{number}",
            phone_index=index,
            code_hash="",
            created_at=clock.now(),
            expires_at=clock.now(),
        )
    answer = client.post("/me/reach/", ASK)
    assert answer.status_code == 422
    assert PointChange.objects.filter(ended_at=None).count() == 1
    assert Contact.objects.filter(purpose="sign_in").count() == 1
    assert ContactPoint.objects.filter(retired_reason="no code left").count() == 1


def test_an_address_where_there_was_none(wang: Borrower, now: clock.ManualClock) -> None:
    ContactPoint.objects.filter(kind="email").delete()
    client = world.as_borrower(wang)
    confirm = asked(client, {"kind": "email", "email": "new@example.com"})
    assert client.post("/me/reach/", confirm).status_code == 302
    now.advance(WAIT)
    assert take_point_change(actor="test")
    assert [one.mask for one in point_queries.reach_of(wang.public_id)] == ["+86****8000", "n***@example.com"]


def test_the_database_takes_no_change_before_its_time(client: Client) -> None:
    asked(client)
    row = PointChange.objects.get()
    early = {"ended_at": clock.now(), "ended_as": "taken"}
    for wrong in (
        early,
        early | {"confirmed_at": clock.now(), "effective_at": clock.now() + WAIT},
        {"effective_at": clock.now()},
        {"confirmed_at": clock.now(), "effective_at": clock.now()},
        {"ended_at": clock.now(), "ended_as": "lost"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            PointChange.objects.filter(pk=row.pk).update(**wrong)
