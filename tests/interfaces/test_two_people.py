"""What takes two people: no door acts alone, the database refuses what nobody approved, bulk sends are exact."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from django.db import DatabaseError, transaction
from typer.testing import CliRunner

from lenity.base.outcomes import InputRefused
from lenity.domain.servicing.plan import Kind, Request
from lenity.gateways import clock
from lenity.interfaces.cli import main
from lenity.operations.add_api_client import add_api_client
from lenity.operations.add_staff import add_staff
from lenity.operations.approve_change import approve_change
from lenity.operations.close_day import close_day
from lenity.operations.propose_change import propose_change
from lenity.operations.revoke_api_client import revoke_api_client
from lenity.operations.send_agreed_contacts import send_agreed_contacts
from lenity.records.approvals.models import ChangeClaim, ChangeProposal
from lenity.records.audit.models import AuditEvent
from lenity.records.debt_collection.models import Contact
from lenity.records.lending import change_queries, servicing_queries, writes
from lenity.records.lending.models import Loan, LoanFact, Payment
from lenity.records.people.models import ContactPoint
from tests import factories, world

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
TODAY = factories.MORNING.date()


@pytest.fixture
def filled(now: clock.ManualClock) -> world.World:
    return world.build()


@pytest.fixture
def loan(filled: world.World) -> Loan:
    return Loan.objects.get(public_id=filled.values["second_loan_id"])


def officer(name: str) -> Any:
    client = world.as_staff("operations", name=name)
    client.cookies["django_language"] = "en"
    return client


def verdict() -> dict[str, str]:
    made = ChangeProposal.objects.get()
    return {"change": made.public_id, "digest": made.digest, "move": "approve", "why": "seen"}


@pytest.mark.parametrize("kind", ["charge_off", "refund"])
def test_the_database_refuses_a_loss_or_a_refund_that_nobody_approved(loan: Loan, kind: str) -> None:
    new = writes.NewFact("F1", kind, TODAY, "alone", "entered", "k", 100)
    with pytest.raises(DatabaseError, match="second person"), transaction.atomic():
        writes.add_fact(new, loan=loan, recorded_at=factories.MORNING)
    factories.agreed("write_off", loan.public_id, change_queries.content(loan, "write_off", 0, TODAY))
    used = ChangeClaim.objects.get().verdict.proposal.public_id
    other = Loan.objects.exclude(pk=loan.pk).first()
    assert other is not None
    new = writes.NewFact("F2", kind, TODAY, "alone", "again", used, 100)
    with pytest.raises(DatabaseError, match="second person"), transaction.atomic():
        writes.add_fact(new, loan=other, recorded_at=factories.MORNING)


def test_the_database_refuses_a_reversal_that_nobody_approved(filled: world.World) -> None:
    paid = Payment.objects.get()
    new = writes.NewPayment("R1", paid.amount_minor, TODAY, "reversal", paid.public_id, paid.pk)
    with pytest.raises(DatabaseError, match="second person"), transaction.atomic():
        writes.add_payment(new, loan=paid.loan, received_at=factories.MORNING, ledger_transaction_id=1)
    factories.reverse(paid.public_id)
    assert Payment.objects.get(pk=paid.pk).reversed_by.amount_minor == paid.amount_minor


def test_the_database_refuses_an_undoing_that_nobody_approved(loan: Loan) -> None:
    with transaction.atomic():
        factories.means(loan)
        fact = factories.agree_plan(loan, Request(Kind.RE_AMORTISE, 24))
    assert isinstance(fact, LoanFact)
    new = writes.NewFact("U1", fact.kind, TODAY, "alone", "reversal", fact.public_id, reverses_id=fact.pk)
    with pytest.raises(DatabaseError, match="second person"), transaction.atomic():
        writes.add_fact(new, loan=loan, recorded_at=factories.MORNING)
    factories.undo(fact.public_id)
    assert LoanFact.objects.get(pk=fact.pk).reversed_by.reason == "approved undoing"


def test_an_amount_entered_by_hand_is_read_as_written_or_refused(loan: Loan) -> None:
    li = officer("li")
    entry = {"account": loan.account_number, "move": "take", "key": "slip-1", "on": "2026-11-24"}
    for wrong in ("12,50", "1,23", "1.234,50", ",5"):
        assert li.post("/operations/payments/", entry | {"amount": wrong}).status_code == 422, wrong
    assert not loan.payments.exists()
    assert li.post("/operations/payments/", entry | {"amount": "1,234.50"}).status_code in (200, 302)
    assert loan.payments.get().amount_minor == 123_450


def test_an_entry_is_undone_from_its_accounts_page_by_two(loan: Loan) -> None:
    factories.means(loan)
    fact = factories.agree_plan(loan, Request(Kind.RE_AMORTISE, 24))
    li, zhou = officer("li"), officer("zhou")
    find = {"account": loan.account_number, "move": "find"}
    assert "Ask to undo it" in li.post("/operations/payments/", find).content.decode()
    ask = find | {"move": "undo", "fact": fact.public_id, "reason": "the wrong account"}
    other = Loan.objects.exclude(pk=loan.pk).first()
    assert other is not None
    assert li.post("/operations/payments/", ask | {"account": other.account_number}).status_code == 422
    assert "The undoing is asked for" in li.post("/operations/payments/", ask).content.decode()
    made = ChangeProposal.objects.get(kind="fact_undo")
    judge = {"change": made.public_id, "digest": made.digest, "move": "approve", "why": "seen"}
    assert li.post("/changes/", judge).status_code == 422
    assert "Undoing of an entry: plan" in zhou.get("/changes/").content.decode()
    for move in ("approve", "book"):
        assert zhou.post("/changes/", judge | {"move": move}).status_code == 302
    assert "undone" in li.post("/operations/payments/", find).content.decode()
    assert li.post("/operations/payments/", ask).status_code == 422, "once"


def test_the_command_line_asks_and_says_that_nothing_moved(loan: Loan, now: clock.ManualClock) -> None:
    added = {
        name: add_staff(
            username=name,
            display_name=name,
            staff_number=name,
            password=world.PASSWORD,
            roles=("operations",) if name == "li" else ("collector",),
            role_reason="for the test",
            actor="test",
        )
        for name in ("li", "zhao")
    }

    def run(*words: str, name: str = "li") -> dict[str, Any]:
        now.advance(timedelta(minutes=2))
        key = pyotp.TOTP(added[name].totp_secret).at(int(clock.now().timestamp()))
        typed = f"{world.PASSWORD}\n{key}\n"
        words = (*words, "--reason", "agreed", "--staff", name)
        done = CliRunner().invoke(main.build(), words, input=typed, catch_exceptions=False)
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    paid = Payment.objects.get()
    for words in (
        ("loan", "charge-off", loan.public_id),
        ("loan", "rate", loan.public_id, "12"),
        ("loan", "reverse", paid.public_id),
        ("loan", "waive", loan.public_id, "principal", "10"),
    ):
        told = run(*words)
        assert (told["state"], told["says"][:18]) == ("waiting", "Nothing has moved.")
    with pytest.raises(InputRefused, match="credit of 0"):
        run("loan", "refund", loan.public_id, "5")
    with pytest.raises(InputRefused, match="role operations"):
        run("loan", "charge-off", loan.public_id, name="zhao")
    with pytest.raises(InputRefused, match="no entry 'NOTHERE'"):
        run("loan", "undo", "NOTHERE")
    shown = factories.shown(loan, Request(Kind.RE_AMORTISE, 24))
    with pytest.raises(InputRefused, match="Nobody knows the household's month"):
        run("loan", "agree", loan.public_id, "re_amortise", "--shown", shown, "--periods", "24")
    assert not LoanFact.objects.exists()
    assert Payment.objects.count() == 1
    asked = ChangeProposal.objects.filter(kind="write_off").get()
    with pytest.raises(InputRefused, match="yourself"):
        approve_change(proposal_id=asked.public_id, digest=asked.digest, reason="me", actor=asked.proposed_by)


def test_a_lower_rate_is_seen_agreed_and_booked(loan: Loan) -> None:
    li, zhou = officer("li"), officer("zhou")
    asked = {"account": loan.account_number, "kind": "rate_change", "amount": "9", "reason": "hardship"}
    for bad in ({"amount": "18"}, {"amount": "-1"}, {"amount": "nine"}, {"amount": ""}, {"amount": "1/0"}):
        answer = li.post("/changes/", asked | bad)
        assert answer.status_code == 422, bad
        assert loan.account_number in answer.content.decode(), "what was typed stays"
    late = Loan.objects.exclude(pk=loan.pk).first()
    assert late is not None
    assert li.post("/changes/", asked | {"account": late.account_number}).status_code == 422, "rate not known"
    before = servicing_queries.account_on(loan, TODAY).owed_minor
    assert li.post("/changes/", asked).status_code == 302
    text = zhou.get("/changes/").content.decode()
    assert "18 % → 9 %" in text
    assert zhou.post("/changes/", verdict()).status_code == 302
    assert zhou.post("/changes/", verdict() | {"move": "book"}).status_code == 302
    made = LoanFact.objects.get()
    assert (made.kind, made.reason) == ("reschedule", "approved rate change")
    less = json.loads(ChangeProposal.objects.get().payload)["amount_minor"]
    assert less > 0
    assert before - servicing_queries.account_on(loan, TODAY).owed_minor == less
    with pytest.raises(InputRefused, match="signature"):
        change_queries.rate(loan, change_queries.Fraction(12, 100), TODAY)


def test_a_program_asks_for_a_reversal_and_judges_nothing(filled: world.World) -> None:
    add_api_client(name="bank-feed", scopes=("payments",), actor="test")
    paid = Payment.objects.get().public_id
    asked: dict[str, Any] = {
        "kind": "payment_reversal",
        "subject_id": paid,
        "payload": change_queries.reversal(paid),
        "reason": "returned",
        "actor": "api:bank-feed",
    }
    made = propose_change(**asked)
    with pytest.raises(InputRefused, match="role operations"):
        approve_change(proposal_id=made.public_id, digest=made.digest, reason="x", actor="api:bank-feed")
    for bad in ({"kind": "refund"}, {"actor": "api:nobody"}, {"actor": "command line"}):
        with pytest.raises(InputRefused, match="role operations"):
            propose_change(**(asked | bad))
    revoke_api_client(name="bank-feed", actor="test")
    with pytest.raises(InputRefused, match="role operations"):
        propose_change(**asked)


def test_a_bulk_send_is_what_was_seen_and_the_gate_decides_on_each(now: clock.ManualClock) -> None:
    people = [factories.borrower() for _ in range(3)]
    for number, owner in enumerate(people):
        factories.contact_point(owner, value=f"+861380013800{number}")
        factories.late_loan(owner, days_late=10)
    close_day(business_date=TODAY, actor="test")
    li, zhou = officer("li"), officer("zhou")
    form = {"on": TODAY.isoformat(), "reason": "daily reminders"}
    for bad in ({"on": "soon"}, {"on": "2020-01-01"}, {"reason": " "}):
        assert li.post("/bulk/", form | bad).status_code == 422, bad
    assert li.post("/bulk/", form).status_code == 302
    text = zhou.get("/bulk/").content.decode()
    assert "3 contacts with 3 people" in text
    assert "王小明" not in text
    assert li.post("/bulk/", verdict()).status_code == 422, "not by oneself"
    assert zhou.post("/bulk/", verdict() | {"move": "book"}).status_code == 422, "not approved"
    assert zhou.post("/bulk/", verdict()).status_code == 302
    assert not Contact.objects.exists(), "nothing leaves by approving"
    ContactPoint.objects.filter(borrower=people[0]).update(retired_at=factories.MORNING)
    people[1].holds.create(public_id="H1", kind="dispute", opened_at=clock.now(), opened_by="test")
    assert zhou.post("/bulk/", verdict() | {"move": "book"}).status_code == 302
    made = dict(Contact.objects.values_list("borrower__public_id", "verdict"))
    assert made == {people[1].public_id: "refused", people[2].public_id: "allowed"}
    told = AuditEvent.objects.get(operation="send_agreed_contacts")
    assert told.subject_id == ChangeProposal.objects.get().public_id
    assert zhou.post("/bulk/", verdict() | {"move": "book"}).status_code == 422, "used once"


def test_a_bulk_send_that_is_a_day_old_sends_nothing(now: clock.ManualClock) -> None:
    owner = factories.borrower()
    factories.contact_point(owner)
    factories.late_loan(owner, days_late=10)
    close_day(business_date=TODAY, actor="test")
    assert officer("li").post("/bulk/", {"on": TODAY.isoformat(), "reason": "r"}).status_code == 302
    made = ChangeProposal.objects.get()
    by = factories.staff("operations")
    approve_change(proposal_id=made.public_id, digest=made.digest, reason="seen", actor=by)
    now.advance(timedelta(hours=24))
    with pytest.raises(InputRefused, match="expired"):
        send_agreed_contacts(proposal_id=made.public_id, actor=by)
    assert not Contact.objects.exists()


def test_a_payment_by_hand_is_taken_once_and_its_reversal_only_asked_for(loan: Loan) -> None:
    li, zhou = officer("li"), officer("zhou")
    page = "/operations/payments/"
    sent = {"account": loan.account_number, "move": "take", "amount": "100.00", "on": "2026-11-24"}
    sent["key"] = "counter slip 7"
    for bad in (
        {"account": "A-0"},
        {"amount": "ten"},
        {"amount": "0"},
        {"on": "soon"},
        {"on": "2026-11-25"},
        {"key": ""},
    ):
        assert li.post(page, sent | bad).status_code == 422, bad
    before = Payment.objects.count()
    assert "The payment is taken." in li.post(page, sent).content.decode()
    assert "taken before; nothing was changed" in zhou.post(page, sent).content.decode()
    assert Payment.objects.count() == before + 1
    other = li.post(page, sent | {"amount": "101.00"})
    assert other.status_code == 422
    assert "counter slip 7" in other.content.decode(), "what was typed stays"
    paid = Payment.objects.latest("id")
    asked = {
        "account": loan.account_number,
        "move": "reverse",
        "payment": paid.public_id,
        "reason": "bounced",
    }
    late = Payment.objects.exclude(loan=loan).get()
    assert li.post(page, asked | {"payment": late.public_id}).status_code == 422, "of another account"
    assert li.post(page, asked | {"reason": " "}).status_code == 422
    assert "Nothing moves before" in li.post(page, asked).content.decode()
    assert not hasattr(Payment.objects.get(pk=paid.pk), "reversed_by")
    assert zhou.post("/changes/", verdict()).status_code == 302
    assert zhou.post("/changes/", verdict() | {"move": "book"}).status_code == 302
    assert "reversed" in li.post(page, sent | {"move": "find"}).content.decode()
