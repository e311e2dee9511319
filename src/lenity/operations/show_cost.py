"""A lender states what a loan will cost in all, for a borrower to read and confirm before she signs."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

from lenity.base import canonical
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.servicing import caps, cost_statement
from lenity.domain.servicing.allocation import Rule
from lenity.domain.servicing.caps import Licence
from lenity.domain.servicing.terms import Terms
from lenity.gateways import ids
from lenity.law import reader
from lenity.operations import servicing, unit
from lenity.records.lending import writes
from lenity.records.lending.models import CostStatement
from lenity.records.people import queries as people


def show_cost(
    *,
    borrower_id: str,
    terms: Terms,
    actor: str,
    rule: Rule | None = None,
    licence: Licence = Licence.MICROLOAN,
    contingent: Mapping[str, int] | None = None,
) -> CostStatement:
    """Keep the statement (CN-MSCB-2026). `contingent` is the most that a charge for lateness may be, by component.

    What costs more than the ceiling of the place is not even shown.
    """
    rule = rule or Rule()
    with unit.of_work(operation="show_cost", actor=actor) as work:
        borrower = servicing.needed(people.find_borrower(borrower_id), "borrower", borrower_id)
        place, today = borrower.jurisdiction, servicing.today(borrower.jurisdiction)
        book = reader.rulebook(place)
        if over := caps.above(terms, caps.cap(book, place, licence, today)):
            raise InputRefused(
                [Problem("terms.annual_rate_percent", str(over), "Lower the rate or the fees.")]
            )
        said = cost_statement.of(
            terms, rule, contingent or {}, settings.LENITY_LENDER_NAMES[borrower.language]
        )
        text = canonical.text(said)
        made = writes.add_cost_statement(
            public_id=ids.public_id(),
            borrower=borrower,
            text=text,
            digest=canonical.digest(text),
            read_seconds=cost_statement.seconds(book, today),
            made_at=work.now,
            made_by=actor,
        )
        work.record(
            subject_kind="cost_statement",
            subject_id=made.public_id,
            borrower_id=borrower.public_id,
            body={
                "digest": made.digest,
                "annual_percent": said["annual_percent"],
                "total_minor": said["total_minor"],
            },
        )
        return made
