"""The month's bureau file leaves out what may not be furnished yet, and says which accounts are disputed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from lenity.base import dates
from lenity.base.outcomes import InputRefused
from lenity.domain.furnishing import metro2
from lenity.domain.servicing.relief import Kind, Request
from lenity.domain.servicing.terms import Terms
from lenity.gateways import clock, ids
from lenity.operations import unit
from lenity.operations.end_hold import end_hold
from lenity.operations.furnish_month import Furnished, furnish_month
from lenity.operations.open_hold import open_hold
from lenity.operations.take_payment import take_payment
from lenity.records.audit.models import AuditEvent
from lenity.records.debt_collection.models import Contact, ContactOutcome, DeliveryReceipt, OutboxMessage
from lenity.records.furnishing import notice_queries
from lenity.records.furnishing.models import FurnishingFile
from lenity.records.lending import change_queries, servicing_queries
from lenity.records.lending.models import Loan
from tests import factories
from tests.factories import disburse

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


def test_a_later_message_that_came_back_starts_no_new_wait(now: clock.ManualClock, tmp_path: Path) -> None:
    late = loan()
    told(late, NOW - timedelta(days=20))
    later = told(late, NOW - timedelta(days=12))
    DeliveryReceipt.objects.create(
        provider="fake",
        provider_id="1",
        state="undelivered",
        received_at=NOW - timedelta(days=11),
        raw="",
        message=later.outbox,
    )
    assert late.account_number in records(furnish(tmp_path))


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


def paid_out(now: clock.ManualClock, *, months: int = 12) -> Loan:
    """A loan of 1,200 dollars that Lenity paid out on 1 June, without interest."""
    now.move_to(datetime(2026, 6, 1, 17, tzinfo=UTC))
    owner = factories.borrower(jurisdiction="US", name="Jane Doe")
    factories.contact_point(owner, value="+12125550124", zones=("America/New_York",))
    terms = Terms("USD", 120_000, Fraction(0), date(2026, 6, 1), months)
    made = disburse(
        borrower_id=owner.public_id, account_number=ids.public_id(), product="loan", terms=terms, actor="test"
    )
    return Loan.objects.get(pk=made.pk)


def paid(one: Loan, minor: int, on: date, now: clock.ManualClock) -> None:
    now.move_to(datetime.combine(on, NOW.timetz()))
    take_payment(
        loan_id=one.public_id,
        amount_minor=minor,
        currency="USD",
        value_date=on,
        source="test",
        source_id=ids.public_id(),
        actor="test",
    )


def at_month_end(now: clock.ManualClock, folder: Path, day: date, one: Loan) -> dict[str, str] | None:
    now.move_to(datetime.combine(day, NOW.timetz()))
    return records(furnish(folder, day)).get(one.account_number)


def test_a_plan_that_replaced_the_schedule_is_what_is_furnished(
    now: clock.ManualClock, tmp_path: Path
) -> None:
    one = paid_out(now)
    now.move_to(datetime(2026, 8, 15, 17, tzinfo=UTC))
    factories.means(one)
    factories.agree_plan(one, Request(Kind.RE_AMORTISE, periods=10))
    assert servicing_queries.stored(one).version == 2
    told_ = at_month_end(now, tmp_path, date(2026, 8, 31), one)
    assert told_ is not None
    assert (told_["account_status"], told_["amount_past_due"]) == ("11", "000000000")
    assert told_["current_balance"] == "000001200"


def test_what_was_paid_is_told_of_its_own_month_only(now: clock.ManualClock, tmp_path: Path) -> None:
    one = paid_out(now)
    paid(one, 10_000, date(2026, 7, 1), now)
    july, august = (at_month_end(now, tmp_path, day, one) for day in (date(2026, 7, 31), date(2026, 8, 1)))
    assert july is not None
    assert august is not None
    names = ("actual_payment", "last_payment_date", "highest_credit", "scheduled_payment", "terms_duration")
    assert [july[name] for name in names] == ["000000100", "07012026", "000001200", "000000100", "012"]
    assert (august["actual_payment"], august["last_payment_date"]) == ("000000000", "07012026")


def test_a_loan_that_is_paid_is_told_so_once_and_closed(now: clock.ManualClock, tmp_path: Path) -> None:
    one = paid_out(now)
    assert at_month_end(now, tmp_path, date(2026, 6, 30), one) is not None
    paid(one, 120_000, date(2026, 7, 20), now)
    told_ = at_month_end(now, tmp_path, date(2026, 7, 31), one)
    assert told_ is not None
    names = ("account_status", "payment_rating", "current_balance", "date_closed")
    assert [told_[name] for name in names] == ["13", "0", "000000000", "07202026"]
    assert at_month_end(now, tmp_path, date(2026, 8, 31), one) is None


@pytest.mark.parametrize(
    ("on", "rating"),
    [(date(2026, 7, 30), "0"), (date(2026, 7, 31), "1"), (date(2026, 8, 30), "2"), (date(2026, 10, 15), "3")],
)
def test_a_paid_loan_is_rated_by_what_it_was_just_before(
    now: clock.ManualClock, tmp_path: Path, on: date, rating: str
) -> None:
    """Nothing was paid since 1 July: 29, 30, 60 and 106 days late when all of it is paid."""
    one = paid_out(now)
    talked(one, datetime(2026, 7, 5, 17, tzinfo=UTC))
    paid(one, 120_000, on, now)
    told_ = at_month_end(now, tmp_path, dates.month_end(on), one)
    assert told_ is not None
    assert (told_["account_status"], told_["payment_rating"]) == ("13", rating)


def test_a_paid_loan_that_was_late_is_negative_and_waits_for_its_notice(
    now: clock.ManualClock, tmp_path: Path
) -> None:
    one = paid_out(now)
    paid(one, 120_000, date(2026, 8, 30), now)
    assert at_month_end(now, tmp_path, date(2026, 8, 31), one) is None


def test_a_loss_is_told_with_its_amount_and_what_is_still_owed(
    now: clock.ManualClock, tmp_path: Path
) -> None:
    one = paid_out(now)
    now.move_to(datetime(2026, 10, 10, 17, tzinfo=UTC))
    content = change_queries.content(one, "write_off", 0, date(2026, 10, 10))
    factories.agreed("write_off", one.public_id, content)
    paid(one, 20_000, date(2026, 10, 20), now)
    talked(one, now.now() - timedelta(days=1))
    told_ = at_month_end(now, tmp_path, date(2026, 10, 31), one)
    assert told_ is not None
    names = ("account_status", "charge_off_amount", "current_balance", "amount_past_due")
    assert [told_[name] for name in names] == ["97", "000001200", "000001000", "000001000"]
    first = told_["first_delinquency_date"]
    again = at_month_end(now, tmp_path, date(2026, 11, 30), one)
    assert again is not None
    assert (again["payment_history"][0], again["first_delinquency_date"]) == ("L", first)


def test_the_same_month_again_writes_the_file_and_no_second_record(
    now: clock.ManualClock, tmp_path: Path
) -> None:
    loan(days_late=5)
    first = furnish(tmp_path)
    first.path.unlink()
    again = furnish(tmp_path)
    assert again.file == first.file
    assert again.path.is_file()
    assert FurnishingFile.objects.count() == 1


def test_no_file_stands_where_the_record_of_it_was_not_kept(
    now: clock.ManualClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies between the file and the commit: a bureau could have taken what the lender never said."""
    loan(days_late=5)

    def dies(*_: object, **__: object) -> None:
        raise RuntimeError("the process was killed")

    monkeypatch.setattr(unit.Work, "record", dies)
    with pytest.raises(RuntimeError):
        furnish(tmp_path)
    assert not list(tmp_path.iterdir())
    assert not FurnishingFile.objects.exists()


def test_a_folder_that_cannot_be_written_is_told_and_mended(now: clock.ManualClock, tmp_path: Path) -> None:
    loan(days_late=5)
    wall = tmp_path / "wall"
    wall.write_text("", "utf-8")
    with pytest.raises(InputRefused, match="Mend the folder"):
        furnish(wall)
    wall.unlink()
    assert furnish(wall).path.is_file()
    assert FurnishingFile.objects.count() == 1


def test_a_month_to_come_is_not_furnished(now: clock.ManualClock, tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="is to come"):
        furnish(tmp_path, date(2026, 12, 31))
