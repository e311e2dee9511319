"""Our own book as months: imported ones, those of the close, what was paid in them; and models learned from it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lenity.base.outcomes import InputRefused
from lenity.domain.scoring import model as models
from lenity.gateways import clock, ids
from lenity.interfaces.cli import score
from lenity.operations.close_day import close_day
from lenity.operations.take_payment import take_payment
from lenity.records.debt_collection import cure_queries, own_book_queries
from lenity.records.delinquency.models import LoanPosition, MonthEnd
from lenity.records.lending.models import Loan, LoanMonth, Payment
from tests import factories
from tests.operations import test_cures

DAY = factories.MORNING.date()
SEPTEMBER, OCTOBER = date(2026, 9, 30), date(2026, 10, 31)
pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def now() -> Iterator[clock.ManualClock]:
    with clock.use(clock.ManualClock(factories.MORNING)) as running:
        yield running


def _pay(loan: Loan, minor: int, day: date) -> str:
    take_payment(
        loan_id=loan.public_id,
        amount_minor=minor,
        currency="CNY",
        value_date=day,
        source="test",
        source_id=ids.public_id(),
        actor="test",
    )
    return Payment.objects.latest("pk").public_id


def test_months_of_the_close_go_on_where_an_imported_book_ends() -> None:
    loan = factories.late_loan(factories.borrower(), days_late=80, minor=90_000)
    LoanMonth.objects.create(
        loan=loan, month_end=date(2026, 8, 31), months_late=0, billed_minor=800, paid_minor=70
    )
    LoanMonth.objects.create(loan=loan, month_end=SEPTEMBER, months_late=1, billed_minor=900, paid_minor=10)
    _pay(loan, 5_000, date(2026, 10, 1))
    _pay(loan, 2_000, date(2026, 10, 31))
    _pay(loan, 1_000, date(2026, 11, 1))
    for day in (SEPTEMBER, OCTOBER):
        close_day(business_date=day, actor="test")
    balance = MonthEnd.objects.get(loan=loan, month_end=OCTOBER).balance_minor
    late = MonthEnd.objects.get(loan=loan, month_end=OCTOBER).months_late
    assert late > 0
    rows = list(own_book_queries.book())
    assert {one.client for one in rows} == {loan.borrower.public_id}
    assert [tuple(one)[2:] for one in rows] == [
        ("2026-08", 0, 800, 70, 5_000_000),
        ("2026-09", 1, 900, 10, 5_000_000),
        ("2026-10", late, balance, 7_000, 5_000_000),
    ]


def test_what_was_taken_back_was_not_paid() -> None:
    loan = factories.late_loan(factories.borrower(), days_late=80)
    with clock.use(clock.ManualClock(factories.MORNING - timedelta(days=35))):
        factories.reverse(_pay(loan, 5_000, date(2026, 10, 2)))
    _pay(loan, 300, date(2026, 10, 25))
    close_day(business_date=OCTOBER, actor="test")
    [row] = own_book_queries.book()
    assert row.paid == 300


def test_an_estimate_reads_months_of_the_close_too() -> None:
    loan = factories.late_loan(factories.borrower(), days_late=30)
    test_cures.in_force(test_cures.model())
    for day in (SEPTEMBER, OCTOBER, DAY):
        close_day(business_date=day, actor="test")
    assert LoanPosition.objects.get(loan=loan).days_past_due == 30
    # In September she was not late: by the model's table 96 of 100 such loans are cured.
    assert cure_queries.estimates(DAY)[loan.pk].ppm == 960_000
    assert cure_queries.estimates(DAY + timedelta(days=60)) == {}


def _book(clients: int) -> None:
    """Clients of two loans each, over nine months."""
    for number in range(clients):
        owner = factories.borrower(name=f"客户{number}")
        for which in range(2):
            loan = factories.late_loan(owner)
            late = 0
            rows = []
            for month in range(1, 10):
                draw = (number * 31 + which * 17 + month * 7) % 10
                late = (1 if draw < 4 else 0) if not late else (0 if draw < 5 else late + 1)
                rows.append(
                    LoanMonth(loan=loan, month_end=date(2026, month, 28), months_late=late,
                              billed_minor=9_000, paid_minor=100 * draw)
                )  # fmt: skip
            LoanMonth.objects.bulk_create(rows)


def test_a_model_of_cures_learns_from_our_own_book(tmp_path: Path) -> None:
    _book(110)
    model, run = tmp_path / "cure.json", CliRunner()
    made = run.invoke(score.app, ["collections", "train", "--book", str(model), "--json"])
    assert made.exit_code == 0, repr(made.exception)
    read = models.read(model.read_text("utf-8"))
    assert (read.use, read.of_people_left_alone) == (models.CURE, False)
    assert read.plain["training"]["contacts"].startswith("unknown")
    told = json.loads(
        run.invoke(score.app, ["collections", "report", "--book", "--model", str(model), "--json"]).stdout
    )
    assert told["clients"] <= 110 < told["rows"]
    assert told["source"]["zh"] == "本行账簿"
    out = run.invoke(score.app, ["collections", "rows", "--book", str(tmp_path / "rows.csv")])
    assert json.loads(out.stdout)["rows"] == told["rows"]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (["train", "--book", "a.csv", "b.json"], "not both"),
        (["train", "b.json"], "not both"),
        (["report", "a.csv", "--book"], "not both"),
        (["report"], "not both"),
        (["rows", "--book", "--form", "loans", "rows.csv"], "Our own book has months"),
        (["rows", "--book", "rows.csv"], "No late loan"),
    ],
)
def test_a_file_or_the_book(
    call: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(score.app, ["collections", *call])
    assert isinstance(done.exception, InputRefused)
    assert says in str(done.exception)
