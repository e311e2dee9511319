"""Whom a borrower lets read for her."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lenity.records import encrypted
from lenity.records.intake.models import HelperAccess

NAME = {"table": "intake_helperaccess", "column": "name"}


@dataclass(frozen=True)
class Helper:
    """One helper as the borrower sees it."""

    id: str
    name: str
    scopes: tuple[str, ...]
    until: date
    ended: bool


def by_token(token_digest: str, on_date: date) -> HelperAccess | None:
    """The access with this token, while it lasts."""
    rows = HelperAccess.objects.select_related("borrower").filter(ended_at=None, until__gte=on_date)
    return rows.filter(token_digest=token_digest).first()


def access_of(borrower_id: str, public_id: str) -> HelperAccess | None:
    """An access that this borrower gave."""
    rows = HelperAccess.objects.select_related("borrower").filter(borrower__public_id=borrower_id)
    return rows.filter(public_id=public_id).first()


def helpers_of(borrower_id: str) -> list[Helper]:
    """All helpers of a borrower, the newest first."""
    rows = HelperAccess.objects.filter(borrower__public_id=borrower_id).order_by("-id")
    return [
        Helper(
            row.public_id,
            encrypted.unseal(row.name_sealed, row=row.public_id, **NAME),
            tuple(row.scopes),
            row.until,
            row.ended_at is not None,
        )
        for row in rows
    ]
