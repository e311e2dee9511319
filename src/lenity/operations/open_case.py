"""A collector opens a case: the look-up itself is recorded."""

from __future__ import annotations

from dataclasses import dataclass

from lenity.gateways import clock
from lenity.operations import unit
from lenity.records.debt_collection import gate_queries, queries
from lenity.records.people.models import Borrower


@dataclass(frozen=True)
class CaseView:
    """What a collector may see of a case: no identity number, no full number or address."""

    borrower_id: str
    home: queries.HomeView
    lights: list[gate_queries.Light]
    contacts: list[queries.ContactView]


def open_case(*, borrower_id: str, actor: str) -> CaseView | None:
    """The case of one borrower; None when there is no such borrower."""
    if not Borrower.objects.filter(public_id=borrower_id).exists():
        return None
    with unit.of_work(operation="open_case", actor=actor) as work:
        view = CaseView(
            borrower_id,
            queries.home(borrower_id, work.now, clock.business_day),
            gate_queries.lights(borrower_id, work.now),
            queries.case_contacts(borrower_id),
        )
        work.record(
            subject_kind="case", subject_id=borrower_id, borrower_id=borrower_id, body={"looked_up": True}
        )
        return view
