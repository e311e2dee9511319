"""The only place that adds bureau files and what they said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from lenity.records.furnishing.models import FurnishedRecord, FurnishingFile


def add_file(
    *,
    public_id: str,
    format: str,  # noqa: A002 - the column's name
    month_end: date,
    file_name: str,
    file_digest: str,
    records: int,
    held_back: int,
    written_at: datetime,
    lines: Iterable[FurnishedRecord],
) -> FurnishingFile:
    """Add a file with what it said of each loan."""
    file = FurnishingFile.objects.create(
        public_id=public_id,
        format=format,
        month_end=month_end,
        file_name=file_name,
        file_digest=file_digest,
        records=records,
        held_back=held_back,
        written_at=written_at,
    )
    rows = list(lines)
    for row in rows:
        row.file = file
    FurnishedRecord.objects.bulk_create(rows, batch_size=500)
    return file
