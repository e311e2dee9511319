"""A borrower's helper reads, with her key, the parts that she was given; the borrower sees that she did."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from lenity.gateways import clock
from lenity.operations import unit
from lenity.records.arrangements import helper_queries, writes
from lenity.records.debt_collection import concern_queries, queries
from lenity.records.debt_collection.concern_queries import ConcernView
from lenity.records.debt_collection.queries import ContactView, HomeView
from lenity.records.lending import servicing_queries
from lenity.records.lending.servicing_queries import LoanRow, Offered


@dataclass(frozen=True)
class HelperPage:
    """What a key opens: whose helper reads, until when, and her parts; a part not given is empty."""

    helper: str
    parts: tuple[str, ...]
    until: date
    home: HomeView | None
    contacts: tuple[ContactView, ...]
    concerns: tuple[ConcernView, ...]
    plans: tuple[tuple[LoanRow, tuple[Offered, ...]], ...]


def read_as_helper(*, key: str) -> HelperPage | None:
    """Open the record by a key; None where it is none, has run out or was ended. Each reading is noted."""
    digest = hashlib.sha256(key.strip().encode()).hexdigest()
    found = helper_queries.by_key(digest, clock.business_day)
    if found is None:
        return None
    borrower = found.helper.borrower
    with unit.of_work(operation="read_as_helper", actor="helper") as work:
        writes.add_helper_reading(found.helper, read_at=work.now)
        work.record(
            subject_kind="helper",
            subject_id=found.helper.public_id,
            borrower_id=borrower.public_id,
            body={"read": list(found.parts)},
        )
    parts, today = set(found.parts), clock.business_day(borrower.jurisdiction)
    shown = queries.home(borrower.public_id, clock.now(), clock.business_day)
    return HelperPage(
        helper_queries.name_of(found.helper),
        tuple(found.parts),
        found.until,
        shown if "statement" in parts else None,
        tuple(queries.contacts(borrower.public_id)) if "contacts" in parts else (),
        tuple(concern_queries.concerns_of(borrower.public_id, today)) if "concerns" in parts else (),
        _plans(borrower.public_id, today) if "plans" in parts else (),
    )


def _plans(borrower_id: str, today: date) -> tuple[tuple[LoanRow, tuple[Offered, ...]], ...]:
    loans = servicing_queries.loans_of(borrower_id)
    return tuple((loan, tuple(servicing_queries.offered(loan, today))) for loan in loans)
