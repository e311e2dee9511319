"""Offers within an authority are made at once; beyond it a supervisor decides; the floor stands above both."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client

from lenity.base.outcomes import InputRefused
from lenity.domain.servicing import affordability, authority
from lenity.domain.servicing.affordability import Budget, Line
from lenity.domain.servicing.authority import Ask, Deal
from lenity.domain.servicing.plan import Kind, Request
from lenity.gateways import clock
from lenity.law import reader
from lenity.operations.add_api_client import add_api_client
from lenity.operations.answer_offer import answer_offer
from lenity.operations.approve_change import approve_change
from lenity.operations.decide_beyond_offer import decide_beyond_offer
from lenity.operations.make_offer import make_offer
from lenity.operations.propose_plan import propose_plan
from lenity.operations.save_budget import save_budget
from lenity.records.approvals.models import ChangeProposal
from lenity.records.arrangements.models import TalkTurn
from lenity.records.lending.models import Loan, LoanFact
from lenity.records.people.models import StaffMember
from tests import factories, world

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def filled() -> Iterator[world.World]:
    with clock.use(clock.ManualClock(factories.MORNING)):
        made = world.build()
        made.wang.holds.all()
        yield made


@pytest.fixture
def loan(filled: world.World) -> Loan:
    return Loan.objects.get(public_id=filled.values["second_loan_id"])


def english(*roles: str, name: str) -> Client:
    client = world.as_staff(*roles, name=name)
    client.cookies["django_language"] = "en"
    return client


@pytest.mark.parametrize(
    ("ask", "role", "beyond"),
    [
        (Ask(Deal.RE_AMORTISE, 24), "collector", False),
        (Ask(Deal.RE_AMORTISE, 25), "collector", True),
        (Ask(Deal.RE_AMORTISE, 12), "program", False),
        (Ask(Deal.RE_AMORTISE, 13), "program", True),
        (Ask(Deal.RE_AMORTISE, 60), "supervisor", False),
        (Ask(Deal.INTEREST_PAUSE, 3), "collector", False),
        (Ask(Deal.INTEREST_PAUSE, 4), "collector", True),
        (Ask(Deal.EXTENSION, 2), "collector", False),
        (Ask(Deal.EXTENSION, 3), "collector", True),
        (Ask(Deal.EXTENSION, 7), "supervisor", True),
        (Ask(Deal.RATE_CUT, annual_rate=Fraction(9, 100)), "collector", False),
        (Ask(Deal.RATE_CUT, annual_rate=Fraction(899, 10_000)), "collector", True),
        (Ask(Deal.RATE_CUT, annual_rate=Fraction(0)), "supervisor", False),
    ],
)
def test_the_last_offer_within_and_the_first_beyond(
    filled: world.World, loan: Loan, ask: Ask, role: str, beyond: bool
) -> None:
    from lenity.records.lending import servicing_queries

    limits = reader.rulebook("CN").value("HOUSE-AUTHORITY", factories.MORNING.date())[role]
    state = servicing_queries.account_on(loan, factories.MORNING.date())
    assert authority.exceeded(ask, limits, state, Fraction(18, 100)) is beyond


def test_beyond_her_authority_a_supervisor_decides_and_it_is_offered_at_once(loan: Loan) -> None:
    li, wu = factories.staff("collector"), factories.staff("supervisor")
    assert make_offer(loan_id=loan.public_id, ask=Ask(Deal.RE_AMORTISE, 24), actor=li) == ""
    assert TalkTurn.objects.get().move == "offer"
    more: dict[str, Any] = {"loan_id": loan.public_id, "ask": Ask(Deal.RE_AMORTISE, 36), "actor": li}
    with pytest.raises(InputRefused, match="beyond your authority"):
        make_offer(**more)
    waits = make_offer(**more, why="twins were born")
    assert TalkTurn.objects.count() == 1, "nothing is offered before"
    made = ChangeProposal.objects.get(public_id=waits)
    judged = {"proposal_id": waits, "digest": made.digest, "verdict": "approved", "reason": "seen"}
    with pytest.raises(InputRefused, match="role supervisor"):
        decide_beyond_offer(**judged, actor=li)
    with pytest.raises(InputRefused, match="made at once"):
        approve_change(proposal_id=waits, digest=made.digest, reason="seen", actor=wu)
    decide_beyond_offer(**judged, actor=wu)
    turn = TalkTurn.objects.latest("id")
    assert (turn.by, turn.move) == ("lender", "counter")
    assert json.loads(turn.asked)["periods"] == 36
    with pytest.raises(InputRefused, match="judged already"):
        decide_beyond_offer(**judged, actor=wu)


def test_a_supervisor_does_not_approve_her_own(loan: Loan) -> None:
    both = factories.staff("collector", "supervisor")
    assert make_offer(loan_id=loan.public_id, ask=Ask(Deal.RE_AMORTISE, 60), actor=both) == ""
    with pytest.raises(InputRefused, match="Nobody may offer"):
        make_offer(loan_id=loan.public_id, ask=Ask(Deal.EXTENSION, 7), actor=both, why="x")
    for role in ("compliance", "risk"):
        with pytest.raises(InputRefused, match="makes no offers"):
            make_offer(loan_id=loan.public_id, ask=Ask(Deal.RE_AMORTISE, 2), actor=factories.staff(role))


def test_the_floor_stands_above_every_authority(filled: world.World, loan: Loan) -> None:
    stated = Budget("CNY", 1, 0, 15, (Line("wages", 1_000_00, "month"), Line("rent", 0, "month")))
    save_budget(
        borrower_id=filled.wang.public_id,
        answers={"budget": affordability.to_plain(stated), "reasons": {}},
        finish=True,
        actor="borrower",
    )
    for role, periods in (("collector", 12), ("collector", 36), ("supervisor", 12)):
        ask = Ask(Deal.RE_AMORTISE, periods)
        with pytest.raises(InputRefused, match="can spare"):
            make_offer(loan_id=loan.public_id, ask=ask, why="x", actor=factories.staff(role))
    assert not TalkTurn.objects.exists()


def test_a_floor_that_came_meanwhile_stops_an_approval(filled: world.World, loan: Loan) -> None:
    li, wu = factories.staff("collector"), factories.staff("supervisor")
    waits = make_offer(loan_id=loan.public_id, ask=Ask(Deal.RE_AMORTISE, 36), why="x", actor=li)
    stated = Budget("CNY", 1, 0, 15, (Line("wages", 1_000_00, "month"), Line("rent", 0, "month")))
    save_budget(
        borrower_id=filled.wang.public_id,
        answers={"budget": affordability.to_plain(stated), "reasons": {}},
        finish=True,
        actor="borrower",
    )
    boss = english("supervisor", name="boss")
    assert "below the household" in boss.get("/beyond/").content.decode()
    made = ChangeProposal.objects.get(public_id=waits)
    sent = {"change": waits, "digest": made.digest, "move": "approve", "why": "yes"}
    assert "too little to live on" in boss.post("/beyond/", sent).content.decode()
    assert not TalkTurn.objects.exists()
    judged = {"proposal_id": waits, "digest": made.digest, "verdict": "refused", "reason": "floor"}
    decide_beyond_offer(**judged, actor=wu)


def test_on_the_pages_one_click_hands_it_up_and_the_answer_comes_back(
    filled: world.World, loan: Loan
) -> None:
    from lenity.operations.end_hold import end_hold

    end_hold(hold_id=filled.values["hold_id"], reason="answered", actor="test")
    li, boss = english("collector", name="li"), english("supervisor", name="boss")
    asked = {"account": loan.account_number, "reason": "she_called", "words": "rang at ten"}
    assert li.post("/work/look-up/", asked)["Location"].endswith("taken")
    offer = {"loan": loan.public_id, "deal": "re_amortise", "number": "36", "why": "twins"}
    assert li.post("/work/offer/", offer).status_code == 422, "the person first"
    li.post("/work/confirm/", {"said": "1990-03-07"})
    for bad in ({"number": "many"}, {"number": "0"}, {"number": "61"}, {"deal": "gift"}, {"why": ""}):
        assert li.post("/work/offer/", offer | bad).status_code == 422, bad
    for deal in ("waive_fee", "waive_late_fee", "rate_cut"):
        assert li.post("/work/offer/", offer | {"deal": deal, "number": "19.999"}).status_code == 422
    for deal, number in (
        ("waive_fee", "12,50"),
        ("rate_cut", "12,5"),
        ("rate_cut", "1/3"),
        ("rate_cut", "1e99999999"),
    ):
        assert li.post("/work/offer/", offer | {"deal": deal, "number": number}).status_code == 422, number
    assert li.post("/work/offer/", offer)["Location"].endswith("said=asked")
    assert "waits for a second person" in li.get("/work/").content.decode()
    page = boss.get("/beyond/").content.decode()
    assert "New payments, 36 payments" in page
    assert "twins" in page
    made = ChangeProposal.objects.get()
    sent = {"change": made.public_id, "digest": made.digest, "move": "refuse", "why": "24 will do"}
    assert boss.post("/beyond/", sent | {"why": " "}).status_code == 422
    assert boss.post("/beyond/", sent).status_code == 302
    assert "24 will do" in li.get("/work/").content.decode()
    within = li.post("/work/offer/", offer | {"number": "24", "why": ""})
    assert within["Location"].endswith("said=offered")


def test_fees_are_let_go_within_half_of_what_is_open(loan: Loan) -> None:
    from lenity.operations.charge import charge

    charge(
        loan_id=loan.public_id,
        component="fee",
        amount_minor=1_001,
        currency="CNY",
        key="fee",
        reason="card",
        actor="test",
    )
    li = factories.staff("collector")
    ask = {"loan_id": loan.public_id, "actor": li, "why": "sorry"}
    assert make_offer(ask=Ask(Deal.WAIVE_FEE, amount_minor=501), **ask) != "", "half and a cent"
    assert make_offer(ask=Ask(Deal.WAIVE_FEE, amount_minor=500), **ask) == ""
    waived = LoanFact.objects.get(kind="waiver")
    assert (waived.component, waived.amount_minor) == ("fee", 500)
    with pytest.raises(InputRefused, match="at most the 501"):
        make_offer(ask=Ask(Deal.WAIVE_FEE, amount_minor=502), **ask)
    assert make_offer(ask=Ask(Deal.WAIVE_FEE, amount_minor=1), **ask) != "", (
        "half once, not half of each rest"
    )
    assert LoanFact.objects.filter(kind="waiver").count() == 1


@pytest.mark.parametrize("deal", [Deal.INTEREST_PAUSE, Deal.EXTENSION])
def test_a_pause_is_not_given_again_within_a_year_without_a_supervisor(loan: Loan, deal: Deal) -> None:
    ask = Ask(deal, 1)
    factories.means(loan)
    plan = factories.agree_plan(loan, ask.request)
    more: dict[str, Any] = {"loan_id": loan.public_id, "ask": ask}
    with pytest.raises(InputRefused, match="beyond your authority"):
        make_offer(**more, actor=factories.staff("collector"))
    with pytest.raises(InputRefused, match="beyond your authority"):
        propose_plan(
            loan_id=loan.public_id, asked=ask.request, by="lender", actor=factories.staff("operations")
        )
    factories.undo(plan.public_id)
    assert make_offer(**more, actor=factories.staff("collector")) == "", "a plan that was undone is none"


def test_what_was_given_before_counts_for_a_year() -> None:
    day = factories.MORNING.date()
    pause = [(day - timedelta(days=364), "interest_pause"), (day - timedelta(days=365), "extension")]
    before = authority.earlier(None, (), pause, day)
    assert before.kinds == {"interest_pause"}
    limits = reader.rulebook("CN").value("HOUSE-AUTHORITY", day)
    for role, beyond in (("collector", True), ("operations", True), ("program", True), ("supervisor", False)):
        assert authority.plan_exceeds(Request(Kind.INTEREST_PAUSE, 1), limits[role], None, before) is beyond
        assert not authority.plan_exceeds(Request(Kind.EXTENSION, 1), limits[role], None, before)


def test_a_program_offers_within_its_own_limits(loan: Loan) -> None:
    token = add_api_client(name="chat", scopes=("offers",), actor="test")

    def post(body: dict[str, object], key: str) -> tuple[int, dict[str, str]]:
        answer = Client().post(
            f"/api/v1/loans/{loan.public_id}/offers",
            json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": key},
        )
        return answer.status_code, answer.json()

    assert post({"deal": "re_amortise", "number": "12"}, "a") == (
        201,
        {"loan": loan.public_id, "state": "offered"},
    )
    assert post({"deal": "re_amortise", "number": "13"}, "b")[0] == 422, "a reason is needed"
    status, made = post({"deal": "re_amortise", "number": "13", "why": "asked in chat"}, "c")
    assert (status, made["state"]) == (202, "waiting")
    assert post({"deal": "re_amortise", "number": "13", "why": "asked in chat"}, "c")[1] == made
    assert ChangeProposal.objects.count() == 1
    path = f"/api/v1/offers/{made['change']}"
    headers = {"Authorization": f"Bearer {token}"}
    assert Client().get(path, headers=headers).json()["state"] == "waiting"
    other = add_api_client(name="other", scopes=("offers",), actor="test")
    assert Client().get(path, headers={"Authorization": f"Bearer {other}"}).status_code == 404
    for bad in ({"deal": "gift", "number": "1"}, {"deal": "rate_cut", "number": "1.2.3"}, {"number": "1"}):
        assert post(bad, f"bad{len(str(bad))}")[0] == 422, bad
    assert StaffMember.objects.count() == 0


@pytest.mark.parametrize(
    ("asked", "role", "beyond"),
    [
        (Request(Kind.RE_AMORTISE, 36), "operations", False),
        (Request(Kind.RE_AMORTISE, 37), "operations", True),
        (Request(Kind.RATE_CUT, annual_rate=Fraction(9, 100)), "operations", False),
        (Request(Kind.RATE_CUT, annual_rate=Fraction(899, 10_000)), "operations", True),
        (Request(Kind.RATE_CUT), "operations", True),
        (Request(Kind.EXTENSION, 3), "operations", False),
        (Request(Kind.EXTENSION, 4), "operations", True),
        (Request(Kind.RE_AGE), "program", False),
        (Request(Kind.PRINCIPAL_REDUCTION, amount_minor=1), "supervisor", True),
    ],
)
def test_the_last_plan_within_a_role_and_the_first_beyond(asked: Request, role: str, beyond: bool) -> None:
    limits = reader.rulebook("CN").value("HOUSE-AUTHORITY", factories.MORNING.date())[role]
    assert authority.plan_exceeds(asked, limits, Fraction(18, 100)) is beyond


def test_a_borrowers_offer_is_accepted_and_countered_within_an_authority(loan: Loan) -> None:
    long_plan = Request(Kind.RE_AMORTISE, 48)
    propose_plan(loan_id=loan.public_id, asked=long_plan, by="borrower", actor="borrower")
    li, chen = english("operations", name="li"), english("supervisor", name="chen")
    place = f"/offers/{loan.public_id}/"
    seen = TalkTurn.objects.get().public_id
    answer = li.post(place, {"move": "accept", "seen": seen})
    assert answer.status_code == 422
    assert "beyond your authority" in answer.content.decode()
    for actor in (factories.staff("collector"), factories.staff("operations"), "somebody"):
        with pytest.raises(InputRefused):
            propose_plan(
                loan_id=loan.public_id, asked=Request(Kind.RE_AMORTISE, 37), by="lender", actor=actor
            )
        with pytest.raises(InputRefused):
            answer_offer(loan_id=loan.public_id, move="accept", by="lender", actor=actor)
    assert TalkTurn.objects.count() == 1
    assert chen.post(place, {"move": "accept", "seen": seen}).status_code == 302
    assert TalkTurn.objects.latest("id").move == "accept"
