"""The collector's day on the pages: one case, the right person first, each act in three clicks at most."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lenity.domain.debt_collection import call_script
from lenity.gateways import clock
from lenity.operations.close_day import close_day
from lenity.operations.end_hold import end_hold
from lenity.operations.open_hold import open_hold
from lenity.records.audit.models import AuditEvent
from lenity.records.debt_collection import desk_queries
from lenity.records.debt_collection.models import (
    CaseLease,
    CaseLookUp,
    Contact,
    ContactOutcome,
    Hold,
    OutboxMessage,
)
from lenity.records.people.models import Borrower, ContactPoint
from tests import factories, world

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
MOBILE = "+8613800138000"
SECRETS = ("1,234.56", "1234.56", "40 days", "Account ending", "Unpaid since", "past due</dt>")


@pytest.fixture
def wang(now: clock.ManualClock) -> Borrower:
    owner = factories.borrower()
    factories.contact_point(owner, value=MOBILE)
    factories.late_loan(owner, days_late=40, minor=123_456)
    close_day(business_date=factories.MORNING.date(), actor="test")
    return owner


@pytest.fixture
def li(wang: Borrower) -> Client:
    return _collector()


def _collector(name: str = "li") -> Client:
    client = world.as_staff("collector", name=name)
    client.cookies["django_language"] = "en"
    return client


def _desk(client: Client) -> str:
    return str(client.get("/work/").content.decode())


def _case(client: Client, said: str = "1990 03 07") -> str:
    client.post("/work/next/")
    client.post("/work/confirm/", {"said": said})
    return _desk(client)


def _fields(text: str, action: str) -> dict[str, str]:
    """What the form of the page would send as it stands."""
    form = text.split(f'action="{action}"')[1].split("</form>")[0]
    return dict(re.findall(r'name="(\w+)"[^>]*? value="([^"]*)"', form))


def test_the_queue_has_numbers_and_no_names(li: Client) -> None:
    text = _desk(li)
    assert "王小明" not in text
    assert "31-60 days past due" in text
    assert "Next case" in text


def test_a_long_queue_is_counted_to_a_bound(li: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_queries, "MOST_COUNTED", 2)
    for more, shown in ((1, "2"), (1, "2+"), (2, "2+")):
        for _ in range(more):
            owner = factories.borrower(name="李雷")
            factories.contact_point(owner, value="+8613900139000")
            factories.late_loan(owner, days_late=45)
        close_day(business_date=factories.MORNING.date(), actor="test")
        queue = _desk(li).split('class="pane queue"')[1]
        assert f'<p class="big">{shown}</p>' in queue
        assert f"<dt>31-60 days past due</dt><dd>{shown}</dd>" in queue


def test_the_queue_is_counted_when_something_happened_and_not_for_every_page(
    li: Client, wang: Borrower, now: clock.ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    count, times = desk_queries.counted, []
    monkeypatch.setattr(desk_queries, "counted", lambda *given: times.append(1) or count(*given))

    def shown() -> tuple[str, int]:
        before = len(times)
        queue = _desk(li).split('class="pane queue"')[1]
        return re.findall(r'class="big">(\S+?)<', queue)[0], len(times) - before

    shown()
    assert shown() == ("1", 0), "nothing happened: the count stands"
    now.advance(timedelta(seconds=29))
    assert shown() == ("1", 0)
    now.advance(timedelta(seconds=1))
    assert shown() == ("1", 1), "what time alone changes shows within half a minute"
    li.post("/work/next/")
    assert shown() == ("0", 1), "a case that was taken shows at once"
    li.post("/work/put-back/", {"how": "not_reached"})
    assert shown()[1] == 1
    held = open_hold(borrower_id=wang.public_id, kind="complaint", actor="test")
    assert shown()[1] == 1
    end_hold(hold_id=held.public_id, reason="answered", actor="test")
    assert shown()[1] == 1


def test_nothing_of_the_debt_before_the_right_person(li: Client) -> None:
    li.post("/work/next/")
    text = _desk(li)
    main = text.split('class="pane queue"')[0]
    assert "王小明" in main
    assert MOBILE not in text
    assert [secret for secret in SECRETS if secret in main] == []
    assert li.post("/work/confirm/", {"said": "1990-03-08"})["Location"].endswith("unconfirmed")
    assert [secret for secret in SECRETS if secret in _desk(li).split('class="pane queue"')[0]] == []
    assert li.post("/work/confirm/", {"said": "1990年3月7日"})["Location"].endswith("said=confirmed")
    assert "1,234.56" in _desk(li)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/work/promise/", {"amount": "10.00", "on": "2026-11-30"}),
        ("/work/concern/", {"about": "cannot_pay"}),
        ("/work/plan/", {"plan": "one_year"}),
    ],
)
def test_no_arrangement_with_an_unconfirmed_person(
    li: Client, wang: Borrower, path: str, fields: dict[str, str]
) -> None:
    li.post("/work/next/")
    answer = li.post(path, {"loan": wang.loans.get().public_id, **fields})
    assert answer.status_code == 422
    assert "Confirm the person first." in answer.content.decode()
    assert not Hold.objects.exists()


def test_three_wrong_answers_and_the_case_goes_back(li: Client) -> None:
    li.post("/work/next/")
    for _ in range(3):
        li.post("/work/confirm/", {"said": "1"})
    lease = CaseLease.objects.get()
    assert (lease.tries, lease.closed_how, lease.confirmed_at) == (3, "unconfirmed", None)
    assert li.post("/work/confirm/", {"said": "1990-03-07"}).status_code == 422


def test_two_collectors_never_have_one_case(li: Client, now: clock.ManualClock) -> None:
    zhao = _collector("zhao")
    assert li.post("/work/next/")["Location"].endswith("said=taken")
    assert li.post("/work/next/")["Location"].endswith("said=taken"), "asking again gives the same case"
    assert zhao.post("/work/next/")["Location"].endswith("said=nothing")
    assert "王小明" not in _desk(zhao)
    now.advance(timedelta(minutes=29, seconds=59))
    assert "王小明" in _desk(li)
    now.advance(timedelta(seconds=1))
    assert "王小明" not in _desk(li)
    assert zhao.post("/work/next/")["Location"].endswith("said=taken")
    assert CaseLease.objects.filter(closed_how="lapsed").count() == 1


def test_a_worked_case_does_not_come_back_the_same_day(li: Client, now: clock.ManualClock) -> None:
    li.post("/work/next/")
    li.post("/work/put-back/", {"how": "not_reached"})
    assert li.post("/work/next/")["Location"].endswith("said=nothing")
    now.advance(timedelta(hours=23))
    li = _collector("zhao")
    assert li.post("/work/next/")["Location"].endswith("said=taken")


def test_paid_held_and_placed_cases_are_no_cases(li: Client, wang: Borrower) -> None:
    from lenity.operations.take_payment import take_payment

    take_payment(
        loan_id=wang.loans.get().public_id,
        amount_minor=123_456,
        currency="CNY",
        value_date=factories.MORNING.date(),
        source="test",
        source_id="1",
        actor="test",
    )
    assert li.post("/work/next/")["Location"].endswith("said=nothing")


def test_a_call_goes_through_the_gate_and_its_outcome_counts(li: Client, wang: Borrower) -> None:
    li.post("/work/next/")
    text = _desk(li)
    assert "Hello" not in text, "the script is in the borrower's language"
    assert li.post("/work/contact/", _fields(text, "/work/contact/") | {"channel": "call"})[
        "Location"
    ].endswith("said=call")
    made = Contact.objects.get()
    assert (made.verdict, made.channel) == ("allowed", "call")
    li.post("/work/confirm/", {"said": "1990-03-07"})
    text = _desk(li)
    assert made.code in text
    fields = _fields(text, "/work/outcome/") | {"outcome": "conversation", "note": "Person confirmed"}
    fields["contact"] = made.public_id
    assert li.post("/work/outcome/", fields)["Location"].endswith("said=noted")
    assert ContactOutcome.objects.get().outcome == "conversation"
    assert li.post("/work/outcome/", fields).status_code == 422, "an outcome is recorded once"


def test_a_refused_channel_is_disabled_with_its_article(li: Client, wang: Borrower) -> None:
    text = _case(li)
    li.post("/work/concern/", {"about": "not_mine", "loan": wang.loans.get().public_id})
    text = _desk(li)
    assert "HOUSE-HOLDS" in text
    buttons = re.findall(r'action="/work/contact/".*?</form>', text, re.S)
    assert buttons
    assert all(" disabled" in one for one in buttons)
    point = wang.contact_points.get().public_id
    assert li.post("/work/contact/", {"channel": "call", "point": point})["Location"].endswith("refused")
    assert Contact.objects.get().verdict == "refused", "the gate itself refuses, not the button"


def test_a_promise_is_kept_with_what_the_form_offers(li: Client, wang: Borrower) -> None:
    fields = _fields(_case(li), "/work/promise/")
    assert fields["amount"] == "1234.56"
    assert li.post("/work/promise/", fields)["Location"].endswith("said=promise")
    assert Hold.objects.get(borrower=wang).detail["promised_minor"] == "123456"
    for amount in ("0", "-1", "1234.567", "ten", "", "9" * 30):
        answer = li.post("/work/promise/", fields | {"amount": amount})
        assert answer.status_code == 422, amount


def test_hardship_stops_collection_at_once(li: Client, wang: Borrower) -> None:
    fields = _fields(_case(li).split('data-open="h"')[1], "/work/concern/")
    assert li.post("/work/concern/", fields)["Location"].endswith("said=concern")
    assert Hold.objects.get(borrower=wang).kind == "hardship_review"


def test_a_wrong_person_quarantines_the_number_everywhere_and_hides_the_case(
    li: Client, wang: Borrower
) -> None:
    other = factories.borrower(name="李雷")
    factories.contact_point(other, value=MOBILE)
    li.post("/work/next/")
    point = wang.contact_points.get().public_id
    li.post("/work/contact/", {"channel": "sms", "point": point})
    assert OutboxMessage.objects.get().state == "queued"
    assert li.post("/work/wrong-person/", {"point": point})["Location"].endswith("said=quarantined")
    assert ContactPoint.objects.filter(retired_at=None).count() == 0
    assert OutboxMessage.objects.get().state == "cancelled"
    assert "王小明" not in _desk(li)
    assert li.post("/work/next/")["Location"].endswith("said=nothing")


def test_nobody_elses_number_or_loan_can_be_used(li: Client) -> None:
    other = factories.borrower(name="李雷")
    theirs = factories.contact_point(other, value="+8613900139000").public_id
    loan = factories.late_loan(other).public_id
    _case(li)
    assert li.post("/work/contact/", {"channel": "sms", "point": theirs}).status_code == 422
    assert li.post("/work/wrong-person/", {"point": theirs}).status_code == 422
    assert li.post("/work/promise/", {"loan": loan, "amount": "1", "on": "2026-11-30"}).status_code == 422
    assert li.post("/work/concern/", {"loan": loan, "about": "not_mine"}).status_code == 422
    assert not Contact.objects.exists()
    assert ContactPoint.objects.filter(retired_at=None).count() == 2


def test_a_look_up_needs_a_reason_is_limited_and_compliance_reads_it(li: Client, wang: Borrower) -> None:
    account = wang.loans.get().account_number
    asked: dict[str, Any] = {"account": account, "reason": "she_called", "words": "rang at ten"}
    assert li.post("/work/look-up/", asked | {"words": " "}).status_code == 422
    assert li.post("/work/look-up/", asked | {"reason": "curious"}).status_code == 422
    assert not CaseLookUp.objects.exists()
    assert li.post("/work/look-up/", asked)["Location"].endswith("said=taken")
    assert li.post("/work/look-up/", asked).status_code == 422, "one case at a time"
    li.post("/work/put-back/", {"how": "done"})
    for _ in range(9):
        assert li.post("/work/look-up/", asked | {"account": "A-0"})["Location"].endswith("said=nobody")
    assert li.post("/work/look-up/", asked).status_code == 422, "ten an hour, found or not"
    assert CaseLookUp.objects.count() == 10
    officer = world.as_staff("compliance")
    officer.cookies["django_language"] = "en"
    text = officer.get("/compliance/look-ups/").content.decode()
    assert "rang at ten" in text
    assert "王小明" not in text


def test_a_break_counts_against_nobody_and_each_act_is_an_event(li: Client) -> None:
    _case(li)
    assert li.post("/work/put-back/", {"how": "break"})["Location"] == "/work/break/"
    done = AuditEvent.objects.filter(operation__in=("next_case", "confirm_person", "put_back_case"))
    assert done.count() == 3
    assert "Breaks are counted nowhere" in li.get("/work/break/").content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_desk_is_small_and_without_inline_code(li: Client, language: str) -> None:
    li.cookies["django_language"] = language
    for text in (_desk(li), _case(li)):
        assert len(text.encode()) < 100_000
        assert not re.search(r"<script(?! src)|\sstyle=|\son[a-z]+=|javascript:", text)


@pytest.mark.parametrize("place", ["CN", "US", "HK"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_script_tells_nothing_of_a_debt_before(place: str, language: str) -> None:
    values = {"caller": "Li", "number": "0421", "agency": "A", "name": "N", "code": "C", "verify_page": "V"}
    values["complain_where"] = "W"
    found = call_script.script(place, language, values)
    first = " ".join(found.before)
    assert not re.search(r"debt|loan|owe|overdue|past its day|欠|贷|逾期|还款|到期", first)
    assert "0421" in first
    assert "{" not in first + " ".join(found.after) + found.other_person
