"""No loan is paid out before its cost was read and confirmed, and nothing is charged that it did not list."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from lenity.base.outcomes import InputRefused
from lenity.domain.servicing import cost_statement
from lenity.domain.servicing.allocation import Rule
from lenity.domain.servicing.terms import ChargeKind, PlannedCharge, Terms, replaced
from lenity.gateways import clock
from lenity.law import reader
from lenity.operations.charge import charge
from lenity.operations.confirm_cost import confirm_cost
from lenity.operations.disburse import disburse
from lenity.operations.show_cost import show_cost
from lenity.records.lending.models import CostStatement, CostStep, Loan, LoanCost
from lenity.records.people.models import Borrower
from tests import factories, world

pytestmark = [pytest.mark.database, pytest.mark.django_db]
TODAY = factories.MORNING.date()
FEE = PlannedCharge(ChargeKind.FEE, 3_000, "disbursement", "service")
TERMS = Terms("CNY", 1_200_000, Fraction(12, 100), TODAY, 12, charges=(FEE,))


@pytest.fixture(autouse=True)
def now() -> Iterator[clock.ManualClock]:
    with clock.use(clock.ManualClock(factories.MORNING)) as running:
        yield running


def show(owner: Borrower, **more: Any) -> CostStatement:
    asked: dict[str, Any] = {"terms": TERMS, "contingent": {"late_fee": 2_000}, "actor": "test"}
    return show_cost(borrower_id=owner.public_id, **(asked | more))


def step(made: CostStatement, name: str, **more: Any) -> None:
    confirm_cost(statement_id=made.public_id, step=name, **({"actor": "test"} | more))


def pay_out(owner: Borrower, cost: str = "", **more: Any) -> Loan:
    asked: dict[str, Any] = {"account_number": "A-1", "product": "loan", "terms": TERMS, "actor": "test"}
    return disburse(borrower_id=owner.public_id, cost=cost, **(asked | more))


def test_the_statement_lists_all_that_is_paid(now: clock.ManualClock) -> None:
    said = json.loads(show(factories.borrower()).text)
    assert [one["kind"] for one in said["items"]] == ["interest", "fee"]
    assert said["total_minor"] == said["principal_minor"] + sum(one["minor"] for one in said["items"])
    assert said["total_minor"] == sum(minor for _, minor in said["rows"])
    assert said["contingent"] == {"late_fee": 2_000}
    assert float(said["annual_percent"]) > 12


def test_read_for_twenty_seconds_then_confirmed_then_paid_out(now: clock.ManualClock) -> None:
    owner = factories.borrower()
    made = show(owner)
    with pytest.raises(InputRefused, match="was not opened"):
        step(made, "confirmed")
    step(made, "opened", borrower_id=owner.public_id)
    now.advance(timedelta(seconds=19, milliseconds=999))
    with pytest.raises(InputRefused, match="can be confirmed from"):
        step(made, "confirmed")
    with pytest.raises(InputRefused, match="CN-MSCB-2026"):
        pay_out(owner, made.public_id)
    now.advance(timedelta(milliseconds=1))
    step(made, "confirmed", borrower_id=owner.public_id)
    step(made, "confirmed", borrower_id=owner.public_id)
    assert CostStep.objects.filter(step="confirmed").count() == 1
    loan = pay_out(owner, made.public_id)
    assert loan.cost.statement == made


def test_opening_again_does_not_start_the_time_anew(now: clock.ManualClock) -> None:
    made = show(factories.borrower())
    step(made, "opened")
    now.advance(timedelta(seconds=20))
    step(made, "opened")
    step(made, "confirmed")


@pytest.mark.parametrize(("day", "is_asked"), [("2026-07-31", False), ("2026-08-01", True)])
def test_the_last_day_without_and_the_first_with(now: clock.ManualClock, day: str, is_asked: bool) -> None:
    now.move_to(datetime.fromisoformat(f"{day}T04:00").replace(tzinfo=UTC))
    owner = factories.borrower()
    terms = replaced(TERMS, disbursed_on=now.now().date())
    assert cost_statement.is_asked_for(reader.rulebook("CN"), terms.disbursed_on) is is_asked
    if not is_asked:
        assert pay_out(owner, terms=terms)
        return
    with pytest.raises(InputRefused, match="CN-MSCB-2026"):
        pay_out(owner, terms=terms)


def test_other_places_ask_for_none() -> None:
    assert not cost_statement.is_asked_for(reader.rulebook("US"), TODAY)
    assert show(factories.borrower(jurisdiction="HK")).read_seconds == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"terms": replaced(TERMS, annual_rate=Fraction(13, 100))},
        {"terms": replaced(TERMS, charges=())},
        {"rule": Rule(late_rate=Fraction(1, 10))},
    ],
)
def test_a_statement_is_for_exactly_its_terms(changes: dict[str, Any]) -> None:
    owner = factories.borrower()
    made = show(owner)
    step(made, "signed")
    with pytest.raises(InputRefused, match="other terms"):
        pay_out(owner, made.public_id, **changes)


def test_a_statement_serves_one_loan_of_its_own_borrower() -> None:
    owner, other = factories.borrower(), factories.borrower()
    made = show(owner)
    step(made, "signed")
    with pytest.raises(InputRefused, match="was confirmed by the borrower"):
        pay_out(other, made.public_id)
    pay_out(owner, made.public_id)
    with pytest.raises(InputRefused, match="another loan"):
        pay_out(owner, made.public_id, account_number="A-2")


@pytest.mark.parametrize(
    ("component", "minor", "free"), [("late_fee", 2_000, True), ("late_fee", 2_001, False), ("fee", 1, False)]
)
def test_nothing_is_charged_that_is_not_listed(component: str, minor: int, free: bool) -> None:
    owner = factories.borrower()
    made = show(owner)
    step(made, "signed")
    loan = pay_out(owner, made.public_id)
    asked: dict[str, Any] = {"loan_id": loan.public_id, "component": component, "amount_minor": minor}
    asked |= {"currency": "CNY", "key": "k", "reason": "late", "actor": "test"}
    if free:
        assert charge(**asked)
        return
    with pytest.raises(InputRefused, match="CN-MSCB-2026"):
        charge(**asked)


@pytest.mark.parametrize("contingent", [{"gift": 1}, {"fee": 0}, {"fee": 10**18}])
def test_what_may_come_has_a_name_and_an_amount(contingent: dict[str, int]) -> None:
    with pytest.raises(InputRefused, match="A charge that may come"):
        show(factories.borrower(), contingent=contingent)


def test_above_the_ceiling_nothing_is_shown() -> None:
    with pytest.raises(InputRefused, match="CN-XD-2025-COST"):
        show(factories.borrower(), terms=replaced(TERMS, annual_rate=Fraction(25, 100)))


def test_the_database_wants_it_read_and_agreed(now: clock.ManualClock) -> None:
    owner, other = factories.borrower(), factories.borrower()
    made = show(owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        CostStep.objects.create(statement=made, step="confirmed", at=now.now(), by="x")
    loan = factories.late_loan(owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        LoanCost.objects.create(loan=loan, statement=made)
    step(made, "signed")
    with pytest.raises(IntegrityError), transaction.atomic():
        LoanCost.objects.create(loan=factories.late_loan(other), statement=made)
    for change in (lambda: CostStatement.objects.update(text="{}"), lambda: CostStep.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_is_opened_read_and_confirmed(now: clock.ManualClock, language: str) -> None:
    owner = factories.borrower()
    made = show(owner)
    client = world.as_borrower(owner)
    client.cookies["django_language"] = language
    address = f"/costs/{made.public_id}/"
    assert made.public_id in client.get("/costs/").content.decode()
    assert "2,000" not in client.get(address).content.decode()
    assert client.post(address, {"step": "confirmed", "agree": "yes"}).status_code == 422
    assert client.post(address, {"step": "signed", "agree": "yes"}).status_code == 422
    assert client.post(address, {"step": "opened"}).status_code == 302
    text = client.get(address).content.decode()
    assert (
        "个人贷款业务明示综合融资成本规定" in text
        or "Rules on disclosing the comprehensive financing cost" in text
    )
    assert json.loads(made.text)["annual_percent"] in text
    assert client.post(address, {"step": "confirmed", "agree": "yes"}).status_code == 422
    now.advance(timedelta(seconds=20))
    assert client.post(address, {"step": "confirmed"}).status_code == 422
    assert client.post(address, {"step": "confirmed", "agree": "yes"}).status_code == 302
    assert CostStep.objects.filter(step="confirmed").exists()
    stranger = world.as_borrower(factories.borrower(name="别人"))
    assert stranger.get(address).status_code == 404
    assert Client().get(address).status_code == 302
