"""Staff answer offers, reviews, changes and requests; a borrower asks for a person and reads the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyotp
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lenity.base.outcomes import InputRefused
from lenity.domain.lending import decision
from lenity.domain.servicing import affordability
from lenity.domain.servicing.affordability import Budget, Line
from lenity.domain.servicing.plan import Kind, Request
from lenity.gateways import clock
from lenity.operations.add_staff import add_staff
from lenity.operations.answer_offer import answer_offer
from lenity.operations.propose_change import propose_change
from lenity.operations.propose_plan import propose_plan
from lenity.operations.request_data import request_data
from lenity.operations.save_budget import save_budget
from lenity.records.approvals.models import ChangeProposal
from lenity.records.arrangements.models import ConcernFile, DataAnswer, TalkTurn
from lenity.records.debt_collection.models import Hold
from lenity.records.lending.models import DecisionReview, ReviewAnswer
from lenity.records.scoring.models import Activation
from tests import factories, world
from tests.operations.test_reviews import declined

pytestmark = [pytest.mark.database, pytest.mark.django_db]
PDF = b"%PDF-1.7\n%%EOF"


@pytest.fixture(autouse=True)
def now() -> Iterator[clock.ManualClock]:
    with clock.use(clock.ManualClock(factories.MORNING)) as running:
        yield running


@pytest.fixture
def filled() -> world.World:
    return world.build()


def english(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def offer(filled: world.World, periods: int = 36, words: str = "慢慢来 <b>") -> str:
    loan = filled.values["second_loan_id"]
    asked = Request(Kind.RE_AMORTISE, periods)
    propose_plan(loan_id=loan, asked=asked, by="borrower", actor="borrower", words=words)
    return f"/offers/{loan}/"


def opens(client: Client, kind: str, subject: str) -> None:
    """Say why one reads it, and read it."""
    sent = {"kind": kind, "subject": subject, "reason": "to_answer"}
    assert client.post("/readings/", sent).status_code == 302


def shown(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found, name
    return found[1]


def test_an_offer_is_read_and_agreed_to(filled: world.World) -> None:
    client = english(world.as_staff("operations"))
    assert "No offer waits for us." in text(client, "/offers/")
    path = offer(filled)
    assert path in text(client, "/offers/")
    page = text(client, path)
    assert "慢慢来 &lt;b&gt;" in page
    assert "has not told us its month" in page
    assert client.post(path, {"move": "accept"}).status_code == 422, "nobody agrees to what she has not read"
    assert client.post(path, {"move": "accept", "seen": shown(page, "seen")}).status_code == 302
    assert TalkTurn.objects.latest("id").move == "accept"
    assert client.get(path).status_code == 302, "it waits for us no more"


def test_an_offer_that_was_replaced_is_not_agreed_to(filled: world.World) -> None:
    client = english(world.as_staff("operations"))
    path = offer(filled)
    seen = shown(text(client, path), "seen")
    offer(filled, periods=60)
    answer = client.post(path, {"move": "accept", "seen": seen})
    assert answer.status_code == 422
    assert "Read the newest one first" in answer.content.decode()
    assert TalkTurn.objects.latest("id").move == "counter"


def test_an_offer_is_declined_with_a_reason_only_and_words_are_kept(filled: world.World) -> None:
    client = english(world.as_staff("operations"))
    path = offer(filled)
    said = {"move": "decline", "seen": shown(text(client, path), "seen"), "words": "Call us, please."}
    answer = client.post(path, said)
    assert answer.status_code == 422
    assert "Choose why you decline." in answer.content.decode()
    assert "Call us, please." in answer.content.decode()
    assert client.post(path, said | {"reason": "too_long"}).status_code == 302
    assert TalkTurn.objects.latest("id").reason == "too_long"


@pytest.mark.parametrize("amount", ["ten", "0", "-5", "999999999999999999", "٣"])
def test_an_amount_that_is_none_makes_no_counter_offer(filled: world.World, amount: str) -> None:
    client = english(world.as_staff("operations"))
    path = offer(filled)
    answer = client.get(path, {"amount": amount})
    assert answer.status_code == 422
    assert "No plan can be worked out" in answer.content.decode()
    assert client.post(path, {"amount": amount, "move": "counter"}).status_code == 422
    assert TalkTurn.objects.count() == 1


def test_a_counter_offer_is_seen_before_it_is_sent(filled: world.World) -> None:
    client = english(world.as_staff("operations"))
    path = offer(filled)
    page = client.get(path, {"amount": "700", "pay_day": "5"}).content.decode()
    sent = {"amount": "700", "pay_day": "5", "move": "counter", "words": "Can you manage this?"}
    assert client.post(path, sent).status_code == 422, "what was shown is sent along"
    assert client.post(path, sent | {"shown": shown(page, "shown")}).status_code == 302
    turn = TalkTurn.objects.latest("id")
    assert (turn.by, turn.move) == ("lender", "counter")
    assert "Can you manage this?" in text(english(world.as_borrower(filled.wang)), "/talk/")


def test_a_plan_below_the_floor_has_no_button(filled: world.World) -> None:
    client = english(world.as_staff("operations"))
    path = offer(filled)
    stated = Budget("CNY", 1, 0, 15, (Line("wages", 1_000_00, "month"), Line("rent", 0, "month")))
    save_budget(
        borrower_id=filled.wang.public_id,
        answers={"budget": affordability.to_plain(stated), "reasons": {}},
        finish=True,
        actor="borrower",
    )
    page = text(client, path)
    assert "below the floor" in page
    assert 'value="accept"' not in page
    worked = client.get(path, {"amount": "900"}).content.decode()
    assert 'value="counter"' not in worked


def test_from_a_question_of_the_borrower_to_a_second_opinion(filled: world.World) -> None:
    declined(filled.wang)
    me, other = english(world.as_borrower(filled.wang)), world.as_borrower(filled.other)
    assert "Recent lateness" in text(me, "/decisions/")
    asked = {"application": "APPLICATION000000001", "words": "My wages rose."}
    assert other.post("/decisions/", asked).status_code == 422, "another's decision is not there"
    assert "最近逾期" not in text(other, "/decisions/")
    assert not DecisionReview.objects.exists()
    for link in ("/data/", "/rights/"):
        assert 'href="/decisions/"' in text(me, link)
    assert me.post("/decisions/", asked).status_code == 302
    assert "A person answers by" in text(me, "/decisions/")
    first, second = (english(world.as_staff("risk", name=name)) for name in ("one", "two"))
    review = DecisionReview.objects.get()
    page = text(first, "/risk/")
    assert "My wages rose." not in page
    assert "Recent lateness" not in page, "not before she says why"
    opens(first, "review", review.public_id)
    page = text(first, "/risk/")
    assert "My wages rose." in page
    assert "Recent lateness" in page
    judged = {"review": shown(page, "review"), "currency": "CNY", "why": "Too much debt elsewhere."}
    for bad in (
        {"move": "approve", "limit": "x"},
        {"move": "approve"},
        {"move": ""},
        {"move": "decline", "why": " "},
    ):
        answer = first.post("/risk/", judged | bad)
        assert answer.status_code == 422, bad
        assert bad.get("why") or "Too much debt elsewhere." in answer.content.decode()
    assert first.post("/risk/", judged | {"move": "decline"}).status_code == 302
    assert "Too much debt elsewhere." in text(me, "/decisions/")
    assert me.post("/decisions/", asked).status_code == 302
    for client in (first, second):
        opens(client, "review", DecisionReview.objects.latest("id").public_id)
    assert "somebody else gives the second" in text(first, "/risk/")
    again = judged | {"review": shown(text(second, "/risk/"), "review"), "move": "approve", "limit": "20,000"}
    assert "Somebody else gives the second." in first.post("/risk/", again).content.decode()
    assert second.post("/risk/", again).status_code == 302
    assert ReviewAnswer.objects.latest("id").limit_minor == 20_000_00
    assert me.post("/decisions/", asked).status_code == 422


def test_a_policy_comes_into_force_by_a_second_person(filled: world.World) -> None:
    first = factories.staff("risk")
    for reason in ("First.", "Second."):
        content = {"text": decision.shipped().text + f"\n# {reason}\n"}
        propose_change(kind="policy_activation", subject_id="", payload=content, reason=reason, actor=first)
    one, two = ChangeProposal.objects.order_by("id")
    client = english(world.as_staff("risk"))
    page = text(client, "/risk/")
    assert "# First." in page
    judged = {"change": one.public_id, "digest": one.digest, "why": "Read it."}
    for bad in ({"digest": "0" * 64}, {"why": ""}, {"move": "book"}, {"change": "none"}):
        assert client.post("/risk/", judged | {"move": "approve"} | bad).status_code == 422, bad
    assert not Activation.objects.exists()
    assert client.post("/risk/", judged | {"move": "approve"}).status_code == 302
    assert Activation.objects.count() == 1
    refused = {"change": two.public_id, "digest": two.digest, "why": "No.", "move": "refuse"}
    assert client.post("/risk/", refused).status_code == 302
    assert "came into force" in text(client, "/risk/")
    assert Activation.objects.count() == 1


def test_risk_begins_on_its_page_which_is_hers_only() -> None:
    added = add_staff(
        username="wu",
        display_name="吴敏",
        staff_number="0500",
        password=world.PASSWORD,
        roles=("risk",),
        role_reason="for the test",
        actor="test",
    )
    code = pyotp.TOTP(added.totp_secret).at(int(clock.now().timestamp()))
    sent = {"username": "wu", "password": world.PASSWORD, "code": code}
    assert Client().post("/staff/sign-in/", sent)["Location"] == "/risk/"
    assert world.as_staff("operations").get("/risk/").status_code == 403


def test_a_request_about_data_is_answered_in_words_once(filled: world.World) -> None:
    made = request_data(
        borrower_id=filled.wang.public_id,
        kind="correction",
        words="My name is spelt wrong.",
        actor="borrower",
    )
    client = english(world.as_staff("compliance"))
    assert "My name is spelt wrong." not in text(client, "/concerns/"), "not before she says why"
    opens(client, "data_request", made.public_id)
    assert "My name is spelt wrong." in text(client, "/concerns/")
    asked = {"request": made.public_id, "answer": "done", "words": "It is right now."}
    for bad in ({"answer": ""}, {"words": " "}, {"request": "none"}):
        assert client.post("/concerns/data/", asked | bad).status_code == 422, bad
    kept = client.post("/concerns/data/", asked | {"answer": "x"}).content.decode()
    assert "It is right now." in kept
    assert client.post("/concerns/data/", asked).status_code == 302
    assert client.post("/concerns/data/", asked).status_code == 422
    assert DataAnswer.objects.count() == 1
    assert "It is right now." in text(english(world.as_borrower(filled.wang)), "/data/")


def test_words_and_files_of_a_concern_reach_who_answers_it(filled: world.World) -> None:
    me = world.as_borrower(filled.wang)
    file = SimpleUploadedFile("../../x.html", PDF, content_type="text/html")
    loan = filled.values["loan_id"]
    sent = {"about": "already_paid", "loan": loan, "words": "Paid on Monday.", "files": file}
    assert me.post("/speak/", sent).status_code == 302
    hold = Hold.objects.latest("id").public_id
    client = english(world.as_staff("compliance"))
    assert f"/concerns/{hold}/" in text(client, "/concerns/")
    path = f"/concerns/{hold}/files/{ConcernFile.objects.get().public_id}/"
    shut = text(client, f"/concerns/{hold}/")
    assert "Paid on Monday." not in shut
    assert path not in shut
    assert client.get(path).status_code == 404, "a file is not opened by its address"
    opens(client, "concern", hold)
    assert "Paid on Monday." in text(client, f"/concerns/{hold}/")
    assert path in text(client, f"/concerns/{hold}/")
    answer = client.get(path)
    assert (answer.content, answer["Content-Type"]) == (PDF, "application/pdf")
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Cache-Control"] == "no-store"
    other = filled.others["hold_id"]
    assert client.get(path.replace(hold, other)).status_code == 404, "a file belongs to its concern"
    assert client.get("/concerns/NOTHERE/").status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_are_small_and_without_inline_code(filled: world.World, language: str) -> None:
    path = offer(filled)
    declined(filled.wang)
    staff, me = world.as_staff(*world.ROLES, name="all"), world.as_borrower(filled.wang)
    paths = ["/offers/", path, f"{path}?amount=700", "/risk/", "/concerns/"]
    for client, one in [*((staff, one) for one in paths), (me, "/decisions/")]:
        client.cookies["django_language"] = language
        page = text(client, one)
        assert len(page.encode()) < 100_000
        assert not re.search(r"<script(?! src)|\sstyle=|\son[a-z]+=|javascript:", page), one


def test_a_turn_that_was_not_seen_is_not_answered(filled: world.World) -> None:
    offer(filled)
    with pytest.raises(InputRefused, match="Another offer has come since"):
        answer_offer(
            loan_id=filled.values["second_loan_id"], move="accept", by="lender", actor="s", seen="other"
        )
