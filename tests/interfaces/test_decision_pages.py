"""Pages on applications: lists that filter, one decision whole and shut until a reason, policies, drafts tried."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lenity.gateways import clock
from lenity.operations.answer_review import answer_review
from lenity.operations.keep_candidate import keep_candidate
from lenity.records.approvals.models import ChangeProposal
from lenity.records.lending.models import Application, CreditDecision, DecisionReview
from lenity.records.people.models import StaffReading
from tests import factories, world
from tests import lending_world as lending

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
OTHER = {"identity_number": lending.OTHER_NUMBER, "name": "李雷", "mobile": "13900139000"}
STRICTER = lending.STANDARD.replace("approve_at_most_ppm = 150_000", "approve_at_most_ppm = 50_000")


@pytest.fixture(autouse=True)
def now() -> Iterator[clock.ManualClock]:
    with clock.use(clock.ManualClock(factories.MORNING)) as running:
        assert isinstance(running, clock.ManualClock)
        yield running


def reader() -> Client:
    client = world.as_staff("risk")
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def risk() -> Client:
    return reader()


def listed(client: Client, query: str = "") -> set[str]:
    text = client.get(f"/risk/applications/{query}").content.decode()
    return {row.reference for row in Application.objects.all() if f"/{row.public_id}/" in text}


def test_the_list_filters_by_outcome_state_reason_and_day_and_pages(now: clock.ManualClock) -> None:
    lending.put_in_force()
    lending.receive(reference="approved")
    lending.receive(reference="waits", who=OTHER, income=None)
    lending.receive(reference="kept", decide=False, who={**OTHER, "identity_number": "110105200811242839"})
    now.advance(timedelta(days=1))
    young = {"identity_number": "110105200811242839", "name": "小明", "birth_date": "2008-11-24"}
    answered = lending.receive(reference="answered", who={**young, "mobile": "13600136000"}, income=None)
    review = DecisionReview.objects.get(decision__application=answered)
    answer_review(review_id=review.public_id, outcome="decline", reason="No.", actor=factories.staff("risk"))
    risk = reader()
    every = {"approved", "waits", "kept", "answered"}
    for query, found in {
        "": every,
        "?outcome=approve": {"approved"},
        "?outcome=refer": {"waits", "answered"},
        "?outcome=none-of-ours&state=nor-this&reason=nor-that&before=x": every,
        "?state=undecided": {"kept"},
        "?state=waits": {"waits"},
        "?state=answered": {"answered"},
        "?state=machine": {"approved"},
        "?reason=check:capacity_known": {"waits", "answered"},
        "?since=2026-11-25": {"answered"},
        "?until=2026-11-24": {"approved", "waits", "kept"},
        "?since=2026-11-24&until=2026-11-24&outcome=refer": {"waits"},
    }.items():
        assert listed(risk, query) == found, query
    answer = risk.get("/risk/applications/?since=24.11.")
    assert (answer.status_code, "A day is a date" in answer.content.decode()) == (422, True)
    assert risk.get("/risk/applications/?until=9999-12-31").status_code == 422
    page = risk.get("/risk/applications/").content.decode()
    assert lending.NUMBER not in page
    assert "王芳" not in page
    Application.objects.bulk_create(
        Application(public_id=f"P{at:019}", reference=f"P{at}", source="many", currency="CNY", inputs="{}",
                    applied_at=factories.MORNING) for at in range(60)
    )  # fmt: skip
    first = risk.get("/risk/applications/?state=undecided")
    assert len(first.context["rows"]) == 50
    second = risk.get("/risk/applications/?" + first.context["following"])
    assert [row.reference for row in second.context["rows"]][-1] == "kept"
    assert len(second.context["rows"]) == 11


def test_an_application_is_shut_until_its_reader_says_why_then_shows_everything(risk: Client) -> None:
    policy = keep_candidate(kind="policy", text=STRICTER, actor="test")
    trial = f'\n[trial]\nname = "strict"\nseed = "x"\nmode = "shadow"\npolicy = "{policy}"\n'
    lending.put_in_force(lending.STANDARD + trial)
    row = lending.receive(row={"RISK": "15"})
    address = f"/risk/applications/{row.public_id}/"
    shut = risk.get(address).content.decode()
    assert "Asked for" not in shut
    assert "20000" not in shut
    assert risk.get("/risk/applications/NOTHERE/").status_code == 404
    risk.post("/readings/", {"kind": "application", "subject": row.public_id, "reason": "to_check"})
    assert StaffReading.objects.count() == 0, "a reason needs words"
    answer = risk.post("/readings/", {"kind": "application", "subject": row.public_id,
                                      "reason": "to_check", "words": "quality of decisions"})  # fmt: skip
    assert answer["Location"] == address
    page = risk.get(address)
    text = page.content.decode()
    assert page["Cache-Control"] == "no-store"
    made = page.context["made"]
    assert made.intercept + sum(one.points for one in made.points) == page.context["line"].score
    assert [one.lost for one in made.points] == [10]
    assert [one.name for one in made.caps if one.binding] == ["asked"]
    assert made.caps[0].binding
    assert (made.shadow.outcome, made.shadow.policy) == ("refer", policy)
    lines = (lending.STANDARD + trial).splitlines()
    assert all(lines[one.line - 1] == f'id = "{one.id}"' for one in made.checks)
    assert "What the other arm would have decided" in text
    assert "Equal, byte for byte." not in text
    again = risk.get(address + "?again=1").content.decode()
    assert "Equal, byte for byte." in again
    CreditDecision.objects.create(
        application=lending.receive(reference="A-2", decide=False, who=OTHER), outcome="approve", score=1,
        limit_minor=5, reasons="[]", model=row.decision.model, policy=row.decision.policy,
        decided_at=factories.MORNING,
    )  # fmt: skip
    odd = Application.objects.get(reference="A-2")
    risk.post("/readings/", {"kind": "application", "subject": odd.public_id, "reason": "to_answer"})
    differs = risk.get(f"/risk/applications/{odd.public_id}/?again=1").content.decode()
    assert "It differs." in differs
    assert "score" in differs


def test_one_that_is_not_decided_and_a_reader_of_another_role(risk: Client) -> None:
    lending.put_in_force()
    row = lending.receive(decide=False)
    asked = {"kind": "application", "subject": row.public_id, "reason": "to_answer"}
    assert world.as_staff("compliance").post("/readings/", asked).status_code == 403
    risk.post("/readings/", asked)
    text = risk.get(f"/risk/applications/{row.public_id}/").content.decode()
    assert "lenity application decide" in text


def test_policies_since_the_first_with_who_and_what_changed(risk: Client) -> None:
    assert "No policy is in force yet." in risk.get("/risk/policies/").content.decode()
    lending.put_in_force()
    lending.put_in_force(STRICTER)
    keep_candidate(kind="policy", text=STRICTER + "\n# <b>never</b>", actor="test")
    page = risk.get("/risk/policies/")
    text = page.content.decode()
    assert [one.is_current for one in page.context["policies"]] == [True, False]
    assert ("-", "approve_at_most_ppm = 150_000") in page.context["policies"][0].difference
    assert page.context["policies"][1].difference == ()
    assert "Because." in text
    assert "Read." in text
    for one in (page.context["policies"][0], page.context["candidates"][0]):
        shown = risk.get(f"/risk/policies/{one.fingerprint}/").content.decode()
        assert "approve_at_most_ppm = 50_000" in shown
        assert "<b>never" not in shown
        assert len(shown) < 100_000
    assert risk.get("/risk/policies/nothere/").status_code == 404


def test_a_draft_is_tried_then_proposed_and_a_bad_one_is_named(risk: Client) -> None:
    assert risk.post("/risk/try/", {"text": STRICTER}).status_code == 422
    lending.put_in_force()
    lending.receive(row={"RISK": "15"})
    before = CreditDecision.objects.count()
    page = risk.post("/risk/try/", {"text": STRICTER.replace("\n", "\r\n"), "move": "try"})
    assert page.context["found"]["all"]["swap_set"]["out"]["applications"] == 1
    assert CreditDecision.objects.count() == before
    # By another model that is kept, which sees everyone as the riskiest: nobody is approved any more.
    harsh = keep_candidate(kind="model", text=lending.model_text("harsh", (0, 0, 0, 0, 0, 0)), actor="test")
    by_it = risk.post("/risk/try/", {"text": lending.STANDARD, "model": harsh, "move": "try"})
    assert by_it.context["found"]["all"]["now"]["decline"] == 1
    assert f'value="{harsh}" selected' in by_it.content.decode()
    for other in ("0" * 64, "nothere"):
        answer = risk.post("/risk/try/", {"text": lending.STANDARD, "model": other, "move": "try"})
        assert (answer.status_code, "No such model is kept" in answer.content.decode()) == (422, True)
    for text, says in (
        ("cut_off = 3", "cannot be read"),
        (STRICTER.replace("150_000", "x"), "cannot be read"),
        (lending.STANDARD + "\n[surprise]\n", "surprise is not a section"),
        ("x" * 200_001, "at most"),
    ):
        answer = risk.post("/risk/try/", {"text": text, "move": "try"})
        assert (answer.status_code, says in answer.content.decode()) == (422, True), text[:40]
    refused = risk.post("/risk/try/", {"text": STRICTER, "move": "propose", "reason": " "})
    assert refused.status_code == 422
    assert "Write why" in refused.content.decode()
    assert not ChangeProposal.objects.filter(reason="Losses rose.").exists()
    sent = risk.post("/risk/try/", {"text": STRICTER, "move": "propose", "reason": "Losses rose."})
    assert sent["Location"] == "/risk/"
    assert ChangeProposal.objects.filter(reason="Losses rose.").count() == 1


def test_a_notice_is_given_on_the_page_and_read_in_the_portal(risk: Client, settings: Any) -> None:
    lending.put_in_force(lending.STANDARD.replace('currency = "CNY"', 'currency = "USD"'))
    young = {"jurisdiction": "US", "name": "Ann Lee", "mobile": "+16175550105", "birth_date": "2009-01-01"}
    report = {"agency": "First Bureau", "address": "PO Box 1", "telephone": "1-800-555-0100"}
    row = lending.receive(
        currency="USD", who={**young, "identity_number": "536-90-4399"}, consumer_report=report
    )
    text = risk.get("/risk/").content.decode()
    assert "Notices of adverse action that are due" in text
    assert "the consumer report's part" in text
    unset = risk.post("/risk/", {"notice": row.public_id})
    assert (unset.status_code, "LENITY_SUPERVISOR" in unset.content.decode()) == (422, True)
    settings.LENITY_LENDER_ADDRESS, settings.LENITY_SUPERVISOR = "1 Street", "CFPB, Washington"
    assert risk.post("/risk/", {"notice": row.public_id}).status_code == 302
    assert "Notices of adverse action" not in risk.get("/risk/").content.decode()
    assert row.borrower is not None
    portal = world.as_borrower(row.borrower)
    for language, told in (("en", "First Bureau"), ("zh-hans", "1-800-555-0100")):
        portal.cookies["django_language"] = language
        shown = portal.get("/decisions/").content.decode()
        assert told in shown
        assert "CFPB, Washington" in shown


def test_a_limit_above_ones_own_waits_for_a_second_person_on_the_page(risk: Client) -> None:
    lending.put_in_force()
    lending.receive(income=None)
    review = DecisionReview.objects.get().public_id
    second = world.as_staff("risk", name="second")
    second.cookies["django_language"] = "en"
    for client in (risk, second):
        client.post("/readings/", {"kind": "review", "subject": review, "reason": "to_answer"})
    answer = {
        "review": review,
        "currency": "CNY",
        "move": "approve",
        "limit": "300000",
        "why": "Payslips seen.",
    }
    assert risk.post("/risk/", answer).status_code == 302
    assert "It waits for a second person" in risk.get("/risk/").content.decode()
    again = risk.post("/risk/", answer)
    assert (again.status_code, "You asked for this limit yourself" in again.content.decode()) == (422, True)
    page = second.get("/risk/").content.decode()
    assert "One person would approve" in page
    assert "Payslips seen." in page
    assert second.post("/risk/", answer).status_code == 302
    assert "No review waits" in second.get("/risk/").content.decode()
