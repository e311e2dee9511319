"""The month's bureau file leaves out what may not be furnished yet, and says which accounts are disputed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from lenity.domain.furnishing import metro2
from lenity.gateways import clock, ids
from lenity.operations.end_hold import end_hold
from lenity.operations.furnish_month import Furnished, furnish_month
from lenity.operations.open_hold import open_hold
from lenity.records.audit.models import AuditEvent
from lenity.records.debt_collection.models import Contact, ContactOutcome, DeliveryReceipt, OutboxMessage
from lenity.records.furnishing import notice_queries
from lenity.records.lending.models import Loan
from tests import factories

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
NOW = datetime(2026, 11, 30, 17, tzinfo=UTC)


@pytest.fixture
def now() -> Iterator[clock.ManualClock]:
    moving = clock.ManualClock(NOW)
    with clock.use(moving):
        yield moving


def loan(*, days_late: int = 40, place: str = "US") -> Loan:
    owner = factories.borrower(jurisdiction=place, name="Jane Doe")
    zone = {"US": "America/New_York", "CN": "Asia/Shanghai"}[place]
    factories.contact_point(owner, value="+12125550123", zones=(zone,))
    currency = {"US": "USD", "CN": "CNY"}[place]
    return factories.late_loan(owner, days_late=days_late, currency=currency)


def told(about: Loan, at: datetime, purpose: str = "collection", state: str = "handed") -> Contact:
    """A message about the loan that went out."""
    contact = contacted(about, at, "sms", purpose)
    OutboxMessage.objects.create(
        contact=contact, state=state, body_sealed="", body_hash="", not_after=at, handed_at=at
    )
    return contact


def contacted(about: Loan, at: datetime, channel: str, purpose: str = "collection") -> Contact:
    return Contact.objects.create(
        public_id=ids.public_id(),
        code=ids.contact_code(),
        borrower=about.borrower,
        loan=about,
        debts=[about.public_id],
        contact_point=about.borrower.contact_points.get(),
        channel=channel,
        purpose=purpose,
        verdict="allowed",
        requested_at=at,
    )


def talked(about: Loan, at: datetime, outcome: str = "conversation") -> None:
    contact = contacted(about, at, "call")
    ContactOutcome.objects.create(contact=contact, outcome=outcome, recorded_at=at, recorded_by="test")


def furnish(folder: Path, month_end: date = date(2026, 11, 30)) -> Furnished:
    return furnish_month(
        month_end=month_end, folder=folder, identification="T", reporter="SAMPLE LENDING", actor="test"
    )


def records(done: Furnished) -> dict[str, dict[str, str]]:
    file = metro2.read(done.path.read_bytes())
    return {record["account_number"]: dict(record) for record in file.accounts}


def test_without_talk_or_notice_only_what_is_not_negative_is_furnished(
    now: clock.ManualClock, tmp_path: Path
) -> None:
    late, current = loan(), loan(days_late=5)
    done = furnish(tmp_path)
    assert set(records(done)) == {current.account_number}
    assert [(one.loan_id, one.provision_id, one.opens) for one in done.held] == [
        (late.public_id, "US-RF-30a", None)
    ]
    body = json.loads(AuditEvent.objects.get(subject_id=done.file.public_id).body)
    assert body["held"] == {"US-RF-30a": [late.public_id]}
    assert done.file.held_back == 1


@pytest.mark.parametrize(("days", "is_furnished"), [(14, True), (13, False)])
@pytest.mark.parametrize("purpose", ["collection", "validation"])
def test_fourteen_days_are_waited_after_a_notice(
    now: clock.ManualClock, tmp_path: Path, days: int, is_furnished: bool, purpose: str
) -> None:
    late = loan()
    told(late, NOW - timedelta(days=days), purpose)
    done = furnish(tmp_path)
    assert (late.account_number in records(done)) is is_furnished
    assert [one.opens is not None for one in done.held] == ([] if is_furnished else [True])


@pytest.mark.parametrize(("back_after", "is_furnished"), [(13, False), (16, True)])
def test_a_notice_that_came_back_in_time_was_not_given(
    now: clock.ManualClock, tmp_path: Path, back_after: int, is_furnished: bool
) -> None:
    late = loan()
    sent = NOW - timedelta(days=20)
    contact = told(late, sent)
    DeliveryReceipt.objects.create(
        provider="fake",
        provider_id="1",
        state="undelivered",
        received_at=sent + timedelta(days=back_after),
        raw="",
        message=contact.outbox,
    )
    assert (late.account_number in records(furnish(tmp_path))) is is_furnished


@pytest.mark.parametrize(("outcome", "is_furnished"), [("conversation", True), ("voicemail", False)])
@pytest.mark.parametrize("days", [1, 300])
def test_a_conversation_about_the_debt_opens_it_for_good(
    now: clock.ManualClock, tmp_path: Path, outcome: str, is_furnished: bool, days: int
) -> None:
    late = loan()
    talked(late, NOW - timedelta(days=days), outcome)
    assert (late.account_number in records(furnish(tmp_path))) is is_furnished


def test_what_was_said_about_another_debt_opens_nothing(now: clock.ManualClock, tmp_path: Path) -> None:
    late = loan()
    other = factories.late_loan(late.borrower, days_late=40, currency="USD")
    talked(other, NOW - timedelta(days=2))
    assert set(records(furnish(tmp_path))) == {other.account_number}


def test_in_china_a_notice_before_negative_reporting_is_needed(now: clock.ManualClock) -> None:
    late = loan(place="CN")
    talked(late, NOW - timedelta(days=2))
    closed = notice_queries.certificates([late], NOW)[late.pk]
    assert (closed.verdict, closed.leading.provision_id) == ("refused", "CN-ZX-15")
    told(late, NOW - timedelta(days=1), "negative_report_notice")
    assert notice_queries.certificates([late], NOW)[late.pk].verdict == "allowed"


def test_a_dispute_is_told_while_open_and_its_end_once(now: clock.ManualClock, tmp_path: Path) -> None:
    plain, disputed = loan(days_late=5), loan(days_late=5)
    for one in (plain, disputed):
        talked(one, NOW - timedelta(days=2))
    hold = open_hold(
        borrower_id=disputed.borrower.public_id, kind="dispute", loan_id=disputed.public_id, actor="test"
    )
    seen = []
    for month_end in (date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 31)):
        now.move_to(datetime.combine(month_end, NOW.timetz()))
        if month_end.month == 12:
            end_hold(hold_id=hold.public_id, reason="answered", actor="test")
        file = records(furnish(tmp_path, month_end))
        seen.append(file[disputed.account_number]["compliance_condition"])
        assert file[plain.account_number]["compliance_condition"] == ""
    assert seen == ["XB", "XH", ""]


def test_months_left_out_stay_open_in_the_history(now: clock.ManualClock, tmp_path: Path) -> None:
    one = loan(days_late=5)
    assert one.account_number in records(furnish(tmp_path))
    now.move_to(datetime(2027, 1, 31, 17, tzinfo=UTC))
    talked(one, now.now() - timedelta(days=1))
    history = records(furnish(tmp_path, date(2027, 1, 31)))[one.account_number]["payment_history"]
    assert history.startswith("D0B")
