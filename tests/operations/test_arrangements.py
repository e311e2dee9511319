"""Talking about a plan, signing it, promising, telling one's month: what is kept and what is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import IntegrityError, connection, transaction

from lenity.base.outcomes import InputRefused
from lenity.domain.servicing import affordability, suggestions, terms
from lenity.domain.servicing.affordability import Budget, Line
from lenity.domain.servicing.plan import Kind, Request
from lenity.gateways import clock
from lenity.operations.answer_offer import answer_offer
from lenity.operations.close_day import close_day
from lenity.operations.propose_plan import propose_plan
from lenity.operations.record_promise import record_promise
from lenity.operations.request_contact import request_contact
from lenity.operations.request_plan_code import request_plan_code
from lenity.operations.save_budget import save_budget
from lenity.operations.sign_plan import sign_plan
from lenity.operations.take_payment import take_payment
from lenity.records import encrypted
from lenity.records.arrangements import queries
from lenity.records.arrangements.models import Agreement, TalkTurn
from lenity.records.arrangements.models import Budget as BudgetRow
from lenity.records.audit.models import AuditEvent
from lenity.records.debt_collection.models import Contact, OutboxMessage
from lenity.records.lending import servicing_queries
from lenity.records.lending.models import Loan
from lenity.records.people.models import SignInCode
from tests import factories
from tests.factories import disburse

pytestmark = [pytest.mark.database, pytest.mark.django_db]
NOW = factories.MORNING
TODAY = NOW.date()


@pytest.fixture
def now() -> Iterator[clock.ManualClock]:
    moving = clock.ManualClock(NOW)
    with clock.use(moving):
        yield moving


@pytest.fixture
def loan(now: clock.ManualClock) -> Loan:
    """Twelve instalments, the first of them ten days late."""
    owner = factories.borrower()
    factories.contact_point(owner)
    now.move_to(NOW - timedelta(days=41))
    made = disburse(
        borrower_id=owner.public_id,
        account_number="A-1",
        product="loan",
        terms=terms.Terms("CNY", 1_200_000, Fraction(12, 100), TODAY - timedelta(days=41), 12),
        actor="test",
    )
    now.move_to(NOW)
    return made


def tell(loan: Loan, wages: int, **more: int) -> str:
    stated = Budget(
        "CNY", 1, 0, 15, (Line("wages", wages, "month"), Line("rent", more.get("rent", 0), "month"))
    )
    return save_budget(
        borrower_id=loan.borrower.public_id,
        answers={"budget": affordability.to_plain(stated), "reasons": {}},
        finish=True,
        actor="borrower",
    )


def code() -> str:
    message = OutboxMessage.objects.filter(contact__template="plan-code-sms").latest("contact_id")
    place = {"table": "debt_collection_outboxmessage", "column": "body", "row": message.contact.public_id}
    found = re.search(r"\d{6}", json.loads(encrypted.unseal(message.body_sealed, **place))["body"])
    assert found
    return found.group()


def ask_code(loan: Loan, shown: str) -> str:
    if not queries.answers_of(loan.borrower.public_id):
        tell(loan, 10_000_000)
    return request_plan_code(
        borrower_id=loan.borrower.public_id, shown=shown, address="10.0.0.1", actor="borrower"
    )


def sign(loan: Loan, chosen: str, **changes: Any) -> Agreement | None:
    picked = queries.choice(loan, chosen, clock.business_day("CN"))
    assert picked is not None
    request_id = ask_code(loan, picked.shown)
    fields = {
        "borrower_id": loan.borrower.public_id,
        "loan_id": loan.public_id,
        "choice": chosen,
        "shown": picked.shown,
        "request_id": request_id,
        "code": code(),
        "actor": "borrower",
        **changes,
    }
    return sign_plan(**fields)


def contact(loan: Loan) -> str:
    return request_contact(
        borrower_id=loan.borrower.public_id,
        channel="sms",
        purpose="collection",
        point_id=loan.borrower.contact_points.get().public_id,
        loan_ids=(loan.public_id,),
        template="cn-reminder-sms",
        actor="test",
    ).verdict


def test_a_plan_is_signed_by_a_code_and_both_hold_the_copy(loan: Loan) -> None:
    assert contact(loan) == "allowed"
    signed = sign(loan, "own-200000-15")
    assert signed is not None
    text = json.loads(signed.text)
    assert sum(minor for _, minor in text["new"]) == text["total_minor"]
    assert {day[-2:] for day, _ in text["new"]} == {"15"}
    assert servicing_queries.stored(loan).told[0].due_date.day == 15
    assert contact(loan) == "refused"
    assert Contact.objects.filter(template="plan-copy-sms", verdict="allowed").count() == 1
    assert AuditEvent.objects.filter(operation="sign_plan", subject_kind="agreement").count() == 1
    assert queries.agreement(loan.borrower.public_id, signed.public_id) is not None
    assert queries.agreement(factories.borrower().public_id, signed.public_id) is None


def test_no_plan_is_signed_that_no_floor_judged(loan: Loan) -> None:
    picked = queries.choice(loan, "half_rate", TODAY)
    assert picked is not None
    asked = {"borrower_id": loan.borrower.public_id, "shown": picked.shown, "actor": "borrower"}
    with pytest.raises(InputRefused, match="month"):
        request_plan_code(address="10.0.0.1", **asked)
    assert not SignInCode.objects.exists(), "no code is spent on it"
    request_id = ask_code(loan, picked.shown)
    signed = sign_plan(
        loan_id=loan.public_id, choice="half_rate", request_id=request_id, code=code(), **asked
    )
    assert signed is not None
    judged = json.loads(signed.text)["floor"]
    assert judged["budget"] == BudgetRow.objects.get().public_id
    found = queries.agreement(loan.borrower.public_id, signed.public_id)
    assert found is not None
    assert found.month is not None
    spent = found.month.kept_minor + found.month.debts_minor
    assert found.left_minor == found.month.income_minor - spent - judged["heaviest_minor"]
    assert "income" not in signed.text, "the amounts of the household stay sealed"


def test_the_lender_signs_what_the_borrower_signed(loan: Loan) -> None:
    signed = sign(loan, "half_rate")
    assert signed is not None
    seal = signed.seal
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(seal.public_key))
    key.verify(bytes.fromhex(seal.signature), queries.seal_note(signed.digest))
    with pytest.raises(InvalidSignature):
        key.verify(bytes.fromhex(seal.signature), queries.seal_note("0" * 64))
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        type(seal).objects.update(signature="")


def test_a_wrong_code_signs_nothing_and_uses_up_its_tries(loan: Loan) -> None:
    picked = queries.choice(loan, "half_rate", TODAY)
    assert picked is not None
    request_id = ask_code(loan, picked.shown)
    right = code()
    wrong = "000000" if right != "000000" else "111111"
    fields: dict[str, Any] = {
        "borrower_id": loan.borrower.public_id,
        "loan_id": loan.public_id,
        "choice": "half_rate",
        "shown": picked.shown,
        "request_id": request_id,
        "actor": "borrower",
    }
    for _ in range(5):
        assert sign_plan(code=wrong, **fields) is None
    assert sign_plan(code=right, **fields) is None, "the sixth try fails even with the right code"
    assert not Agreement.objects.exists()


def test_a_code_signs_only_what_was_shown_by_whom_in_time_and_once(
    loan: Loan, now: clock.ManualClock
) -> None:
    stranger = factories.borrower()
    other = queries.choice(loan, "one_year", TODAY)
    assert other is not None
    assert sign(loan, "half_rate", choice="one_year", shown=other.shown) is None
    assert sign(loan, "half_rate", borrower_id=stranger.public_id) is None
    picked = queries.choice(loan, "half_rate", TODAY)
    assert picked is not None
    request_id = ask_code(loan, picked.shown)
    late = code()
    now.advance(timedelta(minutes=5))
    fields: dict[str, Any] = {
        "borrower_id": loan.borrower.public_id,
        "loan_id": loan.public_id,
        "choice": "half_rate",
        "shown": picked.shown,
        "actor": "borrower",
    }
    assert sign_plan(request_id=request_id, code=late, **fields) is None
    now.advance(timedelta(hours=1))
    request_id = ask_code(loan, picked.shown)
    assert sign_plan(request_id=request_id, code=code(), **fields) is not None
    assert sign_plan(request_id=request_id, code=code(), **fields) is None


def test_a_sign_in_code_signs_nothing(loan: Loan) -> None:
    picked = queries.choice(loan, "half_rate", TODAY)
    assert picked is not None
    request_id = ask_code(loan, picked.shown)
    SignInCode.objects.update(purpose="sign_in")
    fields: dict[str, Any] = {"borrower_id": loan.borrower.public_id, "loan_id": loan.public_id}
    fields |= {"choice": "half_rate", "shown": picked.shown, "request_id": request_id, "actor": "borrower"}
    assert sign_plan(code=code(), **fields) is None


def test_codes_for_signing_and_for_sign_in_share_their_limit(loan: Loan) -> None:
    assert [bool(ask_code(loan, "x" * 64)) for _ in range(6)] == [True] * 5 + [False]


def test_what_moved_meanwhile_is_not_signed(loan: Loan) -> None:
    picked = queries.choice(loan, "half_rate", TODAY)
    assert picked is not None
    request_id = ask_code(loan, picked.shown)
    pay(loan, 5_000, "p1")
    with pytest.raises(InputRefused, match="Show the plan again"), transaction.atomic():
        sign_plan(
            borrower_id=loan.borrower.public_id,
            loan_id=loan.public_id,
            choice="half_rate",
            shown=picked.shown,
            request_id=request_id,
            code=code(),
            actor="borrower",
        )
    assert not Agreement.objects.exists()


def test_no_side_can_agree_below_the_floor(loan: Loan) -> None:
    adult = 120_000
    asked = Request(Kind.RE_AMORTISE, 12)
    state = servicing_queries.account_on(loan, TODAY)
    made = servicing_queries.preview(loan, state, asked)
    heaviest = affordability.heaviest_month_minor(made.new)
    with pytest.raises(InputRefused, match="Nobody knows the household's month"):
        factories.agree_plan(loan, asked)
    tell(loan, adult + heaviest - 1)
    with pytest.raises(InputRefused, match="can spare"):
        factories.agree_plan(loan, asked)
    for by in ("borrower", "lender"):
        with pytest.raises(InputRefused, match="can spare"):
            propose_plan(loan_id=loan.public_id, asked=asked, by=by, actor=factories.staff("supervisor"))
    with pytest.raises(InputRefused, match="can spare"), transaction.atomic():
        sign(loan, "one_year")
    tell(loan, adult + heaviest)
    assert factories.agree_plan(loan, asked)
    assert BudgetRow.objects.count() == 2


def test_a_budget_is_sealed_and_never_changed(loan: Loan) -> None:
    tell(loan, 543_210)
    row = BudgetRow.objects.get()
    assert "543210" not in row.answers_sealed
    assert not any("543210" in str(event.body) for event in AuditEvent.objects.all())
    for change in (lambda: BudgetRow.objects.update(version=9), lambda: BudgetRow.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_offer_counter_accept_sign(loan: Loan) -> None:
    long_plan = suggestions.own(
        servicing_queries.account_on(loan, TODAY), servicing_queries.terms_of(loan), 50_000, 10
    )
    assert long_plan is not None
    assert suggestions.needs_answer(long_plan.asked)
    choice = queries.choice(loan, "own-50000-10", TODAY)
    assert choice is not None
    assert not choice.to_sign
    with pytest.raises(InputRefused, match="not on offer"), transaction.atomic():
        sign(loan, "own-50000-10")
    propose_plan(
        loan_id=loan.public_id, asked=long_plan.asked, by="borrower", actor="borrower", words="慢慢来"
    )
    assert [one.loan for one in queries.waiting_for_lender(TODAY)] == [loan]
    with pytest.raises(InputRefused, match="may not"):
        answer_offer(loan_id=loan.public_id, move="accept", by="borrower", actor="borrower")
    propose_plan(
        loan_id=loan.public_id,
        asked=Request(Kind.RE_AMORTISE, 24),
        by="lender",
        actor=factories.staff("supervisor"),
    )
    answer = queries.talk(loan, TODAY)
    assert answer is not None
    assert answer.borrower_may == ("sign", "counter", "decline")
    propose_plan(loan_id=loan.public_id, asked=long_plan.asked, by="borrower", actor="borrower")
    answer_offer(loan_id=loan.public_id, move="accept", by="lender", actor=factories.staff("supervisor"))
    assert sign(loan, "talk") is not None
    talk = queries.talk(loan, TODAY)
    assert talk is not None
    assert talk.state == "new"
    assert [one.move for one in talk.turns] == ["offer", "counter", "counter", "accept", "sign"]
    assert TalkTurn.objects.filter(words_sealed__contains="慢慢来").count() == 0
    assert talk.turns[0].words == "慢慢来"


def test_an_offer_runs_out(loan: Loan, now: clock.ManualClock) -> None:
    propose_plan(
        loan_id=loan.public_id,
        asked=Request(Kind.RE_AMORTISE, 24),
        by="lender",
        actor=factories.staff("supervisor"),
    )
    now.advance(timedelta(days=14))
    assert queries.choice(loan, "talk", clock.business_day("CN")) is not None
    now.advance(timedelta(days=1))
    assert queries.choice(loan, "talk", clock.business_day("CN")) is None


def test_a_lender_that_declines_says_why(loan: Loan) -> None:
    propose_plan(loan_id=loan.public_id, asked=Request(Kind.RE_AMORTISE, 36), by="borrower", actor="borrower")
    with pytest.raises(InputRefused, match="It is one of"):
        answer_offer(loan_id=loan.public_id, move="decline", by="lender", actor=factories.staff("supervisor"))
    turn = answer_offer(loan_id=loan.public_id, move="decline", by="lender", reason="too_long", actor="staff")
    assert turn.reason == "too_long"


def test_another_borrowers_loan_is_not_there(loan: Loan) -> None:
    stranger = factories.borrower().public_id
    asked = Request(Kind.RE_AMORTISE, 24)
    with pytest.raises(InputRefused, match="no such loan"):
        propose_plan(loan_id=loan.public_id, asked=asked, by="borrower", actor="b", borrower_id=stranger)
    with pytest.raises(InputRefused, match="no such loan"):
        record_promise(loan_id=loan.public_id, amount_minor=1, on_date=TODAY, actor="b", borrower_id=stranger)


def pay(loan: Loan, minor: int, key: str, days: int = 0) -> str:
    return take_payment(
        loan_id=loan.public_id,
        amount_minor=minor,
        currency="CNY",
        value_date=TODAY + timedelta(days=days),
        source="bank",
        source_id=key,
        actor="test",
    ).public_id


def promise(loan: Loan, minor: int = 10_000, days: int = 5) -> Any:
    day = TODAY + timedelta(days=days)
    return record_promise(loan_id=loan.public_id, amount_minor=minor, on_date=day, actor="borrower")


@pytest.mark.parametrize(
    ("paid", "day", "judged", "reason"),
    [
        (10_000, 5, 5, "kept"),
        (10_000, 1, 1, "kept"),
        (9_999, 5, 5, ""),
        (9_999, 5, 6, "broken"),
        (10_000, 6, 6, "broken"),
    ],
)
def test_a_promise_is_judged_at_the_close(
    loan: Loan, now: clock.ManualClock, paid: int, day: int, judged: int, reason: str
) -> None:
    hold = promise(loan)
    assert contact(loan) == "refused"
    now.advance(timedelta(days=day))
    pay(loan, paid, "p", day)
    now.advance(timedelta(days=judged - day))
    close_day(business_date=TODAY + timedelta(days=judged), actor="test")
    hold.refresh_from_db()
    assert (hold.end.reason if hasattr(hold, "end") else "") == reason


def test_what_was_paid_before_the_promise_or_taken_back_does_not_keep_it(
    loan: Loan, now: clock.ManualClock
) -> None:
    pay(loan, 10_000, "before")
    now.advance(timedelta(minutes=1))
    hold = promise(loan)
    now.advance(timedelta(days=1))
    back = pay(loan, 10_000, "back", 1)
    factories.reverse(back)
    now.advance(timedelta(days=5))
    close_day(business_date=TODAY + timedelta(days=6), actor="test")
    hold.refresh_from_db()
    assert hold.end.reason == "broken"


@pytest.mark.parametrize(("minor", "days"), [(0, 1), (-1, 1), (10**9, 1), (1, -1), (1, 32)])
def test_a_promise_that_cannot_be_is_refused(loan: Loan, minor: int, days: int) -> None:
    with pytest.raises(InputRefused):
        promise(loan, minor, days)


def test_one_promise_at_a_time(loan: Loan) -> None:
    promise(loan, days=31)
    with pytest.raises(InputRefused, match="open already"):
        promise(loan)


def test_a_broken_plan_is_followed_by_a_new_offer_before_any_reminder(
    loan: Loan, now: clock.ManualClock
) -> None:
    signed = sign(loan, "own-200000-25")
    assert signed is not None
    first = min(row.due_date for row in servicing_queries.stored(loan).told)
    broken = first + timedelta(days=8)
    now.move_to(NOW + (broken - TODAY))
    close_day(business_date=broken, actor="test")
    assert contact(loan) == "refused"
    assert loan.borrower.holds.filter(kind="offer_again").count() == 1
    close_day(business_date=broken, actor="test")
    assert loan.borrower.holds.filter(kind="offer_again").count() == 1
    [notice] = Contact.objects.filter(template="plan-offer-again-sms")
    assert notice.verdict == "allowed"
    now.advance(timedelta(days=15))
    assert contact(loan) == "allowed"


def test_turns_and_agreements_are_never_changed(loan: Loan) -> None:
    sign(loan, "half_rate")
    propose_plan(
        loan_id=loan.public_id,
        asked=Request(Kind.RE_AMORTISE, 24),
        by="lender",
        actor=factories.staff("supervisor"),
    )
    for table in ("talkturn", "agreement"):
        for statement in ("DELETE FROM arrangements_{}", "UPDATE arrangements_{} SET public_id = 'x'"):
            with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement.format(table))
