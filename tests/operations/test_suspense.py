"""Money leaves suspense by two people: what they may decide, what the database refuses, what the doors say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from lenity.base.outcomes import InputRefused
from lenity.domain.servicing.terms import Terms
from lenity.gateways import clock
from lenity.operations.add_api_client import add_api_client
from lenity.operations.approve_change import approve_change
from lenity.operations.book_bank_file import book_bank_file
from lenity.operations.decide_suspense import decide_suspense
from lenity.operations.propose_change import propose_change
from lenity.operations.receive_bank_file import receive_bank_file
from lenity.records.approvals.models import ChangeProposal
from lenity.records.audit.models import AuditEvent
from lenity.records.intake import queries, suspense_queries, writes
from lenity.records.intake.models import BankEntry, SuspenseOutcome
from lenity.records.ledger import queries as ledger
from lenity.records.lending import servicing_queries
from lenity.records.lending import writes as lending_writes
from lenity.records.lending.models import Loan, Payment
from tests import factories, world
from tests.domain import bank_files
from tests.factories import disburse

TODAY = factories.MORNING.date()
pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def now() -> Iterator[clock.ManualClock]:
    moving = clock.ManualClock(factories.MORNING)
    with clock.use(moving):
        yield moving


@pytest.fixture
def loan() -> Loan:
    return disburse(
        borrower_id=factories.borrower().public_id,
        account_number="A-1001",
        product="loan",
        terms=Terms("CNY", 1_200_000, Fraction(12, 100), TODAY, 12),
        actor="test",
    )


@pytest.fixture
def entries(loan: Loan) -> list[str]:
    """Twenty in, five in, and one that went out."""
    raw = bank_files.camt([("20.00", "x y"), ("5.00", "z z")], total="25.00", closing="125.00")
    book(raw)
    book(bank_files.CSV_CN.format(account="A-1001").encode("gb18030"))
    return [one.entry for one in queries.suspense(TODAY)]


def book(raw: bytes) -> None:
    file = receive_bank_file(raw=raw, name="statement", actor="test")
    book_bank_file(file_id=file.public_id, actor="test")


def in_step() -> None:
    assert ledger.is_balanced()
    held = ledger.trial_balance().get("CNY", {}).get("suspense", 0)
    assert queries.suspense_total().get("CNY", 0) == -held


def ask(entry: str, move: str, loan: Loan | None = None, actor: str = "") -> ChangeProposal:
    content = suspense_queries.content(entry, move, loan, TODAY)
    return propose_change(
        kind=suspense_queries.MOVES[move],
        subject_id=entry,
        payload=content,
        reason="she called",
        actor=actor or factories.staff("operations"),
    )


def decide(made: ChangeProposal, actor: str = "", verdict: str = "approved") -> None:
    decide_suspense(
        proposal_id=made.public_id,
        digest=made.digest,
        verdict=verdict,
        reason="seen",
        actor=actor or factories.staff("operations"),
    )


def test_each_ending_moves_the_books_and_tells_once(loan: Loan, entries: list[str]) -> None:
    for entry, move in zip(entries, ("assign", "return", "clear"), strict=True):
        before = AuditEvent.objects.count()
        factories.settle_suspense(entry, move, loan)
        in_step()
        assert AuditEvent.objects.count() == before + 3
    kinds = list(SuspenseOutcome.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["assigned", "returned", "cleared"]
    assert queries.suspense(TODAY) == []
    assert [one.source for one in Payment.objects.order_by("-id")][:1] == ["suspense"]


def test_the_same_person_a_collector_and_another_content_are_refused(loan: Loan, entries: list[str]) -> None:
    mine = factories.staff("operations")
    made = ask(entries[0], "assign", loan, mine)
    with pytest.raises(InputRefused, match="yourself"):
        decide(made, mine)
    with pytest.raises(InputRefused, match="role operations"):
        decide(made, factories.staff("collector"))
    with pytest.raises(InputRefused, match="not the content"):
        decide_suspense(
            proposal_id=made.public_id,
            digest="0" * 64,
            verdict="approved",
            reason="seen",
            actor=factories.staff("operations"),
        )
    with pytest.raises(InputRefused, match="judged elsewhere"):
        approve_change(
            proposal_id=made.public_id, digest=made.digest, reason="x", actor=factories.staff("operations")
        )
    decide(made, verdict="refused")
    assert len(queries.suspense(TODAY)) == 3
    with pytest.raises(InputRefused, match="judged already"):
        decide(made)


def test_a_second_decision_on_the_same_money_is_refused(loan: Loan, entries: list[str]) -> None:
    first, second = ask(entries[0], "assign", loan), ask(entries[0], "return")
    decide(first)
    with pytest.raises(InputRefused, match="no longer"):
        decide(second)
    assert SuspenseOutcome.objects.count() == 1
    in_step()


@pytest.mark.parametrize("kind", ["returned", "cleared"])
def test_the_database_lets_no_money_out_that_nobody_approved(entries: list[str], kind: str) -> None:
    entry = BankEntry.objects.get(public_id=entries[0])
    mine = ask(entries[0], "return", actor=factories.staff("operations"))
    with pytest.raises(DatabaseError, match="second person"), transaction.atomic():
        writes.add_outcome(
            entry,
            kind=kind,
            payment=None,
            reason="alone",
            decided_at=factories.MORNING,
            decided_by=mine.proposed_by,
        )


def test_what_cannot_be_is_not_even_asked(loan: Loan, entries: list[str], now: clock.ManualClock) -> None:
    out = next(one.entry for one in queries.suspense(TODAY) if one.amount_minor < 0)
    for entry, move, to, says in (
        (out, "assign", loan, "went out"),
        (out, "return", None, "went out"),
        (entries[0], "assign", None, "account number"),
        (entries[0], "keep", None, "one of"),
        ("NOTHERE", "return", None, "no bank entry"),
    ):
        with pytest.raises(InputRefused, match=says):
            suspense_queries.content(entry, move, to, TODAY)
    other = factories.late_loan(factories.borrower(), days_late=1, currency="USD")
    with pytest.raises(InputRefused, match="another currency"):
        suspense_queries.content(entries[0], "assign", other, TODAY)
    made = ask(entries[0], "return")
    now.advance(timedelta(days=8))
    with pytest.raises(InputRefused, match="expired"):
        decide(made)


def bounced(loan: Loan, *, times: int = 1) -> tuple[str, list[Payment]]:
    """Payments of 1,000 on the loan, and the bank's 1,000 that went out again."""
    rows, total = "", 100
    for number in range(times):
        total += 1_000
        rows += f"{number + 1},2026/11/{24 + number},1000.00,,{total}.00,王小明,A-1001\n"
    rows += f"9,2026/11/{23 + times},,1000.00,{total - 1_000}.00,银行,退票 A-1001\n"
    head = "交易流水号,交易日期,收入金额,支出金额,余额,对方户名,摘要\n"
    book((head + rows).encode("gb18030"))
    out = next(one.entry for one in queries.suspense(TODAY) if one.amount_minor < 0)
    return out, list(Payment.objects.order_by("id"))


def test_what_the_bank_took_back_is_the_reversal_of_its_payment(loan: Loan) -> None:
    owed = servicing_queries.account_on(loan, TODAY).owed_minor
    out, (paid,) = bounced(loan)
    assert servicing_queries.account_on(loan, TODAY).owed_minor == owed - 100_000
    before = AuditEvent.objects.count()
    factories.settle_suspense(out, "reverse", loan)
    in_step()
    assert AuditEvent.objects.count() == before + 3
    assert AuditEvent.objects.filter(operation="reverse_payment").count() == 1
    assert servicing_queries.account_on(loan, TODAY).owed_minor == owed, "as if it had never come"
    assert ledger.trial_balance()["CNY"].get("cash", 0) == -loan_paid_out(loan), "in and out again"
    outcome = SuspenseOutcome.objects.get()
    assert outcome.kind == "reversed"
    assert outcome.payment is not None
    assert outcome.payment.reverses_id == paid.pk
    with pytest.raises(InputRefused, match="no longer"):
        suspense_queries.content(out, "reverse", loan, TODAY)


def loan_paid_out(loan: Loan) -> int:
    return servicing_queries.stored(loan).opening.principal_minor


def test_a_reversal_that_came_first_and_a_doubtful_one_are_refused(loan: Loan, entries: list[str]) -> None:
    with pytest.raises(InputRefused, match="reverses nothing"):
        suspense_queries.content(entries[0], "reverse", loan, TODAY)
    rent = next(one.entry for one in queries.suspense(TODAY) if one.amount_minor < 0)
    with pytest.raises(InputRefused, match="account number"):
        suspense_queries.content(rent, "reverse", None, TODAY)
    with pytest.raises(InputRefused, match="No payment of this amount"):
        suspense_queries.content(rent, "reverse", loan, TODAY)
    with pytest.raises(InputRefused, match="No payment of this amount"):
        suspense_queries.content(rent, "reverse", None, TODAY, payment_id="NOTHERE")


def test_of_several_payments_the_day_says_which_and_by_hand_it_is_reversed_once(
    loan: Loan, now: clock.ManualClock
) -> None:
    now.advance(timedelta(days=1))
    out, paid = bounced(loan, times=2)
    earlier = min(paid, key=lambda one: one.value_date)
    with pytest.raises(InputRefused, match="Several"):
        suspense_queries.content(out, "reverse", loan, TODAY)
    found = suspense_queries.content(out, "reverse", loan, TODAY, came_on=earlier.value_date)
    assert found["payment"] == earlier.public_id
    made = propose_change(
        kind="suspense_reverse",
        subject_id=out,
        payload=found,
        reason="x",
        actor=factories.staff("operations"),
    )
    factories.reverse(earlier.public_id)
    with pytest.raises(InputRefused, match="reversed already"):
        decide(made)
    in_step()
    assert not SuspenseOutcome.objects.exists()
    other = next(one for one in paid if one.pk != earlier.pk)
    new = lending_writes.NewPayment("R1", 100_000, TODAY, "reversal", other.public_id, other.pk)
    with pytest.raises(DatabaseError, match="second person"), transaction.atomic():
        lending_writes.add_payment(new, loan=loan, received_at=factories.MORNING, ledger_transaction_id=1)


def test_the_page_knows_the_account_and_a_program_the_payment(loan: Loan) -> None:
    out, (paid,) = bounced(loan)
    li = world.as_staff("operations", name="li")
    li.cookies["django_language"] = "en"
    page = li.get("/suspense/").content.decode()
    assert 'value="A-1001"' in page, "named by the bank's text"
    wish = {"entry": out, "move": "reverse", "account": "A-1001", "reason": "returned"}
    assert li.post("/suspense/", wish | {"on": "2026-13-01"}).status_code == 422
    assert li.post("/suspense/", wish | {"on": "2026-11-23"}).status_code == 422
    assert li.post("/suspense/", wish).status_code == 302
    assert "Taken back by the bank 1001" in li.get("/suspense/").content.decode()
    token = add_api_client(name="bank", scopes=("payments",), actor="test")
    answer = Client(headers={"authorization": f"Bearer {token}"}).post(
        f"/api/v1/suspense/{out}",
        json.dumps({"reason": "returned", "move": "reverse", "payment": paid.public_id}),
        content_type="application/json",
        headers={"Idempotency-Key": "k"},
    )
    assert answer.status_code == 202
    decide(ChangeProposal.objects.get(public_id=answer.json()["change"]))
    in_step()


def test_ages_add_up_to_what_waits(entries: list[str], now: clock.ManualClock) -> None:
    for days in (0, 8, 31):
        found = suspense_queries.by_age(TODAY + timedelta(days=days))
        assert sum(one.amount_minor for one in found) == queries.suspense_total()["CNY"]
        assert sum(one.entries for one in found) == 3


def test_the_page_asks_shows_and_decides(loan: Loan, entries: list[str]) -> None:
    li = world.as_staff("operations", name="li")
    zhou = world.as_staff("operations", name="zhou")
    for client in (li, zhou):
        client.cookies["django_language"] = "en"
    wish = {"entry": entries[0], "move": "assign", "account": "A-9999", "reason": "she called"}
    answer = li.post("/suspense/", wish)
    assert answer.status_code == 422
    assert "A-9999" in answer.content.decode(), "what was typed stays"
    assert li.post("/suspense/", wish | {"account": "A-1001"}).status_code == 302
    assert "You asked for it; another person decides." in li.get("/suspense/").content.decode()
    made = ChangeProposal.objects.get()
    verdict = {"change": made.public_id, "digest": made.digest, "move": "approve", "why": "seen"}
    assert li.post("/suspense/", verdict).status_code == 422
    assert "To a loan 1001" in zhou.get("/suspense/").content.decode()
    assert zhou.post("/suspense/", verdict).status_code == 302
    assert Payment.objects.get(source="suspense").amount_minor == 2_000
    assert "approved and booked" in zhou.get("/suspense/").content.decode()


def test_a_program_lists_and_asks_and_decides_nothing(loan: Loan, entries: list[str]) -> None:
    token = add_api_client(name="bank", scopes=("payments",), actor="test")
    client = Client(headers={"authorization": f"Bearer {token}"})

    def post(entry: str, key: str, **body: str) -> Any:
        return client.post(
            f"/api/v1/suspense/{entry}",
            json.dumps({"reason": "told by the bank", **body}),
            content_type="application/json",
            headers={"Idempotency-Key": key},
        )

    listed = client.get("/api/v1/suspense").json()
    assert [one["amount"] for one in listed][:2] == ["20.00", "5.00"]
    assert not {"payer", "texts"} & set(listed[0])
    assert post(entries[0], "k1", move="assign", loan=loan.public_id).status_code == 202
    assert post(entries[0], "k1", move="assign", loan=loan.public_id).status_code == 202
    assert ChangeProposal.objects.count() == 1
    assert post(entries[0], "k2", move="assign").json()["problems"][0]["code"] == "change.account"
    assert post("NOTHERE", "k3", move="return").json()["problems"][0]["code"] == "suspense.unknown"
    made = ChangeProposal.objects.get()
    assert made.proposed_by == "api:bank"
    with pytest.raises(InputRefused, match="role operations"):
        decide(made, "api:bank")
    decide(made)
    in_step()
