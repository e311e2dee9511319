"""What staff read of people is kept with its reason; findings, impostors, caller codes, breaks, the own day."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from lenity.base.outcomes import InputRefused
from lenity.domain.debt_collection import caller_code
from lenity.gateways import clock
from lenity.operations.check_contact import check_contact
from lenity.operations.close_day import close_day
from lenity.operations.read_record import read_record
from lenity.operations.report_impostor import report_impostor
from lenity.records.audit.models import AuditEvent
from lenity.records.debt_collection import day_queries, voice_queries
from lenity.records.debt_collection.models import (
    CaseLease,
    Contact,
    FindingReview,
    Hold,
    ImpostorHandling,
    TextFinding,
)
from lenity.records.people.models import Borrower, StaffMember, StaffReading
from tests import factories, world

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
ABUSE = "Borrower: I will kill you, you idiot.\nCollector: I am sorry you feel so."


@pytest.fixture
def wang(now: clock.ManualClock) -> Borrower:
    owner = factories.borrower()
    factories.contact_point(owner)
    factories.late_loan(owner, days_late=40, minor=123_456)
    close_day(business_date=factories.MORNING.date(), actor="test")
    return owner


def english(*roles: str, name: str) -> Client:
    client = world.as_staff(*roles, name=name)
    client.cookies["django_language"] = "en"
    return client


def calls(client: Client, wang: Borrower) -> Contact:
    client.post("/work/next/")
    point = wang.contact_points.get().public_id
    assert client.post("/work/contact/", {"channel": "call", "point": point})["Location"].endswith("call")
    client.post("/work/confirm/", {"said": "1990-03-07"})
    return Contact.objects.get()


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def test_the_code_of_this_minute_is_shown_and_answers_yes(wang: Borrower, now: clock.ManualClock) -> None:
    li = english("collector", name="li")
    assert "No call is under way" in text(li, "/work/code/")
    calls(li, wang)
    now.advance(timedelta(seconds=25))
    page = text(li, "/work/code/")
    found = re.findall(r'class="digits[^"]*">(\d{3}) (\d{3})<', page)
    assert len(found) == 2, "one to read out, one to answer with"
    assert "Holds until 10:13:00, 35 seconds" in page
    asked = {"code": "".join(found[0]), "ending": "8000", "address": "10.0.0.1"}
    assert check_contact(**asked).result == "yes"
    assert check_contact(**(asked | {"code": "".join(found[1])})).result == "no", "the other way"
    assert " ".join(found[0]) in text(li, "/work/")
    now.advance(timedelta(seconds=caller_code.STEP_SECONDS))
    assert " ".join(found[0]) not in text(li, "/work/code/")
    other = english("collector", name="zhao")
    assert "No call is under way" in text(other, "/work/code/")


def test_abuse_is_quoted_a_break_is_offered_and_counted_nowhere(
    wang: Borrower, now: clock.ManualClock
) -> None:
    li, officer = english("collector", name="li"), english("compliance", name="officer")
    made = calls(li, wang)
    assert "A break is yours now" not in text(li, "/work/")
    sent = {"contact": made.public_id, "outcome": "conversation", "note": ABUSE}
    assert li.post("/work/outcome/", sent).status_code == 302
    page = text(li, "/work/")
    assert "A break is yours now" in page
    assert "kill you" in page.split("What screening found in your note")[1]
    assert li.post("/work/put-back/", {"how": "break"})["Location"] == "/work/break/"
    assert "Take your time." in text(li, "/work/break/")
    me = StaffMember.objects.get(username="li").public_id
    before = day_queries.day(me, factories.MORNING - timedelta(hours=1))
    assert (before.cases, before.confirmed, dict(before.outcomes)) == (1, 1, {"conversation": 1})
    assert "break" not in str(before)
    assert CaseLease.objects.get().closed_how == "break"
    reader = english(*world.ROLES, name="reader")
    for path in ("/management/", "/operations/", "/administration/"):
        assert "break" not in text(reader, path).lower(), path
    found = text(officer, "/compliance/findings/")
    assert "kill you" in found
    assert found.index("threat") < found.index("insult"), "the gravest first"
    assert voice_queries.break_offered(me, clock.now() + timedelta(minutes=59, seconds=59))
    assert not voice_queries.break_offered(me, clock.now() + timedelta(hours=1))


def test_a_finding_is_decided_once_with_a_reason_by_another(wang: Borrower) -> None:
    both = english("collector", "compliance", name="both")
    officer = english("compliance", name="officer")
    made = calls(both, wang)
    both.post("/work/outcome/", {"contact": made.public_id, "outcome": "conversation", "note": ABUSE})
    finding = TextFinding.objects.order_by("id").first()
    assert finding is not None
    sent = {"finding": finding.public_id, "decision": "confirmed", "reason": "heard on tape"}
    assert "You wrote it. Somebody else" in both.post("/compliance/findings/", sent).content.decode()
    for bad in ({"decision": "maybe"}, {"reason": "no"}, {"finding": "NOBODY"}):
        answer = officer.post("/compliance/findings/", sent | bad)
        assert answer.status_code == 422, bad
    assert officer.post("/compliance/findings/", sent).status_code == 302
    assert officer.post("/compliance/findings/", sent).status_code == 422
    assert FindingReview.objects.get().decision == "confirmed"
    assert "heard on tape" in text(officer, "/compliance/findings/")


def test_words_of_self_harm_stand_on_the_case_before_any_money(wang: Borrower) -> None:
    li = english("collector", name="li")
    made = calls(li, wang)
    note = "Borrower: I do not want to live any more."
    li.post("/work/outcome/", {"contact": made.public_id, "outcome": "conversation", "note": note})
    page = text(li, "/work/")
    assert TextFinding.objects.filter(category="self_harm").exists()
    assert page.index("This person may be in danger.") < page.index("1,234.56")
    assert "A break is yours now" not in page


def test_a_report_of_an_impostor_is_read_and_closed_once(wang: Borrower) -> None:
    told = "<script>alert(1)</script> He wanted 500 yuan to a private account."
    made = report_impostor(told=told, address="10.0.0.9")
    officer = english("compliance", name="officer")
    page = text(officer, "/compliance/impostors/")
    assert "He wanted 500 yuan" in page
    assert "<script>alert" not in page
    sent = {"report": made.public_id, "did": "spam_line", "words": "told them, case 7"}
    for bad in ({"did": "nothing"}, {"words": "ok"}, {"report": "NOBODY"}):
        assert officer.post("/compliance/impostors/", sent | bad).status_code == 422, bad
    kept = officer.post("/compliance/impostors/", sent | {"did": ""}).content.decode()
    assert "told them, case 7" in kept, "what was typed stays"
    assert officer.post("/compliance/impostors/", sent).status_code == 302
    assert officer.post("/compliance/impostors/", sent).status_code == 422
    row = ImpostorHandling.objects.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        ImpostorHandling.objects.filter(pk=row.pk).update(did="police")
    assert english("collector", name="li").get("/compliance/impostors/").status_code == 403


def test_what_is_read_has_a_reason_and_closes_after_half_an_hour(
    wang: Borrower, now: clock.ManualClock
) -> None:
    wang.holds.create(
        public_id="HOLD0000000000000001",
        kind="dispute",
        opened_at=factories.MORNING,
        opened_by="borrower",
        detail={"about": "not_mine", "answer_by": "2026-12-14"},
    )
    hold = Hold.objects.get().public_id
    officer = english("compliance", name="officer")
    sent = {"kind": "concern", "subject": hold, "reason": "to_check", "words": "asked by audit"}
    path = f"/concerns/{hold}/"
    assert "Not open yet." in text(officer, path)
    for bad in ({"reason": "curious"}, {"words": "x"}, {"words": ""}, {"words": "x" * 201}):
        assert officer.post("/readings/", sent | bad).status_code == 422, bad
    assert officer.post("/readings/", sent | {"subject": "NOBODY"}).status_code == 404
    assert officer.post("/readings/", sent | {"kind": "review"}).status_code == 403, "risk reads reviews"
    assert officer.post("/readings/", sent | {"kind": "loan"}).status_code == 403
    assert not StaffReading.objects.exists()
    assert officer.post("/readings/", sent)["Location"] == path
    assert "Not open yet." not in text(officer, path)
    assert "Not open yet." in text(english("compliance", name="other"), path), "for the one who said why"
    log = text(officer, "/compliance/look-ups/")
    assert "asked by audit" in log
    assert wang.public_id in log
    event = AuditEvent.objects.get(operation="read_record")
    assert (event.subject_id, event.borrower_id) == (hold, wang.public_id)
    now.advance(timedelta(minutes=29, seconds=59))
    assert "Not open yet." not in text(officer, path)
    now.advance(timedelta(seconds=1))
    assert "Not open yet." in text(officer, path)
    row = StaffReading.objects.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        StaffReading.objects.filter(pk=row.pk).delete()
    with pytest.raises(InputRefused):
        read_record(kind="loan", subject_id=hold, reason="to_answer", actor="test")
