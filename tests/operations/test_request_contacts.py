"""The batch form: the verdicts of the single form, whatever the order and whoever comes twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lenity.gateways import clock
from lenity.operations.gatekeeping import Wish
from lenity.operations.record_preference import record_preference
from lenity.operations.request_contact import request_contact
from lenity.operations.request_contacts import request_contacts
from lenity.records.audit.models import AuditEvent
from lenity.records.debt_collection import gate_queries
from lenity.records.debt_collection.models import Contact, OutboxMessage
from tests import factories

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def wishes(count: int) -> list[Wish]:
    made = []
    for number in range(count):
        owner = factories.borrower()
        point = factories.contact_point(owner, value=f"+86138{number:08d}")
        loan = factories.late_loan(owner)
        if number % 3 == 0:
            record_preference(
                borrower_id=owner.public_id, kind="channel_opt_out", channel="sms", actor="test"
            )
        made.append(
            Wish(
                owner.public_id,
                "sms",
                "collection",
                point.public_id,
                (loan.public_id,),
                "cn-reminder-sms",
            )
        )
    return made


def test_a_batch_decides_as_one_by_one_and_each_sees_the_ones_before() -> None:
    running = clock.ManualClock(factories.MORNING)
    with clock.use(running):
        mine, twins = wishes(6), wishes(6)
        batch = request_contacts(wishes=[*mine, *mine, *mine], actor="test")
        singly = []
        for _ in range(3):
            for wish in twins:
                singly.append(
                    request_contact(
                        borrower_id=wish.borrower_id,
                        channel=wish.channel,
                        purpose=wish.purpose,
                        point_id=wish.point_id,
                        loan_ids=wish.loan_ids,
                        template=wish.template,
                        actor="test",
                    )
                )
        running.advance(timedelta(minutes=1))
    assert [one.verdict for one in batch] == [one.verdict for one in singly]
    assert {"allowed", "deferred", "refused"} >= {one.verdict for one in batch}
    assert len({one.verdict for one in batch}) >= 2
    assert [one.borrower.public_id for one in batch] == [wish.borrower_id for wish in [*mine, *mine, *mine]]
    assert {equal for _, equal in gate_queries.replay()} == {True}
    allowed = sum(one.verdict == "allowed" for one in [*batch, *singly])
    assert OutboxMessage.objects.count() == allowed
    assert Contact.objects.count() == AuditEvent.objects.filter(operation="request_contact").count() == 36


def test_a_contact_point_or_loan_of_somebody_else_is_refused() -> None:
    with clock.use(clock.ManualClock(factories.MORNING)):
        one, other = wishes(2)
        for stolen in (
            Wish(one.borrower_id, "sms", "collection", other.point_id, one.loan_ids),
            Wish(one.borrower_id, "sms", "collection", one.point_id, other.loan_ids),
        ):
            with pytest.raises(Exception, match=r"own borrower|" + other.point_id):
                request_contacts(wishes=[stolen], actor="test")
    assert Contact.objects.count() == 0
