"""A model of cures in force: who is likely to pay alone is left alone, and why is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from lenity.base.outcomes import InputRefused
from lenity.domain.debt_collection import strategy
from lenity.domain.scoring import model as models
from lenity.gateways import clock
from lenity.operations.approve_change import approve_change
from lenity.operations.close_day import close_day
from lenity.operations.decide_applications import decide_applications
from lenity.operations.plan_contacts import plan_contacts
from lenity.operations.propose_change import propose_change
from lenity.operations.record_score_report import record_score_report
from lenity.records.debt_collection import cure_queries
from lenity.records.debt_collection.models import Spending
from lenity.records.lending.models import Loan, LoanMonth
from lenity.records.scoring import queries as scoring
from lenity.records.scoring.models import ScoreReport
from tests import factories

DAY = factories.MORNING.date()
pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def now() -> Iterator[clock.ManualClock]:
    with clock.use(clock.ManualClock(factories.MORNING)) as running:
        yield running


def model(contacts: str = models.BY_LOT, use: str = "cure") -> str:
    """One table: who was late the month before stays late; who was not is cured in 96 of 100."""
    return json.dumps(
        {
            "format": models.FORMAT,
            "name": "cures",
            "use": use,
            "intercept": 600,
            "features": [{"name": "before", "operation": "column", "columns": ["late_1"]}],
            "terms": [
                {
                    "name": "before",
                    "features": ["before"],
                    "cuts": [[1]],
                    "points": [0, 10, -10],
                    "reference": 0,
                    "reason": "r",
                }
            ],
            "reasons": {"r": {"zh": "此前逾期", "en": "Late before"}},
            "default": {"first_score": 590, "ppm": [900_000, *[500_000] * 19, 40_000]},
            "training": {"contacts": contacts},
        }
    )


def in_force(text: str) -> None:
    one, two = factories.staff("risk"), factories.staff("risk")
    made = propose_change(
        kind="model_activation", subject_id="", payload={"text": text}, reason="First model.", actor=one
    )
    approve_change(proposal_id=made.public_id, digest=made.digest, reason="Read it.", actor=two)


def months(loan: Loan, *newest_first: int, last: date | None = None) -> None:
    year, month = (last or DAY).year, (last or DAY).month
    for back, late in enumerate(newest_first, 1):
        at = year * 12 + month - 1 - back
        end = date(at // 12, at % 12 + 1, 28)
        LoanMonth.objects.create(
            loan=loan, month_end=end, months_late=late, billed_minor=1000, paid_minor=100
        )


@pytest.fixture
def loans() -> tuple[Loan, Loan]:
    """One borrower late for the first time, another late again."""
    first, again = factories.borrower(), factories.borrower(name="李小红")
    factories.contact_point(first)
    factories.contact_point(again, value="13900001234")
    one, two = factories.late_loan(first), factories.late_loan(again)
    months(one, 1, 0)
    months(two, 2, 1)
    close_day(business_date=DAY, actor="test")
    return one, two


def plan() -> Any:
    return plan_contacts(treatment=strategy.shipped(), on_date=DAY, actor="test")


def test_who_is_likely_to_pay_alone_is_left_alone_and_why_is_kept(loans: tuple[Loan, Loan]) -> None:
    before = plan()
    assert (len(before.wishes), before.left_alone, before.cure_model) == (2, 0, "")
    in_force(model())
    assert scoring.model_in_force("default") is None
    found = cure_queries.estimates(DAY)
    assert {loan: one.ppm for loan, one in found.items()} == {loans[0].pk: 960_000, loans[1].pk: 100_000}
    after = plan_contacts(treatment=_other(), on_date=DAY, actor="test")
    assert [wish.borrower_id for wish in after.wishes] == [loans[1].borrower.public_id]
    assert (after.left_alone, after.passed_over) == (1, 0)
    kept = Spending.objects.get(borrower=loans[0].borrower, strategy_digest="other")
    assert kept.chosen == []
    assert [(one["left_alone"], one["cures_ppm"]) for one in kept.passed_over] == [(True, [960_000])]


def _other() -> strategy.Strategy:
    """The same strategy by another digest: the first choice of a day stays."""
    return replace(strategy.shipped(), digest="other")


def test_a_model_of_treated_people_only_ranks(loans: tuple[Loan, Loan]) -> None:
    in_force(model(contacts="unknown: as the lender treated them"))
    made = plan()
    assert (len(made.wishes), made.left_alone) == (2, 0)
    worth = {row.borrower_id: row.chosen[0]["worth_minor"] for row in Spending.objects.all() if row.chosen}
    assert worth[loans[0].borrower_id] < worth[loans[1].borrower_id]


def test_a_loan_without_recent_months_is_not_estimated() -> None:
    owner = factories.borrower()
    factories.contact_point(owner)
    months(factories.late_loan(owner), 1, 0, last=date(DAY.year - 1, DAY.month, 1))
    factories.late_loan(owner)
    close_day(business_date=DAY, actor="test")
    in_force(model())
    assert cure_queries.estimates(DAY) == {}
    assert len(plan().wishes) == 1


def test_a_second_use_does_not_replace_the_first() -> None:
    in_force(model())
    in_force(model(use="default"))
    cure, default = scoring.model_in_force("cure"), scoring.model_in_force("default")
    assert cure is not None
    assert default is not None
    assert (json.loads(cure.content)["use"], json.loads(default.content)["use"]) == ("cure", "default")


def test_no_application_is_decided_by_a_model_of_cures() -> None:
    in_force(model())
    with pytest.raises(InputRefused, match="No model is in force"):
        decide_applications(rows=[], reference_column="ID", place="CN", currency="CNY", source="t", actor="t")


def test_a_report_is_kept_once_and_never_changed() -> None:
    content = {"rows": 3, "hazard": []}
    digest = record_score_report(kind="cures", content=content, model_text="", actor="t")
    assert record_score_report(kind="cures", content=content, model_text="", actor="t") == digest
    assert record_score_report(kind="watch", content=content, model_text=model(), actor="t") != digest
    assert ScoreReport.objects.count() == 2
    for change in (ScoreReport.objects.update, lambda **_: ScoreReport.objects.all()._raw_delete("default")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(content="{}")
    with pytest.raises(IntegrityError), transaction.atomic():
        ScoreReport.objects.create(kind="watch", digest="x", content="{}", recorded_at=clock.now())


def test_an_unfit_report_is_refused() -> None:
    for kind, text, content, says in (
        ("guess", "", {}, "one of"),
        ("watch", "", {}, "needs the model"),
        ("cures", "", {"x": "y" * 2_000_001}, "at most"),
    ):
        with pytest.raises(InputRefused, match=says):
            record_score_report(kind=kind, content=content, model_text=text, actor="t")
    assert not ScoreReport.objects.exists()
