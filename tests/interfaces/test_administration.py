"""Administration: a code is shown once and a password never, sessions end at once, loans are placed by choice."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from django.test import Client

from lenity.base.outcomes import InputRefused
from lenity.gateways import clock
from lenity.operations.add_api_client import add_api_client
from lenity.operations.add_staff import add_staff
from lenity.operations.close_day import close_day
from lenity.operations.open_hold import open_hold
from lenity.records.audit.models import AuditEvent
from lenity.records.debt_collection.models import Placement
from lenity.records.people.models import StaffInvitation, StaffMember, StaffSession
from lenity.records.webhooks.models import Endpoint, WebhookMessage
from tests import factories, world

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
SECRET = re.compile(r'class="secret[^"]*">([^<]+)<')
LONG = "the river is low in winter"
NEW = {
    "username": "chen",
    "name": "陈晨",
    "number": "0500",
    "roles": ["collector"],
    "reason": "begins in December",
    "until": "",
    "agency": "",
}


@pytest.fixture
def admin(now: clock.ManualClock) -> Client:
    client = world.as_staff("administrator", name="admin")
    client.cookies["django_language"] = "en"
    return client


def _text(answer: Any) -> str:
    return str(answer.content.decode())


def _code(answer: Any) -> str:
    return SECRET.findall(_text(answer))[0]


def _digits(secret: str) -> str:
    return str(pyotp.TOTP(secret).at(int(clock.now().timestamp())))


def test_an_invited_person_sets_what_nobody_else_sees(admin: Client) -> None:
    code = _code(admin.post("/administration/invite/", NEW))
    assert code not in _text(admin.get("/administration/")), "a code is shown once"
    chen = Client()
    sign_in = {"username": "chen", "password": "", "code": "000000"}
    assert chen.post("/staff/sign-in/", sign_in).status_code == 200, "no way in before the code is used"
    assert chen.get("/staff/join/set/")["Location"] == "/staff/join/"
    assert chen.post("/staff/join/", {"username": "chen", "code": "WRONGWRONG"}).status_code == 422
    assert chen.post("/staff/join/", {"username": "nobody", "code": code}).status_code == 422
    assert chen.post("/staff/join/", {"username": "chen", "code": code.lower()}).status_code == 302
    secret = _code(chen.get("/staff/join/set/"))
    good = {"password": LONG, "again": LONG, "code": _digits(secret)}
    for bad in (
        {"password": "short", "again": "short"},
        {"password": "chen chen chen chen", "again": "chen chen chen chen"},
        {"password": "aaaaaaaaaaaaaaaa", "again": "aaaaaaaaaaaaaaaa"},
        {"again": LONG + "x"},
        {"code": "000000"},
    ):
        assert chen.post("/staff/join/set/", good | bad).status_code == 422, bad
    assert chen.post("/staff/join/set/", good)["Location"] == "/staff/sign-in/"
    assert chen.post("/staff/join/", {"username": "chen", "code": code}).status_code == 422, "it is used up"
    clock_code = {"username": "chen", "password": LONG, "code": _digits(secret)}
    assert chen.post("/staff/sign-in/", clock_code).status_code == 200, "a step of the factor works once"
    told = " ".join(str(one) for one in AuditEvent.objects.values_list("body", flat=True))
    assert not [one for one in (code, secret, LONG) if one in told]


def test_what_is_no_invitation_is_refused_and_keeps_what_was_typed(admin: Client) -> None:
    for bad in (
        {"username": "chén"},
        {"username": "admin"},
        {"name": " "},
        {"number": "04 2"},
        {"number": "04admin"},
        {"roles": []},
        {"roles": ["root"]},
        {"reason": "x"},
        {"agency": "fair", "roles": ["collector"]},
        {"agency": "fair", "roles": ["manager"], "until": "2026-12-31"},
        {"until": "2026-11-23"},
        {"until": "soon"},
    ):
        answer = admin.post("/administration/invite/", NEW | bad)
        assert answer.status_code == 422, bad
        assert "0500" in _text(answer) or "number" in bad
    assert StaffMember.objects.count() == 1
    placed = {"agency": "fair", "until": "2026-12-31"}
    assert admin.post("/administration/invite/", NEW | placed).status_code == 200
    assert StaffMember.objects.get(username="chen").agency == "fair"


def test_five_wrong_codes_or_three_days_end_an_invitation(admin: Client, now: clock.ManualClock) -> None:
    code = _code(admin.post("/administration/invite/", NEW))
    for _ in range(5):
        assert Client().post("/staff/join/", {"username": "chen", "code": "A" * 10}).status_code == 422
    assert Client().post("/staff/join/", {"username": "chen", "code": code}).status_code == 422
    again = {"staff": StaffMember.objects.get(username="chen").public_id, "name": "陈晨"}
    code = _code(admin.post("/administration/invite-again/", again))
    assert StaffInvitation.objects.filter(used_at=None, ended_at=None).count() == 1
    now.advance(timedelta(days=3) - timedelta(seconds=1))
    assert Client().post("/staff/join/", {"username": "chen", "code": code}).status_code == 302
    now.advance(timedelta(seconds=1))
    assert Client().post("/staff/join/", {"username": "chen", "code": code}).status_code == 422


def test_sessions_are_seen_and_end_at_once(admin: Client, now: clock.ManualClock) -> None:
    li = world.as_staff("collector", name="li")
    person = StaffMember.objects.get(username="li")
    place = StaffSession.objects.get(staff=person)
    assert place.public_id in _text(admin.get("/administration/"))
    assert li.get("/work/").status_code == 200
    fields = {"staff": person.public_id, "session": place.public_id}
    other = StaffMember.objects.get(username="admin").public_id
    admin.post("/administration/sessions/", fields | {"staff": other})
    assert li.get("/work/").status_code == 200, "a session is ended for its own person only"
    assert li.post("/administration/sessions/", fields).status_code == 403
    assert admin.post("/administration/sessions/", fields).status_code == 302
    assert li.get("/work/")["Location"] == "/staff/sign-in/"
    assert place.public_id not in _text(admin.get("/administration/"))


def test_a_new_code_ends_password_factor_and_sessions(admin: Client) -> None:
    li = world.as_staff("collector", name="li")
    person, me = (StaffMember.objects.get(username=name) for name in ("li", "admin"))
    old = person.totp_secret_sealed
    assert admin.post("/administration/invite-again/", {"staff": me.public_id}).status_code == 422
    assert admin.post("/administration/invite-again/", {"staff": person.public_id}).status_code == 200
    person.refresh_from_db()
    assert not person.has_usable_password()
    assert person.totp_secret_sealed != old
    assert li.get("/work/").status_code == 302


def test_loans_are_placed_by_choice_and_stopped_ones_left_out(admin: Client) -> None:
    add_api_client(name="fair", scopes=("contacts",), actor="test")
    add_api_client(name="payer", scopes=("payments",), actor="test")
    owners = [factories.borrower() for _ in range(4)]
    loans = [factories.late_loan(one, days_late=45 + at) for at, one in enumerate(owners)]
    open_hold(borrower_id=owners[3].public_id, kind="dispute", actor="test")
    close_day(business_date=factories.MORNING.date(), actor="test")
    page = _text(admin.get("/administration/agencies/?stage=MIDDLE"))
    assert 'value="3"' in page, "three may be placed"
    good = {
        "stage": "MIDDLE",
        "product": "",
        "agency": "fair",
        "most": "2",
        "channels": ["sms", "call"],
        "opens": "09:00",
        "closes": "18:00",
        "until": "2026-12-31",
    }
    for bad in (
        {"stage": "CURRENT"},
        {"stage": "SERIOUS"},
        {"agency": "payer"},
        {"agency": "nobody"},
        {"most": "0"},
        {"most": "2001"},
        {"most": "ten"},
        {"channels": []},
        {"channels": ["visit"]},
        {"opens": "18:00", "closes": "18:00"},
        {"opens": "soon"},
        {"until": "2026-11-23"},
        {"until": ""},
        {"product": "other"},
    ):
        assert admin.post("/administration/place/", good | bad).status_code == 422, bad
    assert not Placement.objects.exists()
    assert admin.post("/administration/place/", good).status_code == 302
    placed = set(Placement.objects.values_list("loan__public_id", flat=True))
    assert placed == {loans[2].public_id, loans[1].public_id}, "the most overdue first, none that is stopped"
    assert AuditEvent.objects.filter(operation="place_loan").count() == 2
    one = Placement.objects.first()
    assert one is not None
    assert admin.post("/administration/recall/", {"placement": one.public_id}).status_code == 302
    assert "recalled" in _text(admin.get("/administration/agencies/"))


def test_a_token_is_shown_once_changed_and_taken_back(admin: Client) -> None:
    added = {"name": "bank", "scopes": ["payments", "loans"]}
    for bad in ({"name": "Bank 1"}, {"scopes": []}, {"scopes": ["everything"]}):
        assert admin.post("/administration/programs/add/", added | bad).status_code == 422, bad
    first = _code(admin.post("/administration/programs/add/", added))
    assert first not in _text(admin.get("/administration/programs/"))
    assert _calls(first) != 401
    second = _code(admin.post("/administration/programs/rotate/", {"client": "bank"}))
    assert (_calls(first), _calls(second) != 401) == (401, True)
    assert admin.post("/administration/shut-out/", {"client": "bank"}).status_code == 302
    assert _calls(second) == 401
    assert admin.post("/administration/programs/rotate/", {"client": "bank"}).status_code == 422


def _calls(token: str) -> int:
    answer = Client().get("/api/v1/loans/NOTHERE/account", headers={"Authorization": f"Bearer {token}"})
    return answer.status_code


def test_webhooks_are_added_tested_and_replayed_from_the_page(admin: Client, settings: Any) -> None:
    settings.LENITY_WEBHOOK_HOSTS = ("hooks.example.com",)
    added = {"url": "https://hooks.example.com/lenity", "kinds": ["payment.taken"]}
    for bad in (
        {"url": "http://hooks.example.com/"},
        {"url": "https://other.example.com/"},
        {"url": "https://hooks.example.com:8443/"},
        {"kinds": ["no.such"]},
    ):
        assert admin.post("/administration/webhooks/add/", added | bad).status_code == 422, bad
    assert admin.post("/administration/webhooks/add/", added).status_code == 302
    endpoint = Endpoint.objects.get()
    at = f"/administration/webhooks/{endpoint.public_id}"
    assert admin.post(f"{at}/test/").status_code == 302
    message = WebhookMessage.objects.get()
    WebhookMessage.objects.update(state="delivered", attempts=3)
    assert admin.post(f"{at}/rotate/").status_code == 302
    text = _text(admin.get("/administration/webhooks/"))
    assert text.count("whpk_") == 2
    assert "whsk_" not in text
    assert admin.post("/administration/webhooks/replay/", {"message": message.public_id}).status_code == 302
    assert WebhookMessage.objects.get().state == "waiting"
    assert admin.post(f"{at}/explode/").status_code == 404
    assert admin.post(f"{at}/end/").status_code == 302
    assert admin.post(f"{at}/end/").status_code == 422
    assert admin.post("/administration/webhooks/replay/", {"message": message.public_id}).status_code == 422


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_are_small_and_without_inline_code(admin: Client, language: str) -> None:
    admin.cookies["django_language"] = language
    for part in ("", "agencies/", "programs/", "webhooks/", "agencies/?stage=EARLY"):
        answer = admin.get(f"/administration/{part}")
        assert answer.status_code == 200, part
        assert len(answer.content) < 100_000
        assert not re.search(r"<script|\sstyle=|\son[a-z]+=|javascript:", _text(answer)), part


def test_a_supervisor_is_invited_and_a_number_is_nobody_elses(admin: Client) -> None:
    sent = NEW | {"username": "wu", "number": "0501", "roles": ["supervisor"]}
    assert _code(admin.post("/administration/invite/", sent))
    assert StaffMember.objects.get(username="wu").roles == ["supervisor"]
    with pytest.raises(InputRefused, match="this staff number"):
        add_staff(
            username="other",
            display_name="别人",
            staff_number="0501",
            password=world.PASSWORD,
            roles=("collector",),
            role_reason="for the test",
            actor="test",
        )
