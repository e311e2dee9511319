"""Two equal postings at once give one posting and one answer; a check before the lock alone is seen to fail."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from typing import Any

import pytest
from django.db import IntegrityError, connections

from lenity.base.outcomes import InputRefused
from lenity.domain.servicing import relief
from lenity.domain.servicing.relief import Kind
from lenity.domain.servicing.terms import Terms
from lenity.gateways import clock
from lenity.operations import servicing
from lenity.operations.charge import charge
from lenity.operations.prepay import prepay
from lenity.operations.restart_limitation import restart_limitation
from lenity.records.audit.models import AuditEvent
from lenity.records.ledger import queries as ledger
from lenity.records.lending import servicing_queries
from lenity.records.lending.models import Loan, LoanFact, Payment
from tests import factories
from tests.factories import disburse

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
WORKERS = 2


def _loan() -> Loan:
    return disburse(
        borrower_id=factories.borrower().public_id,
        account_number="A-1",
        product="instalment",
        terms=Terms("CNY", 1_200_000, Fraction(12, 100), factories.MORNING.date(), 12),
        actor="test",
    )


def _payoff(loan: Loan) -> int:
    return relief.payoff_minor(servicing_queries.account_on(loan, factories.MORNING.date()))


def _charged(loan: Loan) -> Any:
    return charge(
        loan_id=loan.public_id,
        component="fee",
        amount_minor=500,
        currency="CNY",
        reason="card",
        key="1",
        actor="test",
    )


def _restarted(loan: Loan) -> Any:
    return restart_limitation(loan_id=loan.public_id, by="demand", key="1", reason="letter", actor="test")


def _prepaid(loan: Loan) -> Any:
    return prepay(
        loan_id=loan.public_id,
        kind=Kind.SHORTER_TERM,
        amount_minor=300_000,
        currency="CNY",
        key="1",
        actor="test",
    )


def _settled(loan: Loan, payoff: int) -> Any:
    return prepay(
        loan_id=loan.public_id, kind=Kind.PAYOFF, amount_minor=payoff, currency="CNY", key="1", actor="test"
    )


def _at_once(act: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Both look before either writes: the worst that can happen between a look and a lock."""
    barrier = threading.Barrier(WORKERS, timeout=20)
    waited = threading.local()

    def looked(real: Callable[..., Any]) -> Callable[..., Any]:
        def look(*arguments: Any) -> Any:
            found = real(*arguments)
            if not getattr(waited, "done", False):
                waited.done = True
                barrier.wait()
            return found

        return look

    monkeypatch.setattr(servicing_queries, "fact_by_source", looked(servicing_queries.fact_by_source))
    monkeypatch.setattr(servicing_queries, "payment_by_source", looked(servicing_queries.payment_by_source))

    def run(_: int) -> Any:
        try:
            with clock.use(clock.ManualClock(factories.MORNING)):
                return act()
        except Exception as error:  # the test tells what came
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(run, range(WORKERS)))


ACTS = {"charge": _charged, "limitation": _restarted, "prepayment": _prepaid, "payoff": _settled}


def _act(name: str) -> Callable[[], Any]:
    with clock.use(clock.ManualClock(factories.MORNING)):
        loan = _loan()
        payoff = _payoff(loan)
    return lambda: ACTS[name](loan, payoff) if name == "payoff" else ACTS[name](loan)


@pytest.mark.parametrize("name", ACTS)
def test_the_second_gets_what_the_first_did(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    act = _act(name)
    events = AuditEvent.objects.count()
    first, second = _at_once(act, monkeypatch)
    assert first.public_id == second.public_id, (first, second)
    assert AuditEvent.objects.count() == events + 1
    assert LoanFact.objects.count() == 1
    assert Payment.objects.count() == (name in ("prepayment", "payoff"))
    assert ledger.is_balanced()


@pytest.mark.parametrize("name", ACTS)
def test_a_look_before_the_lock_alone_is_not_enough(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The way it was: kept, because a race that was never seen to fail proves nothing."""
    monkeypatch.setattr(servicing, "once", lambda known, act: known() or act())
    answers = _at_once(_act(name), monkeypatch)
    assert sum(isinstance(one, (IntegrityError, InputRefused)) for one in answers) == 1, answers
