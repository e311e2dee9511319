"""A borrower comes: who she is and how to reach her, sealed."""

from __future__ import annotations

from lenity.base import canonical
from lenity.domain.lending.person import Person
from lenity.gateways import ids
from lenity.operations import contact_points, unit
from lenity.records.people import writes


def add_borrower(*, person: Person, actor: str) -> str:
    """Add a borrower; returns her id. The event holds no personal data."""
    with unit.of_work(operation="add_borrower", actor=actor) as work:
        new = writes.NewBorrower(
            public_id=ids.public_id(),
            jurisdiction=person.jurisdiction,
            language=person.language,
            name=person.name,
            identity_number=person.identity_number,
            birth_date=person.birth_date,
            points=tuple(contact_points.points(person)),
        )
        writes.add_borrowers([new], created_at=work.now)
        work.record(
            subject_kind="borrower",
            subject_id=new.public_id,
            borrower_id=new.public_id,
            body={"points": canonical.text([point.kind for point in new.points])},
        )
        return new.public_id
