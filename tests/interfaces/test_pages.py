"""The pages: right for the reader, closed to everybody else, the same answer to every stranger."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any, NoReturn

import pyotp
import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import get_resolver

from lenity.gateways import clock
from lenity.interfaces.shared import page, translations
from lenity.interfaces.shared.templatetags.lenity import LISTS
from lenity.operations.add_staff import add_staff
from lenity.operations.close_day import close_day
from lenity.operations.open_hold import open_hold
from lenity.operations.request_contact import request_contact
from lenity.operations.request_sign_in_code import request_sign_in_code
from lenity.operations.sign_in_borrower import sign_in_borrower
from lenity.records.approvals.models import ChangeProposal
from lenity.records.debt_collection.models import Contact, ContactCheck, OutboxMessage
from lenity.records.people import queries as people
from lenity.records.people.models import Borrower, SignInCode, StaffMember
from tests import factories

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
MOBILE = "+8613800138000"
PROOF = "1990-03-07"


@pytest.fixture
def borrower(now: clock.ManualClock) -> Borrower:
    owner = factories.borrower()
    point = factories.contact_point(owner, value=MOBILE)
    loan = factories.late_loan(owner, days_late=40, minor=123_456)
    close_day(business_date=factories.MORNING.date(), actor="test")
    request_contact(
        borrower_id=owner.public_id,
        channel="sms",
        purpose="collection",
        point_id=point.public_id,
        loan_ids=(loan.public_id,),
        template="cn-reminder-sms",
        actor="test",
    )
    return owner


def _code() -> str:
    """The newest code, as the phone would show it."""
    import json

    from lenity.records import encrypted

    message = OutboxMessage.objects.filter(contact__purpose="sign_in").latest("contact_id")
    place = {"table": "debt_collection_outboxmessage", "column": "body", "row": message.contact.public_id}
    found = re.search(r"\d{6}", json.loads(encrypted.unseal(message.body_sealed, **place))["body"])
    assert found
    return found.group()


def _ask(client: Client, mobile: str = MOBILE) -> Any:
    return client.post("/sign-in/", {"mobile": mobile})


def _enter(client: Client, code: str, proof: str = PROOF) -> Any:
    return client.post("/sign-in/code/", {"code": code, "proof": proof})


def _signed_in(mobile: str = MOBILE) -> Client:
    client = Client()
    _ask(client, mobile)
    assert _enter(client, _code()).status_code == 302
    return client


def _staff(*roles: str, name: str = "li") -> Client:
    added = add_staff(
        username=name,
        display_name="李静",
        staff_number=f"04{name}",
        password="correct horse battery",
        roles=roles,
        role_reason="for the test",
        actor="test",
    )
    client = Client()
    code = pyotp.TOTP(added.totp_secret).at(int(clock.now().timestamp()))
    answer = client.post(
        "/staff/sign-in/", {"username": name, "password": "correct horse battery", "code": code}
    )
    assert answer.status_code == 302
    return client


def _routes() -> list[tuple[str, Any]]:
    found = []
    for one in get_resolver().url_patterns:
        if hasattr(one, "url_patterns"):
            continue
        found.append(("/" + re.sub(r"<[^>]*>", "NOTHERE", str(one.pattern)), one.callback))
    return found


def test_every_route_says_who_may_see_it() -> None:
    assert all(hasattr(view, "lenity_access") for _, view in _routes())


def test_a_stranger_sees_public_pages_only(borrower: Borrower) -> None:
    for path, view in _routes():
        answer = Client().get(path)
        if view.lenity_access == "public":
            assert answer.status_code in (200, 302, 404, 405), path
        else:
            assert answer.status_code == 302, path
            assert answer["Location"] in ("/sign-in/", "/staff/sign-in/"), path


def test_headers_on_every_answer(borrower: Borrower) -> None:
    for path in [path for path, _ in _routes()] + ["/nowhere/", "/api/v1/health"]:
        answer = Client().get(path)
        policy = answer["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Content-Type-Options"] == "nosniff"


PAGES = ["/", "/contacts/", "/speak/", "/preferences/", "/verify/", "/rights/"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_pages_are_small_translated_and_without_inline_code(
    borrower: Borrower, path: str, language: str
) -> None:
    client = _signed_in()
    client.cookies["django_language"] = language
    answer = client.get(path)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert f'<html lang="{"zh-Hans" if language == "zh-hans" else "en"}">' in text
    assert len(answer.content) < 100_000
    assert not re.search(r"<script|\sstyle=|\son[a-z]+=|javascript:", text)


def test_home_says_what_is_owed_and_since_when(borrower: Borrower) -> None:
    client = _signed_in()
    client.cookies["django_language"] = "en"
    text = client.get("/").content.decode()
    assert "1,234.56" in text
    assert "October 15, 2026" in text
    assert "40 days" in text
    client.cookies["django_language"] = "zh-hans"
    assert "2026年10月15日" in client.get("/").content.decode()


def test_the_log_shows_refused_contacts_too_with_their_reason(borrower: Borrower) -> None:
    loan = borrower.loans.get()
    open_hold(borrower_id=borrower.public_id, kind="promise", actor="test")
    request_contact(
        borrower_id=borrower.public_id,
        channel="call",
        purpose="collection",
        point_id=borrower.contact_points.get().public_id,
        loan_ids=(loan.public_id,),
        actor="test",
    )
    client = _signed_in()
    client.cookies["django_language"] = "en"
    text = client.get("/contacts/").content.decode()
    assert "not allowed" in text
    assert "No collection while a promise" in text
    refused = Contact.objects.get(verdict="refused")
    assert (
        "Since 2026-11-24: a promise to pay is open."
        in client.get(f"/contacts/{refused.public_id}/").content.decode()
    )


def test_one_borrower_never_sees_another(borrower: Borrower) -> None:
    other = factories.borrower(name="李雷")
    factories.contact_point(other, value="+8613900139000")
    contact = Contact.objects.filter(borrower=borrower).first()
    assert contact is not None
    client = _signed_in("+8613900139000")
    assert client.get(f"/contacts/{contact.public_id}/").status_code == 404
    assert "王小明" not in client.get("/").content.decode()
    assert contact.code not in client.get("/contacts/").content.decode()


def test_switching_a_channel_off_and_on_is_kept_by_the_gate(
    borrower: Borrower, now: clock.ManualClock
) -> None:
    client = _signed_in()
    now.advance(timedelta(minutes=1))
    client.post("/preferences/", {"channel": "sms", "want": "off"})
    now.advance(timedelta(days=2))
    point, loan = borrower.contact_points.get(), borrower.loans.get()
    wish: dict[str, Any] = {
        "borrower_id": borrower.public_id,
        "channel": "sms",
        "purpose": "collection",
        "point_id": point.public_id,
        "loan_ids": (loan.public_id,),
        "actor": "test",
    }
    assert request_contact(**wish).verdict == "refused"
    client = _signed_in()
    client.post("/preferences/", {"channel": "sms", "want": "on"})
    assert request_contact(**wish).verdict == "allowed"


def test_a_code_works_once_for_five_minutes_five_tries(borrower: Borrower, now: clock.ManualClock) -> None:
    client = Client()
    _ask(client)
    code = _code()
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(4):
        assert _enter(client, wrong).status_code == 200
    assert _enter(client, code).status_code == 302
    again = Client()
    _ask(again)
    code = _code()
    for _ in range(5):
        _enter(again, wrong)
    assert _enter(again, code).status_code == 200, "the sixth try must fail even with the right code"
    third = Client()
    _ask(third)
    now.advance(timedelta(minutes=5))
    assert _enter(third, _code()).status_code == 200
    fourth = Client()
    _ask(fourth)
    now.advance(timedelta(minutes=4, seconds=59))
    assert _enter(fourth, _code()).status_code == 302


def test_a_code_is_bound_to_its_request_and_needs_the_proof(borrower: Borrower) -> None:
    victim, thief = Client(), Client()
    _ask(victim)
    code = _code()
    _ask(thief, "+8613700137000")
    assert _enter(thief, code).status_code == 200
    assert _enter(victim, code, "1990-03-08").status_code == 200
    assert _enter(victim, code).status_code == 302


def test_known_and_unknown_numbers_look_the_same(borrower: Borrower) -> None:
    known, unknown = _ask(Client()), _ask(Client(), "+8613700137000")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert OutboxMessage.objects.filter(contact__purpose="sign_in").count() == 1


def test_five_codes_an_hour_a_phone(borrower: Borrower, now: clock.ManualClock) -> None:
    for _ in range(7):
        _ask(Client())
    assert SignInCode.objects.count() == 5
    now.advance(timedelta(hours=1, seconds=1))
    _ask(Client())
    assert SignInCode.objects.count() == 6


def test_sessions_end_when_idle_and_change_their_key(borrower: Borrower, now: clock.ManualClock) -> None:
    client = Client()
    _ask(client)
    before = client.session.session_key
    _enter(client, _code())
    assert client.session.session_key != before
    now.advance(timedelta(minutes=15))
    assert client.get("/").status_code == 200
    now.advance(timedelta(minutes=15, seconds=1))
    assert client.get("/").status_code == 302


def test_staff_need_password_and_a_fresh_second_factor(now: clock.ManualClock) -> None:
    added = add_staff(
        username="zhou",
        display_name="周敏",
        staff_number="0102",
        password="correct horse battery",
        roles=("compliance",),
        role_reason="for the test",
        actor="test",
    )
    code = pyotp.TOTP(added.totp_secret).at(int(clock.now().timestamp()))

    def enter(**changes: str) -> int:
        fields = {"username": "zhou", "password": "correct horse battery", "code": code, **changes}
        return Client().post("/staff/sign-in/", fields).status_code

    assert enter(password="wrong") == 200
    assert enter(code="000000" if code != "000000" else "111111") == 200
    assert enter(username="nobody") == 200
    assert enter() == 302
    assert enter() == 200, "a one-time code works once"


@pytest.mark.parametrize(("hour", "status"), [(15, 302), (16, 200)])
def test_an_authority_ends_with_the_lenders_day(now: clock.ManualClock, hour: int, status: int) -> None:
    """The last day is 24 November: in Shanghai it is over at 16:00 UTC, not eight hours later."""
    added = add_staff(
        username="zhou",
        display_name="周敏",
        staff_number="0102",
        password="correct horse battery",
        roles=("compliance",),
        role_reason="for the test",
        authority_until=date(2026, 11, 24),
        actor="test",
    )
    now.move_to(factories.MORNING.replace(hour=hour, minute=0))
    code = pyotp.TOTP(added.totp_secret).at(int(clock.now().timestamp()))
    fields = {"username": "zhou", "password": "correct horse battery", "code": code}
    assert Client().post("/staff/sign-in/", fields).status_code == status


def test_a_code_signs_in_the_number_it_was_sent_to_and_no_other(borrower: Borrower) -> None:
    """Who knows another's proof cannot enter her account by a code that went to a number of her own."""
    mine = factories.borrower()
    factories.contact_point(mine, value="+8613900139000")
    request_id = request_sign_in_code(mobile="+8613900139000", address="x")
    code, proof = _code(), people.proof_of(borrower)
    assert sign_in_borrower(request_id=request_id, mobile=MOBILE, code=code, proof=proof) is None
    found = sign_in_borrower(
        request_id=request_id, mobile="13900139000", code=code, proof=people.proof_of(mine)
    )
    assert found == mine


def test_failed_tries_make_an_account_wait_but_not_for_ever(now: clock.ManualClock) -> None:
    added = add_staff(
        username="zhou",
        display_name="周敏",
        staff_number="0102",
        password="correct horse battery",
        roles=("compliance",),
        role_reason="for the test",
        actor="test",
    )
    for _ in range(30):
        Client().post("/staff/sign-in/", {"username": "zhou", "password": "x", "code": "1"})
    staff = StaffMember.objects.get()
    assert staff.locked_until is not None
    assert staff.locked_until - clock.now() <= timedelta(minutes=5)
    now.advance(timedelta(minutes=5, seconds=1))
    code = pyotp.TOTP(added.totp_secret).at(int(clock.now().timestamp()))
    fields = {"username": "zhou", "password": "correct horse battery", "code": code}
    assert Client().post("/staff/sign-in/", fields).status_code == 302


def test_roles_open_their_own_pages_only(borrower: Borrower) -> None:
    collector, officer = _staff("collector"), _staff("compliance", name="zhou")
    for path, of_collector, of_officer in (
        ("/work/", 200, 403),
        ("/compliance/", 403, 200),
        ("/", 302, 302),
    ):
        assert collector.get(path).status_code == of_collector, path
        assert officer.get(path).status_code == of_officer, path


def test_a_switched_off_member_of_staff_is_out_at_the_next_request(borrower: Borrower) -> None:
    client = _staff("collector")
    assert client.get("/work/").status_code == 200
    StaffMember.objects.update(is_active=False)
    assert client.get("/work/").status_code == 302


def test_authority_ends_with_its_last_day(borrower: Borrower, now: clock.ManualClock) -> None:
    client = _staff("collector")
    StaffMember.objects.update(authority_until=date(2026, 11, 24))
    assert client.get("/work/").status_code == 200
    StaffMember.objects.update(authority_until=date(2026, 11, 23))
    assert client.get("/work/").status_code == 302


def test_verify_tells_a_stranger_nothing_of_a_debt(borrower: Borrower) -> None:
    contact = Contact.objects.get(purpose="collection")
    client = Client()
    client.cookies["django_language"] = "en"
    yes = client.post("/verify/", {"code": contact.code.lower()}).content.decode()
    no = client.post("/verify/", {"code": "2222222222"}).content.decode()
    assert "Yes, this contact is from us." in yes
    assert "No, we do not know this code." in no
    for secret in ("王小明", "1,234.56", "overdue", "reminder", "owe", MOBILE, "debt"):
        assert secret not in yes.split("<main")[1].split("We never")[0]
    assert [check.result for check in ContactCheck.objects.order_by("id")] == ["yes", "no"]


def test_verify_is_limited_for_each_address(borrower: Borrower) -> None:
    statuses = [Client().post("/verify/", {"code": "2222222222"}).status_code for _ in range(31)]
    assert statuses == [200] * 30 + [429]
    other = Client(REMOTE_ADDR="10.0.0.9")
    assert other.post("/verify/", {"code": "2222222222"}).status_code == 200


def test_a_forwarded_address_of_a_stranger_does_not_count(borrower: Borrower) -> None:
    for at in range(30):
        Client().post("/verify/", {"code": "2222222222"}, HTTP_X_FORWARDED_FOR=f"10.1.1.{at}")
    assert Client().post("/verify/", {"code": "2"}, HTTP_X_FORWARDED_FOR="9.9.9.9").status_code == 429


def test_forms_need_their_token(borrower: Borrower) -> None:
    strict = Client(enforce_csrf_checks=True)
    for path in ("/verify/", "/sign-in/", "/staff/sign-in/", "/language/"):
        assert strict.post(path, {"code": "2222222222", "mobile": MOBILE}).status_code == 403


def test_the_api_answers_as_the_page_does_and_refuses_unknown_fields(borrower: Borrower) -> None:
    contact = Contact.objects.get(purpose="collection")
    client = Client()
    yes = client.post("/api/v1/verify", {"code": contact.code}, content_type="application/json").json()
    assert yes["result"] == "yes"
    assert set(yes) == {
        "result",
        "who",
        "staff_number",
        "agency",
        "channel",
        "to_ending",
        "sent_at",
        "valid_until",
    }
    for body in (
        {"code": contact.code, "role": "admin"},
        {},
        {"code": ""},
        {"code": 1},
        {"code": "x" * 41},
        [],
    ):
        assert client.post("/api/v1/verify", body, content_type="application/json").status_code == 422
    assert client.get("/api/v1/health").json()["status"] == "ok"
    assert client.get("/api/v1/openapi.json").status_code == 200


def test_no_text_is_left_untranslated() -> None:
    assert translations.missing() == []


def test_no_kind_of_words_hides_another() -> None:
    """Two lists under one name would leave the codes of the first without words."""
    named = [kind for one in LISTS for kind in one]
    assert sorted(set(named)) == sorted(named)


def test_the_page_of_last_resort_asks_nothing_of_the_database(rf: RequestFactory) -> None:
    request = rf.get("/pay/")
    with connection.execute_wrapper(_refuse):
        text = page.failed(request).content.decode()
    assert "这是我们的故障" in text


def _refuse(*_: object) -> NoReturn:
    raise AssertionError("a statement was run")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_statement_is_for_its_borrower_only(borrower: Borrower, language: str) -> None:
    client = _signed_in()
    client.cookies["django_language"] = language
    mine = borrower.loans.get()
    answer = client.get(f"/loans/{mine.public_id}/statement/")
    assert answer.status_code == 200
    assert ("贷款对账单" if language == "zh-hans" else "Loan statement") in answer.content.decode()
    pdf = client.get(f"/loans/{mine.public_id}/statement.pdf")
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")
    other = factories.late_loan(factories.borrower())
    assert client.get(f"/loans/{other.public_id}/statement/").status_code == 404
    assert client.get(f"/loans/{other.public_id}/statement.pdf").status_code == 404


def test_a_concern_stops_contacts_and_says_when_the_answer_comes(borrower: Borrower) -> None:
    client = _signed_in()
    client.cookies["django_language"] = "en"
    loan = borrower.loans.get()
    assert client.post("/speak/", {"about": "nothing"}).status_code == 422
    for _ in range(2):
        assert client.post("/speak/", {"about": "not_mine", "loan": loan.public_id}).status_code == 302
    assert borrower.holds.filter(kind="dispute").count() == 1
    text = client.get("/speak/").content.decode()
    assert "We answer by December 14, 2026" in text
    other = factories.late_loan(factories.borrower())
    assert client.post("/speak/", {"about": "not_mine", "loan": other.public_id}).status_code == 404


def test_a_concern_is_answered_by_compliance_and_the_borrower_sees_it(borrower: Borrower) -> None:
    mine = _signed_in()
    mine.cookies["django_language"] = "en"
    mine.post("/speak/", {"about": "already_paid", "loan": borrower.loans.get().public_id})
    hold = borrower.holds.get(kind="dispute")
    staff = _staff("compliance")
    staff.cookies["django_language"] = "en"
    page = staff.get("/concerns/").content.decode()
    assert "I have paid already" in page
    assert "20 days left" in page
    assert staff.post("/concerns/", {"hold": hold.public_id, "answer": "maybe"}).status_code == 422
    assert staff.post("/concerns/", {"hold": "NOBODY", "answer": "upheld"}).status_code == 422
    assert staff.post("/concerns/", {"hold": hold.public_id, "answer": "upheld"}).status_code == 302
    assert staff.post("/concerns/", {"hold": hold.public_id, "answer": "not_upheld"}).status_code == 422
    assert "you are right" in mine.get("/speak/").content.decode()
    assert _staff("collector", name="wu").get("/concerns/").status_code in (302, 403)


def test_operations_give_suspense_to_a_loan(borrower: Borrower) -> None:
    from lenity.operations.book_bank_file import book_bank_file
    from lenity.operations.receive_bank_file import receive_bank_file
    from lenity.records.intake.models import BankEntry
    from tests.domain import bank_files

    raw = bank_files.camt([("20.00", "no reference")], total="20.00", closing="120.00")
    file = receive_bank_file(raw=raw, name="x", actor="test")
    book_bank_file(file_id=file.public_id, actor="test")
    entry, loan = BankEntry.objects.get(), borrower.loans.get()
    staff = _staff("operations")
    staff.cookies["django_language"] = "en"
    assert "王小明" in staff.get("/suspense/").content.decode()
    assert staff.post("/suspense/", {"entry": entry.public_id, "account": "nothing"}).status_code == 422
    given = {
        "entry": entry.public_id,
        "account": loan.account_number,
        "move": "assign",
        "reason": "it is hers",
    }
    assert staff.post("/suspense/", given).status_code == 302
    assert not loan.payments.exists(), "a second person decides"
    made = ChangeProposal.objects.get()
    judged = {"change": made.public_id, "digest": made.digest, "move": "approve", "why": "seen"}
    assert staff.post("/suspense/", judged).status_code == 422, "not the same one"
    assert _staff("operations", name="second").post("/suspense/", judged).status_code == 302
    assert loan.payments.get().amount_minor == 2000
    assert "Nothing is in suspense" in staff.get("/suspense/").content.decode()
