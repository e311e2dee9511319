"""A borrower lowers her points, never raises them; strategy and gate keep to them; the choice is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from lenity.base.outcomes import InputRefused
from lenity.domain.debt_collection import strategy
from lenity.gateways import clock
from lenity.operations.close_day import close_day
from lenity.operations.lower_stress_budget import lower_stress_budget
from lenity.operations.plan_contacts import plan_contacts
from lenity.operations.request_contact import request_contact
from lenity.records.debt_collection import gate_queries, strategy_queries
from lenity.records.debt_collection.models import Contact, Spending
from lenity.records.lending.models import Loan
from lenity.records.people.models import Borrower
from tests import factories

DAY = factories.MORNING.date()
pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def now() -> Iterator[clock.ManualClock]:
    with clock.use(clock.ManualClock(factories.MORNING)) as running:
        yield running


@pytest.fixture
def owner() -> Borrower:
    made = factories.borrower()
    factories.contact_point(made)
    factories.late_loan(made)
    factories.late_loan(made, days_late=20)
    return made


def ask(owner: Borrower) -> str:
    made = request_contact(
        borrower_id=owner.public_id,
        channel="sms",
        purpose="collection",
        point_id=owner.contact_points.get().public_id,
        loan_ids=(Loan.objects.filter(borrower=owner).order_by("id")[0].public_id,),
        template="",
        actor="test",
    )
    return f"{made.verdict} {made.decision.leading_provision}"


def test_lowered_points_hold_at_the_gate_and_in_the_gauge_and_can_be_taken_back(owner: Borrower) -> None:
    gauge = strategy_queries.gauge(owner.public_id, clock.now())
    assert (gauge.used, gauge.budget, gauge.house, gauge.left) == (0, 12, 12, 12)
    lower_stress_budget(borrower_id=owner.public_id, points=1, actor="borrower")
    assert strategy_queries.gauge(owner.public_id, clock.now()).budget == 1
    assert ask(owner) == "refused HOUSE-STRESS"
    lower_stress_budget(borrower_id=owner.public_id, points=12, actor="borrower")
    assert ask(owner).startswith("allowed")
    gauge = strategy_queries.gauge(owner.public_id, clock.now())
    assert (gauge.used, gauge.budget) == (2, 12)


@pytest.mark.parametrize("points", [-1, 13, True])
def test_never_above_the_house(owner: Borrower, points: int) -> None:
    with pytest.raises(InputRefused, match="0 to 12"):
        lower_stress_budget(borrower_id=owner.public_id, points=points, actor="borrower")


def test_a_plan_tells_both_debts_at_once_and_what_it_spent_is_kept(owner: Borrower) -> None:
    close_day(business_date=DAY, actor="test")
    made = plan_contacts(treatment=strategy.shipped(), on_date=DAY, actor="test")
    assert [len(wish.loan_ids) for wish in made.wishes] == [2]
    assert (made.borrowers, made.points_before, made.points_spent, made.points_left) == (1, 12, 2, 10)
    again = plan_contacts(treatment=strategy.shipped(), on_date=DAY, actor="test")
    assert again.wishes == made.wishes
    kept = Spending.objects.get()
    assert (kept.points_before, kept.points_spent, len(kept.chosen[0]["loans"])) == (12, 2, 2)
    with pytest.raises(DatabaseError), transaction.atomic():
        Spending.objects.update(points_spent=0)


def test_nothing_is_wished_for_without_points(owner: Borrower) -> None:
    close_day(business_date=DAY, actor="test")
    lower_stress_budget(borrower_id=owner.public_id, points=0, actor="borrower")
    made = plan_contacts(treatment=strategy.shipped(), on_date=DAY, actor="test")
    assert (made.wishes, made.passed_over) == ((), 1)


def test_the_gauge_counts_local_days_as_the_gate_does(owner: Borrower, now: clock.ManualClock) -> None:
    """The week of a contact ends at midnight in Shanghai, 16:00 in UTC: the last instant and the first after."""
    assert ask(owner).startswith("allowed")
    freed = factories.MORNING.replace(hour=16, minute=0) + timedelta(days=6)
    for at, used in ((freed - timedelta(microseconds=1), 2), (freed, 0)):
        now.move_to(at)
        assert strategy_queries.gauge(owner.public_id, at).used == used
        assert _at_gate(owner) == str(used)


def _at_gate(owner: Borrower) -> str:
    ask(owner)
    decision = Contact.objects.filter(borrower=owner).latest("id").decision
    certificate = gate_queries.certificate_of(decision)
    [stress] = [one for one in certificate["provisions"] if one["id"] == "HOUSE-STRESS"]
    return str(stress["facts_used"]["used"])
