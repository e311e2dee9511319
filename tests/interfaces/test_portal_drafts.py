"""A session that ends, a form sent twice, the button back: nothing that a borrower typed is lost or doubled."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from lenity.gateways import clock
from lenity.interfaces.shared import drafts
from lenity.records.arrangements.models import DataRequest
from lenity.records.debt_collection.models import ContactNote, Hold
from tests import world
from tests.interfaces import test_pages

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
WORDS = "Three calls <b>in one day</b> 一天三次"


@pytest.fixture
def filled(now: clock.ManualClock) -> world.World:
    return world.build()


@pytest.fixture
def client(filled: world.World) -> Client:
    browser = world.as_borrower(filled.wang)
    browser.cookies["django_language"] = "en"
    return browser


def signs_in(client: Client, mobile: str) -> str:
    """By the page; where it leads."""
    client.post("/sign-in/", {"mobile": mobile})
    sent = {"code": test_pages._code(), "proof": test_pages.PROOF}
    return str(client.post("/sign-in/code/", sent)["Location"])


FORMS = [
    ("/speak/", {"about": "how_contacted", "words": WORDS}, ["checked", "Three calls &lt;b&gt;"]),
    ("/contacts/told/", {"how": "call", "number": "010-123", "words": WORDS}, ["010-123", "一天三次"]),
    ("/budget/income/", {"wages": "4000", "wages_every": "week"}, ['value="4000"', '"week" selected']),
    ("/budget/household/", {"adults": "3", "children": "2", "pay_day": "5"}, ['value="3"', '"5" selected']),
    ("/budget/short/", {"adults": "3", "income": "4000"}, ['value="4000"', 'value="3"']),
    ("/data/", {"kind": "correction", "words": WORDS}, ["一天三次", "checked"]),
    ("/helper/", {"name": "李律师", "scope": "talk"}, ["李律师", "checked"]),
    ("/loans/{loan_id}/promise/", {"amount": "350", "day": "2026-11-30"}, ['value="350"', "2026-11-30"]),
    ("/contacts/{contact_id}/", {"words": WORDS}, ["一天三次"]),
]


@pytest.mark.parametrize(("path", "typed", "found"), FORMS, ids=[one[0] for one in FORMS])
def test_what_was_typed_waits_for_its_writer(
    client: Client,
    filled: world.World,
    now: clock.ManualClock,
    path: str,
    typed: dict[str, str],
    found: list[str],
) -> None:
    path = path.format(**filled.values)
    now.advance(timedelta(minutes=16))
    assert client.post(path, typed)["Location"] == "/sign-in/"
    assert "What you had typed is kept" in client.get("/sign-in/").content.decode()
    kept = "".join(one.session_data for one in Session.objects.all())
    assert WORDS not in kept
    assert signs_in(client, "13800138000") == path
    for _ in range(2):
        page = client.get(path).content.decode()
        assert "It was not sent." in page, "the button back brings it again"
        assert [words for words in found if words not in page] == []
    client.post(path, typed)
    assert "It was not sent." not in client.get(path).content.decode(), "once it was sent, it is gone"


def test_it_is_for_its_writer_alone_and_for_half_an_hour(
    client: Client, filled: world.World, now: clock.ManualClock
) -> None:
    now.advance(timedelta(minutes=16))
    client.post("/speak/", {"about": "how_contacted", "words": WORDS})
    assert signs_in(client, "13900139000") == "/", "another person on the same machine"
    assert "一天三次" not in client.get("/speak/").content.decode()

    again = world.as_borrower(filled.wang)
    again.cookies["django_language"] = "en"
    now.advance(timedelta(minutes=16))
    again.post("/speak/", {"about": "how_contacted", "words": WORDS})
    now.advance(timedelta(minutes=31))
    assert signs_in(again, "13800138000") == "/"
    assert "一天三次" not in again.get("/speak/").content.decode()


def test_what_was_typed_in_another_window_waits_too(client: Client, filled: world.World) -> None:
    typed = {"about": "how_contacted", "words": WORDS}
    client.post("/sign-out/")
    assert client.post("/speak/", typed)["Location"] == "/sign-in/"
    assert "you signed out in another window" in client.get("/sign-in/").content.decode()
    assert signs_in(client, "13900139000") == "/", "another person on the same machine"
    assert "一天三次" not in client.get("/speak/").content.decode()
    client.post("/sign-out/")
    again = world.as_borrower(filled.wang)
    again.post("/sign-out/")
    again.post("/speak/", typed)
    second = again.post("/data/", {"kind": "correction", "words": "and this"})
    assert second.status_code == 403, "one is kept; the other stands on the page"
    assert "and this" in second.content.decode()
    assert signs_in(again, "13800138000") == "/speak/"
    assert "一天三次" in again.get("/speak/").content.decode()


def test_where_nobody_is_known_it_stands_on_the_page_to_be_copied(
    filled: world.World, now: clock.ManualClock
) -> None:
    stranger = Client()
    stranger.cookies["django_language"] = "en"
    answer = stranger.post("/speak/", {"about": "how_contacted", "words": WORDS})
    assert answer.status_code == 403
    assert "Copy what you had typed" in answer.content.decode()
    assert "Three calls &lt;b&gt;" in answer.content.decode()
    assert stranger.post("/speak/", {"about": "how_contacted"}).status_code == 302
    late = world.as_borrower(filled.wang)
    late.post("/sign-out/")
    now.advance(timedelta(minutes=31))
    assert late.post("/speak/", {"words": WORDS}).status_code == 403
    assert "draft" not in late.session


def test_codes_and_consents_are_typed_anew(
    client: Client, now: clock.ManualClock, filled: world.World
) -> None:
    now.advance(timedelta(minutes=16))
    sent = {"code": "123456", "agree": "yes", "shown": "x", "words": "w"}
    client.post(f"/loans/{filled.values['loan_id']}/plan/check/", sent)
    assert {"code", "agree", "shown", "proof", "key"} <= drafts.NEVER
    assert "draft" in client.session
    assert "123456" not in str(dict(client.session))


def test_a_form_that_was_open_too_long_shows_what_was_typed(filled: world.World) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["django_language"] = "en"
    answer = strict.post("/verify/report/", {"told": WORDS})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Nothing was sent." in page
    assert "Three calls &lt;b&gt;" in page
    secret = strict.post("/sign-in/code/", {"code": "123456", "words": "123456"}).content.decode()
    assert "123456" not in secret


def test_a_form_sent_twice_counts_once(client: Client, filled: world.World) -> None:
    contact = f"/contacts/{filled.values['contact_id']}/"
    for _ in range(2):
        assert client.post(contact, {"words": WORDS}).status_code == 302
        assert client.post("/data/", {"kind": "correction", "words": WORDS}).status_code == 302
        assert client.post("/speak/", {"about": "not_mine", "words": WORDS}).status_code == 302
    assert ContactNote.objects.count() == 1
    assert DataRequest.objects.count() == 1
    assert Hold.objects.filter(borrower=filled.wang, kind="dispute").count() == 1
    client.post(contact, {"words": "And one more thing."})
    client.post("/data/", {"kind": "deletion", "words": WORDS})
    assert (ContactNote.objects.count(), DataRequest.objects.count()) == (2, 2)
