"""The only place that adds borrowers, contact points and preferences. Personal data is sealed here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lenity.records import encrypted
from lenity.records.people.models import Borrower, ContactPoint, Preference

BATCH = 500


@dataclass(frozen=True, slots=True)
class NewPoint:
    """A number or address to be recorded, in clear."""

    public_id: str
    kind: str
    value: str
    mask: str
    source: str
    zones: tuple[str, ...]
    use: str = "unknown"
    role: str = "borrower"


@dataclass(frozen=True, slots=True)
class NewBorrower:
    """A borrower to be recorded, in clear."""

    public_id: str
    jurisdiction: str
    language: str
    name: str
    identity_number: str = ""
    birth_date: date | None = None
    invented: bool = False
    points: tuple[NewPoint, ...] = ()


def add_borrowers(new: Sequence[NewBorrower], *, created_at: datetime) -> dict[str, int]:
    """Add borrowers with their contact points in bulk; returns row ids by public id."""
    rows = Borrower.objects.bulk_create((_borrower(one, created_at) for one in new), batch_size=BATCH)
    ids = {row.public_id: row.pk for row in rows}
    ContactPoint.objects.bulk_create(
        (_point(point, ids[one.public_id], created_at) for one in new for point in one.points),
        batch_size=BATCH,
    )
    return ids


def add_point(borrower: Borrower, new: NewPoint, *, recorded_at: datetime) -> ContactPoint:
    """Add one number or address."""
    point = _point(new, borrower.pk, recorded_at)
    point.save(force_insert=True)
    return point


def add_preference(
    borrower: Borrower,
    *,
    public_id: str,
    kind: str,
    recorded_at: datetime,
    recorded_by: str,
    channel: str = "",
    point: ContactPoint | None = None,
    detail: Mapping[str, str] | None = None,
    revokes: Preference | None = None,
) -> Preference:
    """Add what a borrower asked for."""
    return Preference.objects.create(
        public_id=public_id,
        borrower=borrower,
        kind=kind,
        channel=channel,
        contact_point=point,
        detail=dict(detail or {}),
        recorded_at=recorded_at,
        recorded_by=recorded_by,
        revokes=revokes,
    )


def set_language(borrower: Borrower, language: str) -> None:
    """The language in which a borrower is written to."""
    Borrower.objects.filter(pk=borrower.pk).update(language=language)


def _borrower(new: NewBorrower, created_at: datetime) -> Borrower:
    row = Borrower(
        public_id=new.public_id,
        jurisdiction=new.jurisdiction,
        language=new.language,
        identity_invented=new.invented,
        created_at=created_at,
    )
    row.name_sealed = _seal("people_borrower", "name", new.public_id, new.name)
    if new.identity_number:
        sealed = _seal("people_borrower", "identity_number", new.public_id, new.identity_number)
        row.identity_number_sealed = sealed
        row.identity_index = encrypted.blind_index(new.identity_number, purpose="identity")
    if new.birth_date:
        day = new.birth_date.isoformat()
        row.birth_date_sealed = _seal("people_borrower", "birth_date", new.public_id, day)
    return row


def _point(new: NewPoint, borrower_id: int, recorded_at: datetime) -> ContactPoint:
    return ContactPoint(
        public_id=new.public_id,
        borrower_id=borrower_id,
        kind=new.kind,
        role=new.role,
        use=new.use,
        source=new.source,
        value_sealed=_seal("people_contactpoint", "value", new.public_id, new.value),
        value_index=encrypted.blind_index(new.value, purpose=new.kind),
        mask=new.mask,
        candidate_zones=list(new.zones),
        recorded_at=recorded_at,
    )


def _seal(table: str, column: str, row: str, plain: str) -> str:
    return encrypted.seal(plain, table=table, column=column, row=row)
