"""A borrower whom everything has happened to that evidence can tell: the packs of tests are hers."""

from __future__ import annotations

from datetime import timedelta

from lenity.domain.debt_collection import voice
from lenity.gateways import clock
from lenity.operations.add_contact_note import add_contact_note
from lenity.operations.answer_concern import answer_concern
from lenity.operations.raise_concern import raise_concern
from lenity.operations.record_outcome import record_outcome
from lenity.operations.record_preference import record_preference
from lenity.operations.request_contact import request_contact
from lenity.operations.seal_evidence import seal_evidence
from lenity.operations.take_payment import take_payment
from lenity.records.debt_collection.models import Contact
from lenity.records.people.models import Borrower
from tests import factories

CHINA = ("CN", "zh-hans", "王小明", "+8613800138000", "Asia/Shanghai", "CNY", "cn")
AMERICA = ("US", "en", "Dana Lee", "+12125550123", "America/New_York", "USD", "us")
SAID = "他们一天打了三次。"


def life(kind: tuple[str, str, str, str, str, str, str] = CHINA) -> tuple[Borrower, clock.ManualClock]:
    """Three days of contacts, some not allowed; a payment, a wish, two complaints, one answered; sealed."""
    place, language, name, number, zone, currency, prefix = kind
    running = clock.ManualClock(factories.MORNING - timedelta(days=3, hours=0 if place == "CN" else -13))
    with clock.use(running):
        owner = factories.borrower(jurisdiction=place, language=language, name=name)
        mobile = factories.contact_point(owner, value=number, zones=(zone,))
        email = factories.contact_point(owner, kind="email", value="someone@example.com", zones=(zone,))
        loan = factories.late_loan(owner, days_late=40, minor=123_456, currency=currency)
        collector = factories.staff("collector")
        ways = (
            ("sms", f"{prefix}-reminder-sms", mobile, "strategy"),
            ("call", "", mobile, collector),
            ("email", f"{prefix}-reminder-email", email, "strategy"),
        )
        for _ in range(3):
            for channel, template, point, actor in ways:
                made = request_contact(
                    borrower_id=owner.public_id,
                    channel=channel,
                    purpose="collection",
                    point_id=point.public_id,
                    loan_ids=(loan.public_id,),
                    template=template,
                    actor=actor,
                )
                if channel == "call" and made.verdict == "allowed":
                    record_outcome(contact_id=made.public_id, outcome="conversation", actor=collector)
            running.advance(timedelta(days=1, hours=2))
        _voices(owner, running)
        take_payment(
            loan_id=loan.public_id,
            amount_minor=20_000,
            currency=currency,
            value_date=clock.business_day(place) - timedelta(days=1),
            source="test",
            source_id=place,
            actor="test",
        )
        seal_evidence(actor="test")
    return owner, running


def _voices(owner: Borrower, running: clock.ManualClock) -> None:
    first = Contact.objects.filter(borrower=owner).order_by("id")[0]
    add_contact_note(
        borrower_id=owner.public_id, contact_id=first.public_id, text=SAID, actor="borrower", files=[]
    )
    record_preference(borrower_id=owner.public_id, kind="channel_opt_out", channel="email", actor="borrower")
    hold = raise_concern(borrower_id=owner.public_id, about="how_contacted", actor="borrower", words=SAID)
    told = voice.Told("call", running.now() - timedelta(days=1), "13912345678", "Mr X")
    raise_concern(borrower_id=owner.public_id, about="unlisted_contact", actor="borrower", told=told)
    answer_concern(hold_id=hold.public_id, answer="partly_upheld", actor=factories.staff("compliance"))
