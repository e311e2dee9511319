"""A helper's program reads a part of a borrower's record: noted as a page is, for the borrower to see."""

from __future__ import annotations

from datetime import timedelta

from lenity.operations import servicing, unit
from lenity.records.arrangements import helper_queries, writes

APART = timedelta(minutes=1)
"""A program makes several calls for one look: within this time they are one reading in the borrower's list."""


def note_helper_reading(*, helper_id: str, part: str) -> bool:
    """Note the reading; returns whether it is a new one in her list. The log has every call with its part."""
    with unit.of_work(operation="note_helper_reading", actor="helper") as work:
        helper = servicing.needed(helper_queries.helper_by_id(helper_id), "helper", helper_id)
        new = not helper_queries.read_since(helper, work.now - APART)
        if new:
            writes.add_helper_reading(helper, read_at=work.now)
        work.record(
            subject_kind="helper",
            subject_id=helper_id,
            borrower_id=helper.borrower.public_id,
            body={"read": [part], "by": "program", "new": new},
        )
        return new
