"""Money in: booked once, allocated exactly, undone without a trace."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from fractions import Fraction
from threading import Barrier

import pytest
from django.db import connection

from lenity.base.outcomes import InputRefused
from lenity.domain.servicing import terms
from lenity.gateways import clock
from lenity.operations.take_payment import take_payment
from lenity.records.audit.models import AuditEvent
from lenity.records.delinquency import queries as delinquency
from lenity.records.ledger import queries as ledger
from lenity.records.lending import servicing_queries
from lenity.records.lending.models import Loan, Payment
from tests import factories
from tests.factories import disburse

NOW = factories.MORNING
TODAY = NOW.date()
pytestmark = pytest.mark.database


def paid_out(*, rate: int = 18, account: str = "A-1", **changes: object) -> Loan:
    agreed = terms.Terms("CNY", 1_200_000, Fraction(rate, 100), TODAY, 12)
    with clock.use(clock.ManualClock(NOW)):
        return disburse(
            borrower_id=factories.borrower().public_id,
            account_number=account,
            product="loan",
            terms=terms.replaced(agreed, **changes),
            actor="test",
        )


LATER = NOW + timedelta(days=70)


def take(loan: Loan, minor: int, *, days: int = 31, key: str = "1", currency: str = "CNY") -> Payment:
    return take_payment(
        loan_id=loan.public_id,
        amount_minor=minor,
        currency=currency,
        value_date=TODAY + timedelta(days=days),
        source="bank",
        source_id=key,
        actor="test",
    )


def pay(loan: Loan, minor: int, *, days: int = 31, key: str = "1", currency: str = "CNY") -> Payment:
    with clock.use(clock.ManualClock(LATER)):
        return take(loan, minor, days=days, key=key, currency=currency)


def balances(loan: Loan) -> dict[str, int]:
    return {code: minor for code, minor in ledger.loan_balances([loan.pk])[loan.pk].items() if minor}


@pytest.mark.django_db
def test_a_loan_is_paid_out_in_full() -> None:
    loan = paid_out()
    assert balances(loan) == {"loan_principal": 1_200_000}
    assert ledger.trial_balance()["CNY"] == {"cash": -1_200_000, "loan_principal": 1_200_000}


@pytest.mark.django_db
def test_the_ceiling_holds_and_is_named() -> None:
    paid_out(rate=24)
    with pytest.raises(InputRefused, match="CN-XD-2025-COST"):
        paid_out(rate=25, account="A-2")
    fee = terms.PlannedCharge(terms.ChargeKind.FEE, 20_000, "disbursement")
    with pytest.raises(InputRefused, match="all in"):
        paid_out(rate=23, account="A-3", charges=(fee,))
    assert Loan.objects.count() == 1


@pytest.mark.django_db
def test_a_payment_is_interest_then_principal_and_income() -> None:
    loan = paid_out()
    pay(loan, 110_016, days=30)
    state = servicing_queries.account_on(loan, TODAY + timedelta(days=70))
    [split] = state.splits.values()
    assert {component.value: minor for component, minor in split.items()} == {
        "interest": 18_000,
        "principal": 92_016,
    }
    booked = ledger.trial_balance()["CNY"]
    assert booked["loan_principal"] == 1_107_984
    assert booked["cash"] == 110_016 - 1_200_000
    assert sum(booked.values()) == 0


@pytest.mark.django_db
def test_the_same_payment_again_changes_nothing_and_another_is_refused() -> None:
    loan = paid_out()
    first = pay(loan, 5_000)
    events = AuditEvent.objects.count()
    assert pay(loan, 5_000) == first
    assert (Payment.objects.count(), AuditEvent.objects.count()) == (1, events)
    with pytest.raises(InputRefused, match="Another payment"):
        pay(loan, 5_001)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("minor", "currency", "days", "says"),
    [
        (0, "CNY", 1, "above zero"),
        (-5, "CNY", 1, "above zero"),
        (10**16, "CNY", 1, "above zero"),
        (5, "USD", 1, "in CNY"),
        (5, "CNY", 71, "future"),
        (5, "CNY", -1, "before the loan"),
    ],
)
def test_what_is_no_payment_is_refused(minor: int, currency: str, days: int, says: str) -> None:
    loan = paid_out()
    with pytest.raises(InputRefused, match=says):
        pay(loan, minor, currency=currency, days=days)
    assert Payment.objects.count() == 0


@pytest.mark.django_db
def test_a_reversed_payment_restores_the_ledger() -> None:
    loan = paid_out()
    pay(loan, 40_000, days=31, key="keeps")
    before = ledger.trial_balance()
    bounced = pay(loan, 300_000, days=5, key="bounces")
    assert ledger.trial_balance() != before
    with clock.use(clock.ManualClock(LATER)):
        factories.reverse(bounced.public_id)
        with pytest.raises(InputRefused, match="reversed already"):
            factories.reverse(bounced.public_id)
    assert ledger.trial_balance() == before
    assert Payment.objects.count() == 3


@pytest.mark.django_db
def test_more_than_is_owed_is_the_borrowers_money() -> None:
    loan = paid_out()
    pay(loan, 2_000_000)
    held = balances(loan)
    assert "loan_principal" not in held
    assert held["customer_credit"] < 0
    assert servicing_queries.account_on(loan, TODAY + timedelta(days=70)).owed_minor == 0


@pytest.mark.django_db
def test_the_close_and_the_account_agree() -> None:
    loan = paid_out()
    pay(loan, 100_000)
    for days in (10, 31, 40, 65):
        day = TODAY + timedelta(days=days)
        rows = delinquency.facts(day)
        left = sum(amount for _, due, amount, _ in rows.instalments if due < day.toordinal())
        paid = sum(minor for _, minor in rows.payments)
        state = servicing_queries.account_on(loan, day)
        assert state.overdue_minor == max(left - paid, 0)


@pytest.mark.django_db
def test_a_payment_on_an_imported_card_account_lowers_what_is_owed() -> None:
    loan = factories.late_loan(factories.borrower(), minor=50_000)
    with clock.use(clock.ManualClock(NOW)):
        take_payment(
            loan_id=loan.public_id,
            amount_minor=20_000,
            currency="CNY",
            value_date=TODAY,
            source="bank",
            source_id="1",
            actor="test",
        )
    assert servicing_queries.account_on(loan, TODAY).overdue_minor == 30_000


@pytest.mark.django_db(transaction=True)
def test_eight_workers_with_one_payment_book_it_once() -> None:
    loan = paid_out()
    barrier = Barrier(8)

    def work(_: int) -> str:
        barrier.wait()
        try:
            return take(loan, 7_000, key="once").public_id
        finally:
            connection.close()

    with clock.use(clock.ManualClock(LATER)), ThreadPoolExecutor(8) as pool:
        taken = set(pool.map(work, range(8)))
    assert len(taken) == 1
    assert Payment.objects.count() == 1
    assert ledger.is_balanced()
