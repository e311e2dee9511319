"""A note is screened where it is recorded; compliance closes what was found; a borrower adds her own words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from lenity.base.outcomes import InputRefused
from lenity.gateways import clock
from lenity.operations.add_contact_note import add_contact_note
from lenity.operations.record_outcome import record_outcome
from lenity.operations.request_contact import request_contact
from lenity.operations.review_finding import review_finding
from lenity.records.audit.models import AuditEvent
from lenity.records.debt_collection import voice_queries
from lenity.records.debt_collection.models import Contact, TextFinding
from tests import factories

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def now() -> Iterator[clock.ManualClock]:
    with clock.use(clock.ManualClock(factories.MORNING)) as running:
        yield running


def call() -> Contact:
    owner = factories.borrower()
    made = request_contact(
        borrower_id=owner.public_id,
        channel="call",
        purpose="collection",
        point_id=factories.contact_point(owner).public_id,
        loan_ids=(factories.late_loan(owner).public_id,),
        actor="collector-1",
    )
    assert made.verdict == "allowed"
    return made


def record(contact: Contact, note: str) -> None:
    record_outcome(contact_id=contact.public_id, outcome="conversation", actor="collector-1", note=note)


def test_what_a_note_says_is_found_and_reviewed_by_somebody_else() -> None:
    contact = call()
    record(contact, "我说不还就让他坐牢。")
    [found] = voice_queries.findings_waiting()
    assert (found.category, found.quote, found.contact) == ("threat", "坐牢", contact.public_id)
    with pytest.raises(InputRefused, match="own text"):
        review_finding(
            finding_id=found.finding, decision="harmless", reason="it was fine", actor="collector-1"
        )
    review_finding(finding_id=found.finding, decision="confirmed", reason="a threat", actor="compliance-1")
    assert voice_queries.findings_waiting() == []
    with pytest.raises(InputRefused, match="reviewed already"):
        review_finding(finding_id=found.finding, decision="harmless", reason="again", actor="compliance-1")
    body = AuditEvent.objects.filter(operation="record_outcome").latest("id").body
    assert "坐牢" not in str(body)


@pytest.mark.parametrize(
    ("decision", "reason", "says"), [("maybe", "reasons", "Decide"), ("harmless", "no", "5 to")]
)
def test_a_faulty_review_is_named(decision: str, reason: str, says: str) -> None:
    with pytest.raises(InputRefused, match=says):
        review_finding(finding_id="x", decision=decision, reason=reason, actor="compliance-1")


def test_abuse_of_a_collector_offers_a_break_for_an_hour(now: clock.ManualClock) -> None:
    record(call(), "借款人：滚，废物，再打来我弄死你。")
    assert voice_queries.break_offered("collector-1", clock.now())
    assert not voice_queries.break_offered("collector-2", clock.now())
    assert voice_queries.break_offered("collector-1", factories.MORNING + timedelta(minutes=59))
    assert not voice_queries.break_offered("collector-1", factories.MORNING + timedelta(minutes=60))


def test_words_of_self_harm_mark_the_case_until_found_harmless() -> None:
    contact = call()
    record(contact, "Borrower: I want to kill myself.")
    owner = contact.borrower.public_id
    assert voice_queries.needs_care(owner)
    [found] = voice_queries.findings_waiting()
    review_finding(finding_id=found.finding, decision="harmless", reason="a figure of speech", actor="care")
    assert not voice_queries.needs_care(owner)


def test_a_borrower_adds_her_words_to_her_own_contact_only() -> None:
    contact, other = call(), call()
    owner = contact.borrower.public_id
    add_contact_note(borrower_id=owner, contact_id=contact.public_id, text=" 他骂了我 ", actor="borrower")
    assert [text for text, _ in voice_queries.notes_of(contact.public_id)] == ["他骂了我"]
    for text in ("", " ", "x" * 2001):
        with pytest.raises(InputRefused, match="1 to 2000"):
            add_contact_note(borrower_id=owner, contact_id=contact.public_id, text=text, actor="borrower")
    with pytest.raises(InputRefused):
        add_contact_note(borrower_id=owner, contact_id=other.public_id, text="x", actor="borrower")


def test_a_finding_cannot_be_rewritten() -> None:
    record(call(), "你这个老赖")
    with pytest.raises(DatabaseError), transaction.atomic():
        TextFinding.objects.update(category="hardship")
