"""Many late loans are placed with an agency at once: chosen by stage and product, held ones left out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time

from django.db import IntegrityError

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import clock
from lenity.operations import noticing, placing, servicing, unit
from lenity.records.debt_collection import gate_rows, placement_queries, transfer_queries
from lenity.records.intake import queries as intake
from lenity.records.lending.models import Loan

MOST = 2000


@dataclass(frozen=True)
class Placed:
    """How many loans were placed."""

    loans: int


def place_loans(
    *,
    agency: str,
    stage: str,
    product: str,
    at_most: int,
    channels: tuple[str, ...],
    opens: time,
    closes: time,
    until: date,
    actor: str,
) -> Placed:
    """Place late loans of a stage, the most overdue first. Each contact still goes through the gate.

    A loan whose borrower has a plan, promise, dispute, complaint or another stop is left out, one that is
    placed already, and one of which the gate says that it may not be placed. The notices that placing calls for
    are asked of the gate. One audit event a loan and a notice, all in one transaction.
    """
    with _placed_once(), unit.of_work(operation="place_loan", actor=actor, of_parts=True) as work:
        client = servicing.needed(intake.client_by_name(agency), "agency", agency)
        within = placing.Within(channels, opens, closes, until)
        problems = within.problems(client, clock.business_day("CN"))
        if not 1 <= at_most <= MOST:
            problems.append(Problem("placement.most", f"At a time 1 to {MOST} loans."))
        if problems:
            raise InputRefused(problems)
        loans = _free(list(placement_queries.placeable(stage, product, work.now)[:at_most]), work)
        if not loans:
            raise InputRefused([Problem("placement.none", "No loan of this choice can be placed.")])
        for loan in loans:
            placing.place(work, loan, agency, within)
        noticing.tell(work, [one.public_id for one in loans])
    return Placed(len(loans))


def _free(loans: list[Loan], work: unit.Work) -> list[Loan]:
    """Those that may be placed: what came in since the close counts, and every state of the debt."""
    days = {one.borrower.jurisdiction: clock.business_day(one.borrower.jurisdiction) for one in loans}
    settled: set[int] = set()
    for place, day in days.items():
        here = [one.pk for one in loans if one.borrower.jurisdiction == place]
        settled |= {pk for pk, minor in gate_rows.overdue_minor(here, day).items() if minor <= 0}
    asked = transfer_queries.certificates(loans, settled, work.now)
    return [one for one in loans if asked[one.pk].verdict == "allowed"]


@contextmanager
def _placed_once() -> Iterator[None]:
    """Two administrators may choose the same loans at once: the database lets one through."""
    try:
        yield
    except IntegrityError as error:
        says = "A loan of this choice was placed at the same moment."
        raise InputRefused([Problem("placement.loan", says, "Look at the choice again.")]) from error
