"""Many late loans are placed with an agency at once: chosen by stage and product, held ones left out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time

from django.db import IntegrityError

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import clock, ids
from lenity.operations import servicing, unit
from lenity.records.debt_collection import placement_queries, writes
from lenity.records.intake import queries as intake

CHANNELS = ("sms", "email", "call", "letter")
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

    A loan whose borrower has a plan, promise, dispute, complaint or another stop is left out, and one that is
    placed already. One audit event a loan, all in one transaction.
    """
    with _placed_once(), unit.of_work(operation="place_loan", actor=actor, of_parts=True) as work:
        client = servicing.needed(intake.client_by_name(agency), "agency", agency)
        problems = []
        if "contacts" not in client.scopes or client.revoked_at is not None:
            problems.append(Problem("placement.agency", "The agency has no scope contacts."))
        if not channels or set(channels) - set(CHANNELS):
            problems.append(Problem("placement.channels", f"Channels are: {', '.join(CHANNELS)}."))
        if opens >= closes:
            problems.append(Problem("placement.hours", "The hours end before they begin."))
        if until < clock.business_day("CN"):
            problems.append(Problem("placement.until", "The last day is in the past."))
        if not 1 <= at_most <= MOST:
            problems.append(Problem("placement.most", f"At a time 1 to {MOST} loans."))
        if problems:
            raise InputRefused(problems)
        loans = placement_queries.placeable(stage, product, work.now)[:at_most]
        if not loans:
            raise InputRefused([Problem("placement.none", "No loan of this choice can be placed.")])
        for loan in loans:
            placement = writes.add_placement(
                public_id=ids.public_id(),
                agency=agency,
                loan=loan,
                channels=channels,
                hours=(opens, closes),
                until=until,
                placed_at=work.now,
            )
            body = {"agency": agency, "loan": loan.public_id, "channels": list(channels)}
            work.record(
                subject_kind="placement",
                subject_id=placement.public_id,
                borrower_id=loan.borrower.public_id,
                body={**body, "until": until.isoformat()},
            )
    return Placed(len(loans))


@contextmanager
def _placed_once() -> Iterator[None]:
    """Two administrators may choose the same loans at once: the database lets one through."""
    try:
        yield
    except IntegrityError as error:
        says = "A loan of this choice was placed at the same moment."
        raise InputRefused([Problem("placement.loan", says, "Look at the choice again.")]) from error
