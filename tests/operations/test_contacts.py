"""From wish to receipt: decided once, sent at most once, stopped when paid or closed, decided again the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from lenity.base.outcomes import InputRefused
from lenity.domain.debt_collection import strategy
from lenity.gateways import clock, delivery
from lenity.operations.close_day import close_day
from lenity.operations.end_hold import end_hold
from lenity.operations.open_hold import open_hold
from lenity.operations.record_outcome import record_outcome
from lenity.operations.record_receipts import record_receipts
from lenity.operations.request_contact import request_contact
from lenity.operations.send_contacts import Sent, send_contacts
from lenity.operations.take_reply import take_reply
from lenity.records import encrypted
from lenity.records.audit.models import AuditEvent
from lenity.records.debt_collection import gate_queries, strategy_queries
from lenity.records.debt_collection.models import (
    Contact,
    ContactSlot,
    DeliveryReceipt,
    HoldEnd,
    OutboxMessage,
)
from lenity.records.delinquency.models import CloseRun, LoanPosition
from lenity.records.lending.models import Payment
from lenity.records.people.models import Borrower
from tests import factories

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


class Provider:
    """A network that counts what it was handed, and may refuse, keep silent, or break."""

    def __init__(self, answer: str = "accept") -> None:
        self.answer = answer
        self.handed: list[str] = []

    def hand_over_many(self, messages: list[delivery.Message]) -> Mapping[str, delivery.Answer]:
        self.handed += [message.contact_id for message in messages]
        if self.answer == "break":
            raise RuntimeError("the dispatcher was killed")
        kinds: dict[str, Any] = {
            "accept": lambda one: delivery.Accepted("fake", f"id-{one.contact_id}"),
            "refuse": lambda one: delivery.RefusedByProvider("11", "no such number"),
            "silent": lambda one: delivery.Unknown("no answer"),
        }
        return {message.contact_id: kinds[self.answer](message) for message in messages}


@pytest.fixture
def borrower(now: clock.ManualClock) -> Borrower:
    owner = factories.borrower()
    factories.contact_point(owner)
    factories.contact_point(owner, kind="email", value="wang@example.com")
    factories.late_loan(owner)
    return owner


def _wish(borrower: Borrower, channel: str = "sms", **more: Any) -> Contact:
    kind = {"sms": "mobile", "call": "mobile", "email": "email"}[channel]
    template = {"sms": "cn-reminder-sms", "email": "cn-reminder-email"}.get(channel, "")
    return request_contact(
        borrower_id=borrower.public_id,
        channel=channel,
        purpose="collection",
        point_id=borrower.contact_points.get(kind=kind).public_id,
        loan_ids=(borrower.loans.get().public_id,),
        template=template,
        actor="test",
        **more,
    )


def _send(provider: Provider) -> Sent:
    return send_contacts(channels={"sms": provider, "email": provider}, actor="test")


def test_an_allowed_message_has_its_decision_places_outbox_and_event(borrower: Borrower) -> None:
    contact = _wish(borrower)
    assert contact.verdict == "allowed"
    assert contact.decision.rulebook_digest
    assert ContactSlot.objects.filter(contact=contact, allowance="house-sms-day", place=1).exists()
    assert contact.outbox.state == "queued"
    event = AuditEvent.objects.get(subject_id=contact.public_id)
    assert contact.outbox.body_hash in event.body
    assert "13800138000" not in event.body


def test_amounts_of_two_currencies_are_told_side_by_side(borrower: Borrower) -> None:
    other = factories.late_loan(borrower, minor=1_234, currency="USD")
    contact = request_contact(
        borrower_id=borrower.public_id,
        channel="email",
        purpose="collection",
        point_id=borrower.contact_points.get(kind="email").public_id,
        loan_ids=tuple(loan.public_id for loan in borrower.loans.order_by("id")),
        template="cn-reminder-email",
        actor="test",
    )
    assert other.public_id in contact.debts
    place = {"table": "debt_collection_outboxmessage", "column": "body", "row": contact.public_id}
    body = json.loads(encrypted.unseal(contact.outbox.body_sealed, **place))["body"]
    assert "CNY 500.00 + USD 12.34" in body
    assert "512.34" not in body


def test_a_refused_wish_leaves_a_row_and_no_message(borrower: Borrower) -> None:
    open_hold(borrower_id=borrower.public_id, kind="promise", actor="test")
    contact = _wish(borrower)
    assert (contact.verdict, OutboxMessage.objects.count(), ContactSlot.objects.count()) == ("refused", 0, 0)


def test_a_message_is_handed_over_once(borrower: Borrower) -> None:
    _wish(borrower)
    provider = Provider()
    assert _send(provider) == Sent(claimed=1, handed=1, refused=0, unknown=0, cancelled=0)
    assert _send(provider).claimed == 0
    assert len(provider.handed) == 1


@pytest.mark.parametrize(("answer", "state"), [("refuse", "refused"), ("silent", "unknown")])
def test_no_or_no_answer_is_never_sent_again(borrower: Borrower, answer: str, state: str) -> None:
    contact = _wish(borrower)
    provider = Provider(answer)
    _send(provider)
    _send(provider)
    contact.outbox.refresh_from_db()
    assert (contact.outbox.state, len(provider.handed)) == (state, 1)


def test_a_killed_dispatcher_leaves_unknown_and_no_second_message(
    borrower: Borrower, now: clock.ManualClock
) -> None:
    contact = _wish(borrower)
    provider = Provider("break")
    with pytest.raises(RuntimeError):
        _send(provider)
    provider.answer = "accept"
    assert _send(provider).claimed == 0
    now.advance(timedelta(minutes=6))
    _send(provider)
    contact.outbox.refresh_from_db()
    assert (contact.outbox.state, len(provider.handed)) == ("unknown", 1)
    assert _wish(borrower).verdict == "deferred", "what may have left counts"


def test_paid_since_means_not_sent_and_the_allowance_is_free_again(borrower: Borrower) -> None:
    contact = _wish(borrower)
    loan = borrower.loans.get()
    Payment.objects.create(
        public_id="P1",
        loan=loan,
        amount_minor=50_000,
        value_date=factories.MORNING.date(),
        received_at=factories.MORNING,
        source="test",
        source_id="1",
        ledger_transaction_id=1,
    )
    provider = Provider()
    assert _send(provider).cancelled == 1
    contact.outbox.refresh_from_db()
    assert (provider.handed, contact.outbox.note) == ([], "Paid since it was allowed.")
    assert not ContactSlot.objects.exists()


def test_a_dispute_after_the_decision_stops_the_message(borrower: Borrower) -> None:
    _wish(borrower)
    open_hold(borrower_id=borrower.public_id, kind="dispute", actor="test")
    provider = Provider()
    assert _send(provider).cancelled == 1
    assert provider.handed == []


def test_a_message_does_not_outlive_its_hours(borrower: Borrower, now: clock.ManualClock) -> None:
    now.move_to(factories.MORNING.replace(hour=13, minute=50))
    contact = _wish(borrower)
    assert contact.verdict == "allowed"
    assert contact.outbox.not_after <= factories.MORNING.replace(hour=14, minute=0)
    now.move_to(factories.MORNING.replace(hour=14, minute=0))
    provider = Provider()
    assert _send(provider).cancelled == 1
    assert provider.handed == []


def test_after_a_cancelled_message_the_next_wish_is_allowed(borrower: Borrower) -> None:
    _wish(borrower)
    hold = open_hold(borrower_id=borrower.public_id, kind="dispute", actor="test")
    _send(Provider())
    end_hold(hold_id=hold.public_id, reason="settled", actor="test")
    assert _wish(borrower).verdict == "allowed"


def test_receipts_may_come_twice_early_or_for_nothing(borrower: Borrower) -> None:
    contact = _wish(borrower)
    early = delivery.Receipt("fake", f"id-{contact.public_id}", "delivered", factories.MORNING, "raw")
    stray = delivery.Receipt("fake", "nobody", "delivered", factories.MORNING, "raw")
    record_receipts(receipts=[early, stray, early], actor="test")
    _send(Provider())
    record_receipts(receipts=[early], actor="test")
    receipt = DeliveryReceipt.objects.get(provider_id=early.provider_id)
    assert receipt.message == contact.outbox
    assert DeliveryReceipt.objects.get(provider_id="nobody").message is None


def test_a_receipt_that_cannot_be_read_is_kept_and_belongs_to_nobody(borrower: Borrower) -> None:
    waiting = _wish(borrower)
    record_receipts(
        receipts=[delivery.Receipt("fake", "", "unknown", factories.MORNING, "garbage")], actor="test"
    )
    assert DeliveryReceipt.objects.get().message is None
    assert waiting.outbox.provider_id == ""
    body = AuditEvent.objects.filter(subject_kind="receipts").latest("id").body
    assert '"late":0' in body, "what stays without a message was linked to none"


def test_a_channel_that_breaks_takes_no_answer_of_another_with_it(borrower: Borrower) -> None:
    other = factories.borrower()
    factories.contact_point(other, kind="email", value="li@example.com")
    factories.late_loan(other)
    texted, mailed = _wish(borrower), _wish(other, "email")
    with pytest.raises(RuntimeError):
        send_contacts(channels={"sms": Provider(), "email": Provider("break")}, actor="test")
    for contact, state in ((texted, "handed"), (mailed, "leased")):
        contact.outbox.refresh_from_db()
        assert contact.outbox.state == state


def test_calls_count_by_what_came_of_them(borrower: Borrower, now: clock.ManualClock) -> None:
    first = _wish(borrower, "call")
    record_outcome(contact_id=first.public_id, outcome="no_answer", actor="test")
    now.advance(timedelta(hours=1))
    second = _wish(borrower, "call")
    assert second.verdict == "allowed"
    record_outcome(
        contact_id=second.public_id, outcome="conversation", actor="test", note="agreed to call back"
    )
    now.advance(timedelta(hours=1))
    third = _wish(borrower, "call")
    assert (third.verdict, third.decision.leading_provision) == ("deferred", "HOUSE-STRESS")


def test_a_reply_of_stop_ends_text_messages_at_once(borrower: Borrower) -> None:
    reply = delivery.Reply("8613800138000", " r ", factories.MORNING)
    assert take_reply(reply=reply, actor="test") == 1
    assert take_reply(reply=reply, actor="test") == 1
    assert _wish(borrower).verdict == "refused"
    assert _wish(borrower, "email").verdict == "allowed"
    assert take_reply(reply=delivery.Reply("8613800138000", "hello", factories.MORNING), actor="test") == 0


def test_every_decision_is_made_again_byte_for_byte(borrower: Borrower, now: clock.ManualClock) -> None:
    _wish(borrower)
    _wish(borrower)
    now.move_to(factories.MORNING.replace(hour=15))
    _wish(borrower, "email")
    again = list(gate_queries.replay())
    assert len(again) == 3
    assert all(equal for _, equal in again)


def test_the_close_twice_is_the_close_once(borrower: Borrower) -> None:
    day = factories.MORNING.date()
    first = close_day(business_date=day, actor="test")
    before = list(LoanPosition.objects.values())
    second = close_day(business_date=day, actor="test")
    assert first.result_digest == second.result_digest
    assert list(LoanPosition.objects.values()) == before
    assert before[0]["days_past_due"] == 10
    earlier = close_day(business_date=day - timedelta(days=10), actor="test")
    assert (earlier.in_arrears, LoanPosition.objects.get().days_past_due) == (0, 0)


def test_a_day_that_has_not_begun_is_not_closed(borrower: Borrower) -> None:
    day = factories.MORNING.date()
    promise = open_hold(
        borrower_id=borrower.public_id,
        kind="promise",
        actor="test",
        detail={"promised_minor": "1", "since": "2026-11-24"},
    )
    with pytest.raises(InputRefused, match="has not begun"):
        close_day(business_date=day + timedelta(days=1), actor="test")
    assert not CloseRun.objects.exists()
    assert not HoldEnd.objects.filter(hold=promise).exists()
    close_day(business_date=day, actor="test")


def test_the_strategy_wishes_once_and_not_again_within_its_days(borrower: Borrower) -> None:
    day = factories.MORNING.date()
    close_day(business_date=day, actor="test")
    treatment = strategy.shipped()
    planned = strategy_queries.planned(treatment, day, clock.now())
    assert [(one.channel, one.purpose) for one in planned] == [("sms", "collection")]
    _wish(borrower)
    assert strategy_queries.planned(treatment, day, clock.now()) == []


def test_a_wish_for_another_ones_loan_or_point_is_a_fault(borrower: Borrower) -> None:
    other = factories.borrower()
    loan = factories.late_loan(other)
    with pytest.raises(ValueError, match="own borrower"):
        request_contact(
            borrower_id=borrower.public_id,
            channel="sms",
            purpose="collection",
            point_id=borrower.contact_points.get(kind="mobile").public_id,
            loan_ids=(loan.public_id,),
            actor="test",
        )
    assert Contact.objects.count() == 0


def test_a_final_text_that_no_message_may_say_does_not_leave(borrower: Borrower, settings: Any) -> None:
    settings.LENITY_LENDER_NAMES = {"zh-hans": "样例小贷请立即还款", "en": "Sample"}
    contact = _wish(borrower)
    assert contact.verdict == "allowed"
    provider = Provider()
    sent = send_contacts(channels={"sms": provider}, actor="test")
    assert (sent.cancelled, provider.handed) == (1, [])
    assert "立即还款" in OutboxMessage.objects.get(contact=contact).note
