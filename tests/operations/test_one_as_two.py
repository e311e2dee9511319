"""One person who tries to be two: by inviting or resetting the second, by a program's token, by changed roles."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pyotp
import pytest
from django.db import DatabaseError, transaction

from lenity.base.outcomes import InputRefused
from lenity.gateways import clock
from lenity.interfaces.shared import staff_words
from lenity.operations.accept_invitation import accept_invitation
from lenity.operations.add_api_client import add_api_client
from lenity.operations.answer_review import answer_review
from lenity.operations.approve_change import approve_change
from lenity.operations.ask_review import ask_review
from lenity.operations.book_approved_change import book_approved_change
from lenity.operations.change_staff import change_staff
from lenity.operations.invite_again import invite_again
from lenity.operations.invite_staff import invite_staff
from lenity.operations.propose_change import propose_change
from lenity.operations.rotate_api_token import rotate_api_token
from lenity.records.approvals import writes
from lenity.records.approvals.models import ChangeProposal
from lenity.records.lending import change_queries, review_writes
from lenity.records.lending.models import Loan
from lenity.records.people import sign_in_queries
from lenity.records.people.models import StaffInvitation
from tests import factories, world
from tests.operations import test_reviews

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
TODAY = factories.MORNING.date()
PASSWORD = "correct horse battery"


@pytest.fixture
def loan(now: clock.ManualClock) -> Loan:
    return factories.booked_loan(factories.borrower(), days_late=120)


def asked(loan: Loan, actor: str) -> ChangeProposal:
    content = change_queries.content(loan, "write_off", 0, TODAY)
    return propose_change(
        kind="write_off", subject_id=loan.public_id, payload=content, reason="lost", actor=actor
    )


def approve(made: ChangeProposal, actor: str) -> Any:
    return approve_change(proposal_id=made.public_id, digest=made.digest, reason="seen", actor=actor)


def invited(by: str, name: str = "shadow") -> str:
    """Somebody whom `by` invited, and whose code `by` could have used herself."""
    made = invite_staff(
        username=name,
        display_name="影子",
        staff_number=name[:20],
        roles=("operations",),
        reason="more hands",
        actor=by,
    )
    join(made.staff.public_id)
    return made.staff.public_id


def join(staff_id: str) -> None:
    """Use the newest invitation up, as whoever holds its code can."""
    invitation = StaffInvitation.objects.filter(staff__public_id=staff_id).latest("id")
    secret = sign_in_queries.totp_secret_of(invitation.staff)
    code = pyotp.TOTP(secret).at(int(clock.now().timestamp()))
    accept_invitation(invitation_id=invitation.public_id, password=PASSWORD, again=PASSWORD, code=code)


def judge_in_the_database(made: ChangeProposal, actor: str) -> None:
    with transaction.atomic():
        writes.add_verdict(
            made, verdict="approved", digest=made.digest, reason="x", decided_by=actor, decided_at=clock.now()
        )


def test_whom_i_invited_judges_nothing_of_mine_nor_i_of_hers(loan: Loan) -> None:
    li = factories.staff("administrator", "operations")
    shadow = invited(li)
    for one, two in ((li, shadow), (shadow, li)):
        made = asked(loan, one)
        with pytest.raises(InputRefused, match="gave the other"):
            approve(made, two)
        with pytest.raises(DatabaseError, match="second person"):
            judge_in_the_database(made, two)
    assert approve(made, factories.staff("operations")).verdict == "approved"


def test_a_page_says_so_and_keeps_it_waiting(loan: Loan, now: clock.ManualClock) -> None:
    li = factories.staff("administrator", "operations")
    invited(li)
    made = asked(loan, li)
    now.advance(timedelta(minutes=1))
    client = world.Client()
    step = int(now.now().timestamp())
    secret = sign_in_queries.totp_secret_of(StaffInvitation.objects.get().staff)
    sign = {"username": "shadow", "password": PASSWORD, "code": pyotp.TOTP(secret).at(step)}
    assert client.post("/staff/sign-in/", sign).status_code == 302
    client.cookies["django_language"] = "en"
    judge = {"change": made.public_id, "digest": made.digest, "move": "approve", "why": "seen"}
    answer = client.post("/changes/", judge)
    assert answer.status_code == 422
    assert "you could be one person" in answer.content.decode()
    assert not hasattr(ChangeProposal.objects.get(), "verdict")
    assert "change.bound" in staff_words.office_words.OFFICE_PROBLEMS


def test_resetting_a_colleague_does_not_make_her_my_second(loan: Loan) -> None:
    li, zhou = factories.staff("administrator", "operations"), factories.staff("operations")
    made = asked(loan, li)
    invite_again(staff_id=zhou, actor=li)
    join(zhou)
    with pytest.raises(InputRefused, match="gave the other"):
        approve(made, zhou)
    other = factories.staff("administrator")
    invite_again(staff_id=zhou, actor=other)
    join(zhou)
    assert approve(made, zhou).verdict == "approved", "another administrator let her in since"


def test_rights_given_for_the_occasion_count_for_nothing(loan: Loan) -> None:
    li, chen = factories.staff("administrator", "operations"), factories.staff("collector")
    made = asked(loan, li)
    change_staff(
        staff_id=chen, roles=("operations",), reason="for this once", until=None, active=True, actor=li
    )
    with pytest.raises(InputRefused, match="gave the other"):
        approve(made, chen)


def test_a_role_that_is_gone_neither_judges_nor_books(loan: Loan) -> None:
    li, zhou, head = (
        factories.staff("operations"),
        factories.staff("operations"),
        factories.staff("administrator"),
    )
    made = asked(loan, li)
    rights: dict[str, Any] = {"reason": "moved away", "until": None, "active": True, "actor": head}
    change_staff(staff_id=zhou, roles=("collector",), **rights)
    with pytest.raises(InputRefused, match="role operations"):
        approve(made, zhou)
    change_staff(staff_id=zhou, roles=("operations",), **rights)
    approve(made, zhou)
    change_staff(staff_id=zhou, roles=("collector",), **rights)
    with pytest.raises(InputRefused, match="role operations"):
        book_approved_change(proposal_id=made.public_id, actor=zhou)
    with pytest.raises(InputRefused, match="her own rights"):
        change_staff(staff_id=head, roles=("administrator", "operations"), **rights)


def test_who_holds_a_programs_token_judges_nothing_it_asks_for(loan: Loan) -> None:
    from lenity.operations.take_payment import take_payment

    li, zhou = factories.staff("administrator", "operations"), factories.staff("operations")
    add_api_client(name="feed", scopes=("payments",), actor=li)
    paid = take_payment(
        loan_id=loan.public_id,
        amount_minor=5_000,
        currency="CNY",
        value_date=TODAY,
        source="test",
        source_id="1",
        actor="api:feed",
    )
    made = propose_change(
        kind="payment_reversal",
        subject_id=paid.public_id,
        payload=change_queries.reversal(paid.public_id),
        reason="returned",
        actor="api:feed",
    )
    with pytest.raises(InputRefused, match="gave the other"):
        approve(made, li)
    with pytest.raises(DatabaseError, match="second person"):
        judge_in_the_database(made, li)
    rotate_api_token(name="feed", actor=zhou)
    with pytest.raises(InputRefused, match="gave the other"):
        approve(made, zhou)
    assert approve(made, li).verdict == "approved", "her token is dead since"


def test_two_reviewers_of_a_high_limit_are_unbound_too(now: clock.ManualClock) -> None:
    chen = factories.staff("administrator", "risk")
    shadow = factories.staff("risk")
    change_staff(staff_id=shadow, roles=("risk",), reason="for this", until=None, active=True, actor=chen)
    asked_for = ask_review(application_id=test_reviews.declined(), actor="test")
    wish = {
        "review_id": asked_for.public_id,
        "outcome": "approve",
        "limit_minor": test_reviews.HIGHEST,
        "reason": "Payslip seen.",
    }
    assert not answer_review(**wish, actor=chen).is_final
    with pytest.raises(InputRefused, match="gave the other"):
        answer_review(**wish, actor=shadow)
    with pytest.raises(DatabaseError, match="second person"), transaction.atomic():
        review_writes.add_answer(
            asked_for,
            outcome="approve",
            limit_minor=test_reviews.HIGHEST,
            reason="x",
            alone_minor=test_reviews.ALONE,
            decided_by=shadow,
            at=clock.now(),
        )
    assert answer_review(**wish, actor=factories.staff("risk")).is_final
