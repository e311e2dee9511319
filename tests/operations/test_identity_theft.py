"""Somebody borrowed in her name: what stops at once, what stands on after the answer, what starts again."""

from __future__ import annotations

from datetime import date

import pytest

from lenity.domain.debt_collection import voice
from lenity.gateways import clock
from lenity.law import reader
from lenity.operations.answer_concern import answer_concern
from lenity.operations.raise_concern import raise_concern
from lenity.operations.request_contact import request_contact
from lenity.records.debt_collection.models import Hold
from lenity.records.furnishing import notice_queries
from lenity.records.lending.models import Loan
from lenity.records.people.models import Borrower, ContactPoint
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("answer", "after"), [("upheld", "refused"), ("not_upheld", "allowed")])
def test_contacts_and_reports_stop_at_once_and_for_good_where_she_is_right(answer: str, after: str) -> None:
    with clock.use(clock.ManualClock(factories.MORNING)):
        owner = factories.borrower()
        point = factories.contact_point(owner)
        loan = factories.late_loan(owner, days_late=40)
        now = clock.now()
        assert notice_queries.disputed([loan.pk], now, "identity_theft") == set()
        hold = raise_concern(
            borrower_id=owner.public_id, about="identity_theft", loan_id=loan.public_id, actor="borrower"
        )
        assert hold.kind == "identity_theft"
        assert notice_queries.disputed([loan.pk], now, "identity_theft") == {loan.pk}
        told = notice_queries.certificates([loan], now)[loan.pk]
        assert told.verdict == "refused"
        assert "HOUSE-IDENTITY" in {one.provision_id for one in told.findings if one.effect == "refuses"}
        assert _verdict(owner, point, loan) == "refused"
        answer_concern(hold_id=hold.public_id, answer=answer, actor="S1")
        assert _verdict(owner, point, loan) == after
        lasting = Hold.objects.filter(kind="identity_theft", end__isnull=True)
        assert [one.detail for one in lasting] == ([{"after": hold.public_id}] if answer == "upheld" else [])


def _verdict(owner: Borrower, point: ContactPoint, loan: Loan) -> str:
    return request_contact(
        borrower_id=owner.public_id,
        channel="sms",
        purpose="collection",
        point_id=point.public_id,
        loan_ids=(loan.public_id,),
        template="cn-reminder-sms",
        actor="strategy",
    ).verdict


@pytest.mark.parametrize(("place", "law"), [("CN", "CN-ZX-25"), ("US", "US-FCRA-623b")])
def test_the_answer_comes_no_later_than_the_law_of_the_place_asks(place: str, law: str) -> None:
    day = date(2026, 11, 3)
    book = reader.rulebook(place)
    by = voice.answer_by("identity_theft", day, book)
    assert (by - day).days <= book.value(law, day)["days"]
