"""One-time codes under attack: guessed, replayed, raced, enumerated, flooded, and asked in a session of a stranger.

Each attack is made against every kind of code: to sign in, and to confirm something sensitive. What is sensitive
asks for a fresh code, by borrowers and by staff.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from django.test import Client

from lenity.gateways import clock
from lenity.interfaces.portal import sign_in as sign_in_page
from lenity.operations.confirm_step_up import confirm_step_up
from lenity.operations.request_step_up_code import request_step_up_code
from lenity.records import encrypted
from lenity.records.arrangements.models import Helper
from lenity.records.debt_collection.models import OutboxMessage
from lenity.records.people import codes, sign_in_queries, sign_in_writes
from lenity.records.people.models import Borrower, ContactPoint, Preference, SignInCode, StaffMember
from tests import factories, world

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
MOBILE, STRANGER, PROOF = "+8613800138000", "+8613700137000", "1990-03-07"
HELPER = {"name": "王大明", "reach": "13600136000", "scope": "see", "until": "2026-12-31"}


@pytest.fixture
def wang(now: clock.ManualClock) -> Borrower:
    owner = factories.borrower()
    factories.contact_point(owner, value=MOBILE)
    return owner


@pytest.fixture
def later(wang: Borrower, now: clock.ManualClock) -> Client:
    """Her browser six minutes after she signed in."""
    client = world.as_borrower(wang)
    now.advance(timedelta(minutes=6))
    return client


def newest_code() -> str:
    message = OutboxMessage.objects.filter(contact__purpose="sign_in").latest("contact_id")
    place = {"table": "debt_collection_outboxmessage", "column": "body", "row": message.contact.public_id}
    found = re.search(r"\d{6}", json.loads(encrypted.unseal(message.body_sealed, **place))["body"])
    assert found
    return found.group()


def another(code: str) -> str:
    return "000000" if code != "000000" else "111111"


class SignIn:
    """Signing in: `ask` sends a code, `enter` tells whether it opened the account."""

    def __init__(self, owner: Borrower, client: Client) -> None:
        self.client = Client()

    def ask(self) -> None:
        self.client.post("/sign-in/", {"mobile": MOBILE})

    def enter(self, code: str) -> bool:
        return self.client.post("/sign-in/code/", {"code": code, "proof": PROOF}).status_code == 302


class StepUp:
    """Naming a helper six minutes after signing in."""

    def __init__(self, owner: Borrower, client: Client) -> None:
        self.client = client

    def ask(self) -> None:
        assert self.client.post("/helper/", HELPER).status_code == 403

    def enter(self, code: str) -> bool:
        return self.client.post("/helper/", HELPER | {"step_up_code": code}).status_code == 302


@pytest.fixture(params=[SignIn, StepUp])
def attack(request: pytest.FixtureRequest, wang: Borrower, later: Client) -> Any:
    made = request.param(wang, later)
    made.ask()
    return made


def test_guessing_ends_after_five_tries_even_with_the_right_code(attack: Any) -> None:
    code = newest_code()
    assert not any(attack.enter(another(code)) for _ in range(5))
    assert not attack.enter(code), "the sixth try fails with the right code too"


def test_the_fifth_try_still_counts(attack: Any) -> None:
    code = newest_code()
    assert not any(attack.enter(another(code)) for _ in range(4))
    assert attack.enter(code)


def test_new_codes_do_not_make_guessing_endless(attack: Any) -> None:
    for _ in range(9):
        attack.ask()
    assert SignInCode.objects.count() == codes.AN_HOUR_A_PHONE, (
        "five codes of five tries an hour, for all kinds"
    )


def test_a_code_is_replayed_in_vain(attack: Any, now: clock.ManualClock) -> None:
    code = newest_code()
    assert attack.enter(code)
    row = SignInCode.objects.latest("pk")
    assert row.used_at is not None
    assert sign_in_writes.take_try(row.request_id, now=clock.now(), most=5, purpose=row.purpose) is None


def test_a_code_is_late_after_five_minutes(attack: Any, now: clock.ManualClock) -> None:
    now.advance(timedelta(minutes=5))
    assert not attack.enter(newest_code())


def test_two_who_enter_it_at_once_race_for_one_use(attack: Any) -> None:
    row = SignInCode.objects.latest("pk")
    first = sign_in_writes.take_try(row.request_id, now=clock.now(), most=5, purpose=row.purpose)
    second = sign_in_writes.take_try(row.request_id, now=clock.now(), most=5, purpose=row.purpose)
    assert first is not None
    assert second is not None, "both have read it before either has used it"
    assert [sign_in_writes.use_up(one, now=clock.now()) for one in (first, second)] == [True, False]


def test_a_code_of_one_kind_opens_nothing_of_another(wang: Borrower, later: Client) -> None:
    stranger = SignIn(wang, later)
    stranger.ask()
    code, request_id = newest_code(), SignInCode.objects.latest("pk").request_id
    assert not confirm_step_up(borrower_id=wang.public_id, request_id=request_id, code=code)
    request_step_up_code(borrower_id=wang.public_id, address="10.0.0.1", actor="borrower")
    assert not stranger.enter(newest_code()), "the code of the other kind signs nobody in"


def test_a_step_up_code_is_bound_to_its_borrower(wang: Borrower) -> None:
    other = factories.borrower(name="李雷")
    request_id = request_step_up_code(borrower_id=wang.public_id, address="10.0.0.1", actor="borrower")
    assert not confirm_step_up(borrower_id=other.public_id, request_id=request_id, code=newest_code())
    assert confirm_step_up(borrower_id=wang.public_id, request_id=request_id, code=newest_code())


def test_known_and_unknown_numbers_give_the_same_words_headers_and_shape(wang: Borrower) -> None:
    pages = []
    for number in (MOBILE, STRANGER, "+1 617 555 0199", "１３８００１３８０００"):
        client = Client()
        asked = client.post("/sign-in/", {"mobile": number})
        answer = client.post("/sign-in/code/", {"code": "123456", "proof": PROOF})
        text = re.sub(r'value="[^"]{64}"', "", answer.content.decode())
        heads = {name: value for name, value in answer.headers.items() if name != "Content-Length"}
        pages.append((asked.status_code, asked["Location"], answer.status_code, text, heads))
    assert all(one == pages[0] for one in pages)
    typo = Client().post("/sign-in/", {"mobile": "not a number"})
    assert (typo.status_code, "not a number" in typo.content.decode()) == (200, True), (
        "no number at all is told"
    )
    assert SignInCode.objects.filter(phone_index=encrypted.blind_index("", purpose="sign_in")).count() == 0


def test_known_and_unknown_numbers_take_the_same_time(
    wang: Borrower, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page waits until the same moment after the question, however long the work took."""
    waited: list[float] = []
    monkeypatch.setattr(clock, "pause", waited.append)
    took = iter([0.0, 0.2, 0.0, 0.01])
    monkeypatch.setattr(clock, "stopwatch", lambda: next(took))
    for number in (MOBILE, STRANGER):
        Client().post("/sign-in/", {"mobile": number})
    known, unknown = waited
    assert known + 0.2 == pytest.approx(sign_in_page.LEAST_SECONDS)
    assert unknown + 0.01 == pytest.approx(sign_in_page.LEAST_SECONDS)


def test_a_flooded_number_gets_five_an_hour_and_others_are_not_shut_out(wang: Borrower) -> None:
    other = factories.borrower(name="李雷")
    factories.contact_point(other, value="+8613900139000")
    for number in range(12):
        Client(REMOTE_ADDR=f"10.0.0.{number}").post("/sign-in/", {"mobile": MOBILE})
    assert OutboxMessage.objects.filter(contact__borrower=wang).count() == codes.AN_HOUR_A_PHONE
    Client(REMOTE_ADDR="10.0.1.1").post("/sign-in/", {"mobile": "+8613900139000"})
    assert OutboxMessage.objects.filter(contact__borrower=other).count() == 1


def test_one_address_cannot_flood_many_numbers(wang: Borrower) -> None:
    for number in range(codes.AN_HOUR_AN_ADDRESS + 5):
        Client().post("/sign-in/", {"mobile": f"+86138001{number:05}"})
    assert SignInCode.objects.count() == codes.AN_HOUR_AN_ADDRESS


def test_a_session_that_a_stranger_fixed_is_left_behind_at_sign_in(wang: Borrower) -> None:
    stranger = Client()
    stranger.post("/sign-in/", {"mobile": STRANGER})
    fixed = stranger.cookies["sessionid"].value
    victim = Client()
    victim.cookies["sessionid"] = fixed
    victim.post("/sign-in/", {"mobile": MOBILE})
    assert victim.post("/sign-in/code/", {"code": newest_code(), "proof": PROOF}).status_code == 302
    assert victim.cookies["sessionid"].value != fixed
    assert victim.get("/").status_code == 200
    assert stranger.get("/").status_code == 302, "the session that was fixed opens nothing"


def test_whoever_has_a_recycled_number_now_is_not_let_in(wang: Borrower, now: clock.ManualClock) -> None:
    asked = SignIn(wang, Client())
    asked.ask()
    code = newest_code()
    answer = asked.client.post("/sign-in/code/", {"code": code, "proof": "1985-01-01"})
    assert answer.status_code == 200, "the number is not enough"
    ContactPoint.objects.filter(borrower=wang).update(retired_at=clock.now(), retired_reason="wrong_person")
    again = SignIn(wang, Client())
    before = OutboxMessage.objects.count()
    again.ask()
    assert OutboxMessage.objects.count() == before, "no code leaves for a number that was given up"


def test_something_sensitive_needs_a_code_and_what_was_typed_is_not_lost(
    wang: Borrower, later: Client
) -> None:
    answer = later.post("/helper/", HELPER)
    assert answer.status_code == 403
    assert not Helper.objects.exists()
    assert all(f'name="{name}" value="{value}"' in answer.content.decode() for name, value in HELPER.items())
    wrong = later.post("/helper/", HELPER | {"step_up_code": another(newest_code())})
    assert "王大明" in wrong.content.decode()
    assert SignInCode.objects.count() == 1, "a wrong code sends no other"
    assert later.post("/helper/", HELPER | {"step_up_again": "yes"}).status_code == 403
    assert SignInCode.objects.count() == 2
    assert later.post("/helper/", HELPER | {"step_up_code": newest_code()}).status_code == 302
    assert Helper.objects.count() == 1
    assert later.post("/helper/", HELPER).status_code == 302, "it is fresh for five minutes"


def test_freshness_ends_with_its_fifth_minute(wang: Borrower, now: clock.ManualClock) -> None:
    client = world.as_borrower(wang)
    now.advance(timedelta(minutes=4, seconds=59))
    assert client.post("/helper/", HELPER).status_code == 302, "a sign-in is a fresh code"
    now.advance(timedelta(seconds=1))
    assert client.post("/helper/", HELPER).status_code == 403


def test_protecting_herself_never_needs_a_code_and_opening_up_does(wang: Borrower, later: Client) -> None:
    off = {"do": "channel", "channel": "sms", "want": "off"}
    assert later.post("/preferences/", off).status_code == 302
    assert later.post("/preferences/", off | {"want": "on"}).status_code == 403
    assert later.post("/preferences/", {"do": "reach", "open": ["sms-morning"]}).status_code == 403
    assert later.post("/preferences/", {"do": "reach", "open": ["email-morning"]}).status_code == 302
    assert Preference.objects.filter(kind="channel_opt_out", channel="sms", revokes=None).count() == 1
    assert later.post("/helper/", {"do": "end", "helper": "NOBODY"}).status_code != 403


def test_without_a_number_nothing_is_sent_and_nothing_changes(wang: Borrower, later: Client) -> None:
    ContactPoint.objects.update(retired_at=clock.now())
    answer = later.post("/helper/", HELPER)
    assert answer.status_code == 403
    assert 'name="step_up_code"' not in answer.content.decode()
    assert not Helper.objects.exists()


SENSITIVE = (
    "/administration/rights/",
    "/administration/invite/",
    "/administration/invite-again/",
    "/administration/place/",
    "/administration/programs/add/",
    "/administration/programs/rotate/",
    "/administration/webhooks/add/",
    "/administration/webhooks/NOTHERE/rotate/",
)


def test_staff_change_rights_and_keys_only_with_a_fresh_second_factor(now: clock.ManualClock) -> None:
    admin = world.as_staff("administrator", name="admin")
    chen = factories.staff("collector")
    now.advance(timedelta(minutes=6))
    for path in SENSITIVE:
        assert admin.post(path, {}).status_code == 403, path
    fields = {"staff": chen, "roles": ["manager"], "reason": "stands in for Wu", "active": "yes"}
    asked = admin.post("/administration/rights/", fields).content.decode()
    assert "stands in for Wu" in asked
    secret = sign_in_queries.totp_secret_of(StaffMember.objects.get(username="admin"))
    right = pyotp.TOTP(secret).at(int(clock.now().timestamp()))
    assert admin.post("/administration/rights/", fields | {"step_up_code": another(right)}).status_code == 403
    assert StaffMember.objects.get(public_id=chen).roles == ["collector"]
    assert admin.post("/administration/rights/", fields | {"step_up_code": right}).status_code == 302
    assert StaffMember.objects.get(public_id=chen).roles == ["manager"]
    now.advance(timedelta(minutes=5))
    assert admin.post("/administration/rights/", fields | {"step_up_code": right}).status_code == 403, (
        "replayed"
    )


def test_guessing_a_second_factor_makes_the_account_wait(now: clock.ManualClock) -> None:
    admin = world.as_staff("administrator", name="admin")
    now.advance(timedelta(minutes=6))
    secret = sign_in_queries.totp_secret_of(StaffMember.objects.get(username="admin"))
    right = pyotp.TOTP(secret).at(int(clock.now().timestamp()))
    for _ in range(4):
        admin.post("/administration/invite-again/", {"step_up_code": another(right)})
    assert admin.post("/administration/invite-again/", {"step_up_code": right}).status_code == 403
    now.advance(timedelta(minutes=1, seconds=1))
    fresh = pyotp.TOTP(secret).at(int(clock.now().timestamp()))
    assert admin.post("/administration/invite-again/", {"step_up_code": fresh}).status_code != 403
