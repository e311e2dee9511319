"""The borrower's journeys: pay, promise, tell one's month, build a plan, sign it, talk about it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from lenity.domain.servicing.plan import Kind, Request
from lenity.gateways import clock
from lenity.operations.answer_offer import answer_offer
from lenity.operations.propose_plan import propose_plan
from lenity.records import encrypted
from lenity.records.arrangements.models import Agreement, Budget, TalkTurn
from lenity.records.debt_collection.models import OutboxMessage
from tests import factories, world

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def filled() -> Iterator[world.World]:
    with clock.use(clock.ManualClock(factories.MORNING)):
        yield world.build()


@pytest.fixture
def client(filled: world.World) -> Client:
    browser = world.as_borrower(filled.wang)
    browser.cookies["django_language"] = "en"
    return browser


@pytest.fixture
def loan(filled: world.World) -> str:
    return filled.values["loan_id"]


def page(client: Client, path: str, **fields: Any) -> str:
    answer = client.get(path, fields)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def code() -> str:
    message = OutboxMessage.objects.filter(contact__template="plan-code-sms").latest("contact_id")
    place = {"table": "debt_collection_outboxmessage", "column": "body", "row": message.contact.public_id}
    found = re.search(r"\d{6}", json.loads(encrypted.unseal(message.body_sealed, **place))["body"])
    assert found
    return found.group()


HOUSEHOLD = {"adults": "1", "children": "0", "pay_day": "10"}


def tell(client: Client, wages: str = "4000", rent: str = "500") -> None:
    client.post("/budget/household/", HOUSEHOLD)
    client.post("/budget/income/", {"wages": wages, "wages_every": "month"})
    client.post("/budget/home/", {"rent": rent})
    for one in ("living", "family", "debts"):
        client.post(f"/budget/{one}/", {})
    assert client.post("/budget/check/").status_code == 302


def test_pay_shows_the_cents_the_account_and_the_reference(client: Client, loan: str) -> None:
    text = page(client, f"/loans/{loan}/pay/")
    assert "1,214.56" in text
    assert "To settle everything today" in text
    assert "6200 0000" in text
    assert "<svg" in text.split('class="qr"')[1]
    assert not re.search(r"\sstyle=", text)


@pytest.mark.parametrize("typed", ["200", "¥200.00", "２００", " 2 00 "])
def test_a_part_is_shown_where_it_goes(client: Client, loan: str, typed: str) -> None:
    text = page(client, f"/loans/{loan}/pay/", amount=typed)
    assert "1,014.56" in text


@pytest.mark.parametrize("typed", ["abc", "-5", "1e9", "9" * 24, "1.234", "<b>"])
def test_what_is_no_amount_is_said_and_kept(client: Client, loan: str, typed: str) -> None:
    answer = client.get(f"/loans/{loan}/pay/", {"amount": typed})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert text.count("Enter an amount in digits") == 2, "in the summary and by the field"
    assert "<b>" not in text


def test_one_account_needs_no_choice(filled: world.World) -> None:
    other = world.as_borrower(filled.other)
    assert other.get("/pay/")["Location"] == f"/loans/{filled.others['loan_id']}/pay/"


def test_a_promise_is_made_and_seen(client: Client, loan: str, filled: world.World) -> None:
    path = f"/loans/{loan}/promise/"
    for fields in (
        {},
        {"amount": "5", "day": "2026-11-23"},
        {"amount": "99999", "day": "2026-11-30"},
        {"amount": "x"},
    ):
        assert client.post(path, fields).status_code == 422
    assert client.post(path, {"amount": "200", "day": "2026-11-30"}).status_code == 302
    assert "November 30, 2026" in page(client, "/talk/")
    assert "your promise to pay" in page(client, "/")
    assert client.post(path, {"amount": "200", "day": "2026-11-30"}).status_code == 422
    assert filled.wang.holds.filter(kind="promise").count() == 1


def test_the_month_is_saved_page_by_page_and_checked(client: Client, filled: world.World) -> None:
    assert client.get("/budget/check/").status_code == 302
    assert client.post("/budget/household/", {"adults": "0"}).status_code == 422
    assert client.post("/budget/household/", HOUSEHOLD)["Location"] == "/budget/income/"
    bad = client.post("/budget/income/", {"wages": "lots"})
    assert bad.status_code == 422
    assert 'value="lots"' in bad.content.decode()
    assert client.post("/budget/income/", {"wages": "1000", "wages_every": "week"}).status_code == 302
    again = world.as_borrower(filled.wang)
    again.cookies["django_language"] = "en"
    assert 'value="1000.00"' in page(again, "/budget/income/"), "save and return"
    why = client.post("/budget/home/", {"rent": "900"})
    assert why.status_code == 422
    assert "What is it for?" in why.content.decode()
    assert client.post("/budget/home/", {"rent": "900", "reason": "near the school"}).status_code == 302
    for one in ("living", "family", "debts"):
        assert client.post(f"/budget/{one}/", {}).status_code == 302
    check = page(client, "/budget/check/")
    assert "4,333.33" in check
    assert "near the school" in check
    assert client.post("/budget/check/")["Location"] == "/budget/result/"
    assert "3,133.33" in page(client, "/budget/result/")
    assert Budget.objects.count() == 1
    assert client.get("/budget/nothing/").status_code == 404


def test_nothing_at_all_is_an_acceptable_answer(client: Client) -> None:
    tell(client, wages="0", rent="0")
    text = page(client, "/budget/result/")
    assert "that is an acceptable answer" in text
    assert "Plans that fit" not in text
    assert client.post("/speak/", {"about": "cannot_pay"}).status_code == 302


def choose(client: Client, loan: str, choice: str) -> dict[str, str]:
    text = page(client, f"/loans/{loan}/plan/check/", choice=choice)
    found = re.search(r'name="shown" value="(\w+)"', text)
    assert found, text[:2000]
    return {"choice": choice, "shown": found.group(1), "agree": "yes"}


def test_a_plan_is_built_checked_signed_and_kept(client: Client, loan: str, filled: world.World) -> None:
    text = page(client, f"/loans/{loan}/plan/", amount="200", pay_day="10", step="more")
    assert 'value="300.00"' in text
    assert "lowest total" not in text or text.count("lowest total") == 1
    check = f"/loans/{loan}/plan/check/"
    first = page(client, check, choice="own-30000-10")
    assert "First, your month in short" in first
    assert "Send me the code to sign" not in first
    assert client.post(check, {"choice": "own-30000-10", "agree": "yes", "shown": "x"}).status_code == 422
    month = {"adults": "1", "children": "0", "pay_day": "10", "back": f"{check}?choice=own-30000-10"}
    month |= {"income": "8000", "home": "1000", "living": "1500", "debts": "0"}
    assert client.post("/budget/short/", {**month, "living": ""}).status_code == 422
    assert client.post("/budget/short/", {**month, "back": "https://evil.example/"})["Location"].startswith(
        "/"
    )
    assert client.post("/budget/short/", month)["Location"] == month["back"]
    fields = choose(client, loan, "own-30000-10")
    check = f"/loans/{loan}/plan/check/"
    assert client.post(check, {**fields, "agree": ""}).status_code == 422
    assert client.post(check, {**fields, "shown": "x"}).status_code == 422
    assert client.post(check, fields)["Location"] == f"/loans/{loan}/plan/sign/"
    right = code()
    wrong = "000000" if right != "000000" else "111111"
    assert client.post(f"/loans/{loan}/plan/sign/", {"code": wrong}).status_code == 422
    signed = client.post(f"/loans/{loan}/plan/sign/", {"code": right})
    assert signed.status_code == 302
    text = page(client, signed["Location"])
    assert "December 10, 2026" in text
    assert Agreement.objects.get().digest in text
    pdf = client.get(f"{signed['Location']}agreement.pdf")
    assert pdf.content.startswith(b"%PDF-")
    assert len(pdf.content) < 100_000
    assert world.as_borrower(filled.other).get(f"{signed['Location']}agreement.pdf").status_code == 404
    assert world.as_borrower(filled.other).get(signed["Location"]).status_code == 404
    assert "your repayment plan" in page(client, "/")
    assert client.get(f"/loans/{loan}/plan/sign/").status_code == 302, "the code was for once"


def test_a_plan_below_the_floor_shows_the_maths_and_cannot_be_sent(client: Client, loan: str) -> None:
    tell(client, wages="1300", rent="0")
    text = page(client, f"/loans/{loan}/plan/check/", choice="own-60000-10")
    assert "so it cannot be agreed" in text
    assert 'name="shown"' not in text
    fields = {"choice": "own-60000-10", "agree": "yes", "shown": "x"}
    assert client.post(f"/loans/{loan}/plan/check/", fields).status_code == 422
    assert not OutboxMessage.objects.filter(contact__template="plan-code-sms").exists()


def test_a_long_plan_is_proposed_countered_and_signed(client: Client, loan: str) -> None:
    fields = choose(client, loan, "own-4000-10")
    sent = client.post(f"/loans/{loan}/plan/check/", {**fields, "words": "<b>慢慢还</b>"})
    assert sent["Location"] == "/talk/"
    text = page(client, "/talk/")
    assert "&lt;b&gt;慢慢还" in text
    assert "we answer next" in text
    assert client.post("/talk/", {"loan": loan, "move": "accept"}).status_code == 422
    propose_plan(
        loan_id=loan, asked=Request(Kind.RE_AMORTISE, 30), by="lender", actor=factories.staff("supervisor")
    )
    assert "your answer is next" in page(client, "/talk/")
    assert client.post("/talk/", {"loan": loan, "move": "decline"}).status_code == 302
    assert client.post(f"/loans/{loan}/plan/check/", fields).status_code == 302
    answer_offer(loan_id=loan, move="accept", by="lender", actor=factories.staff("supervisor"))
    tell(client)
    assert client.post(f"/loans/{loan}/plan/check/", choose(client, loan, "talk")).status_code == 302
    assert client.post(f"/loans/{loan}/plan/sign/", {"code": code()}).status_code == 302
    assert [one.move for one in TalkTurn.objects.order_by("id")][-1] == "sign"


def test_another_borrowers_loan_is_not_there(client: Client, filled: world.World) -> None:
    theirs = filled.others["loan_id"]
    for path in ("pay/", "promise/", "plan/", "plan/check/", "plan/sign/"):
        assert client.get(f"/loans/{theirs}/{path}").status_code == 404
        assert client.post(f"/loans/{theirs}/{path}", {"choice": "one_year"}).status_code in (404, 405)
    assert client.post("/talk/", {"loan": theirs, "move": "decline"}).status_code == 404


@pytest.mark.parametrize("choice", ["", "nothing", "own-0-0", "own-9-99", "talk", "own-1-1", "x" * 500])
def test_a_choice_that_is_none_leads_back(client: Client, loan: str, choice: str) -> None:
    answer = client.get(f"/loans/{loan}/plan/check/", {"choice": choice})
    assert answer.status_code == 302
    assert answer["Location"] == f"/loans/{loan}/plan/"
