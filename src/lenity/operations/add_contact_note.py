"""A borrower writes down what happened in a contact; her words stand beside the lender's record."""

from __future__ import annotations

import hashlib

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import ids
from lenity.operations import servicing, unit
from lenity.records.debt_collection import voice_queries, voice_writes
from lenity.records.debt_collection.models import ContactNote

LONGEST = 2000


def add_contact_note(*, borrower_id: str, contact_id: str, text: str, actor: str) -> ContactNote:
    """Add a note to one of the borrower's own contacts; it is dated, sealed and never changed."""
    tidy = text.strip()
    if not 1 <= len(tidy) <= LONGEST:
        raise InputRefused([Problem("note.length", f"Write 1 to {LONGEST} signs.")])
    with unit.of_work(operation="add_contact_note", actor=actor) as work:
        contact = servicing.needed(voice_queries.own_contact(borrower_id, contact_id), "contact", contact_id)
        row = voice_writes.add_note(contact, public_id=ids.public_id(), text=tidy, noted_at=work.now)
        salt = ids.token()
        digest = hashlib.sha256(f"{salt}{tidy}".encode()).hexdigest()
        work.record(
            subject_kind="contact_note",
            subject_id=row.public_id,
            borrower_id=borrower_id,
            body={"contact": contact_id, "text": digest, "salt": salt},
        )
        return row
