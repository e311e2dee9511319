"""A borrower writes down what happened in a contact; her words stand beside the lender's record."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.debt_collection import voice
from lenity.gateways import ids
from lenity.operations import servicing, unit
from lenity.records.arrangements import writes as arrangements
from lenity.records.debt_collection import voice_queries, voice_writes
from lenity.records.debt_collection.models import ContactNote
from lenity.records.debt_collection.writes import lock_borrower

LONGEST = 2000
TWICE_WITHIN = timedelta(minutes=10)
"""The same words within this time are one note: the form was sent twice."""


def add_contact_note(
    *, borrower_id: str, contact_id: str, text: str, actor: str, files: Sequence[bytes] = ()
) -> ContactNote:
    """Add a note to one of the borrower's own contacts, with pictures or recordings; dated and sealed."""
    tidy = text.strip()
    if not 1 <= len(tidy) <= LONGEST:
        raise InputRefused([Problem("note.length", f"Write 1 to {LONGEST} signs.")])
    if wrong := voice.file_problem(files, recordings=True):
        raise InputRefused([Problem(wrong, "At most three pictures, PDFs or recordings of 1 MB each.")])
    with unit.of_work(operation="add_contact_note", actor=actor) as work:
        contact = servicing.needed(voice_queries.own_contact(borrower_id, contact_id), "contact", contact_id)
        lock_borrower(borrower_id)
        if not files and (again := voice_queries.same_note(contact, tidy, work.now - TWICE_WITHIN)):
            work.record(
                subject_kind="contact_note",
                subject_id=again.public_id,
                borrower_id=borrower_id,
                body={"again": True},
            )
            return again
        row = voice_writes.add_note(contact, public_id=ids.public_id(), text=tidy, noted_at=work.now)
        digests = [hashlib.sha256(content).hexdigest() for content in files]
        for content, digest in zip(files, digests, strict=True):
            arrangements.add_note_file(
                row,
                public_id=ids.public_id(),
                media_type=voice.media_type(content, recordings=True),
                content=content,
                digest=digest,
                recorded_at=work.now,
            )
        salt = ids.token()
        sealed = hashlib.sha256(f"{salt}{tidy}".encode()).hexdigest()
        work.record(
            subject_kind="contact_note",
            subject_id=row.public_id,
            borrower_id=borrower_id,
            body={"contact": contact_id, "text": sealed, "salt": salt, "files": digests},
        )
        return row
