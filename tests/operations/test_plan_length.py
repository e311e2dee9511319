"""Every way to a plan keeps its longest time: staff, borrower, program, command line, and signing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from typer.testing import CliRunner

from lenity.base.outcomes import InputRefused
from lenity.domain.servicing.authority import Ask, Deal
from lenity.domain.servicing.plan import Kind, Request
from lenity.gateways import clock
from lenity.interfaces.cli import main
from lenity.operations.make_offer import make_offer
from lenity.operations.propose_plan import propose_plan
from lenity.records.arrangements import queries
from lenity.records.lending.models import Instalment, Loan
from tests import factories

pytestmark = [pytest.mark.database, pytest.mark.django_db]
TODAY = factories.MORNING.date()
SIXTY = Request(Kind.RE_AMORTISE, 60)
IN_TIME, TOO_LATE = date(2026, 12, 24), date(2026, 12, 25)
"""The next instalment; sixty from it end sixty months from today, and a day after that."""


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.use(clock.ManualClock(factories.MORNING)):
        yield


def card(following: date, *, place: str = "CN") -> Loan:
    """A card's account with one amount late and one to come."""
    loan = factories.late_loan(factories.borrower(jurisdiction=place), minor=600_000)
    schedule = loan.schedules.get()
    Instalment.objects.create(
        schedule=schedule,
        number=2,
        due_date=following,
        principal_minor=600_000,
        cum_before_minor=600_000,
    )
    return loan


def agree(loan: Loan, asked: Request) -> object:
    """Agreed with the borrower elsewhere and entered by two people."""
    factories.means(loan)
    return factories.agree_plan(loan, asked)


def propose(by: str) -> Callable[[Loan, Request], object]:
    def make(loan: Loan, asked: Request) -> object:
        who = factories.staff("supervisor") if by == "lender" else "test"
        return propose_plan(loan_id=loan.public_id, asked=asked, by=by, actor=who)

    return make


def offer(actor: str) -> Callable[[Loan, Request], object]:
    """Beyond a collector's authority it goes to a supervisor: it is refused before that."""

    def make(loan: Loan, asked: Request) -> object:
        who = actor if ":" in actor else factories.staff(actor)
        ask = Ask(Deal(asked.kind.value), asked.periods)
        return make_offer(loan_id=loan.public_id, ask=ask, why="hardship", actor=who)

    return make


PATHS = {
    "agreed elsewhere, by two people": agree,
    "proposed by the borrower": propose("borrower"),
    "proposed by the lender": propose("lender"),
    "offered by a collector": offer("collector"),
    "offered by a supervisor": offer("supervisor"),
    "offered by a program": offer("api:program"),
}


@pytest.mark.parametrize("way", PATHS.values(), ids=PATHS.keys())
@pytest.mark.parametrize(("place", "provision"), [("CN", "CN-XYK-70"), ("US", "HOUSE-PLAN")])
def test_every_way_keeps_the_limit(
    way: Callable[[Loan, Request], object], place: str, provision: str
) -> None:
    with pytest.raises(InputRefused) as refused:
        way(card(TOO_LATE, place=place), SIXTY)
    assert [(one.code, provision in one.says) for one in refused.value.problems] == [("plan.length", True)]


@pytest.mark.parametrize("way", [one for name, one in PATHS.items() if "program" not in name])
def test_sixty_months_to_the_day_are_free_on_every_way(way: Callable[[Loan, Request], object]) -> None:
    way(card(IN_TIME), SIXTY)


def test_an_amount_too_small_is_no_choice_and_cannot_be_signed() -> None:
    assert queries.choice(card(IN_TIME), "own-20000-0", TODAY) is not None
    assert queries.choice(card(TOO_LATE), "own-20000-0", TODAY) is None


def test_the_command_line_says_which_limit() -> None:
    asked = ["loan", "plan", card(TOO_LATE).public_id, "re_amortise", "--periods", "60"]
    result = CliRunner().invoke(main.build(), asked)
    assert isinstance(result.exception, InputRefused)
    assert "CN-XYK-70" in str(result.exception.problems)
