"""Bureau files that were written, and the one with an id."""

from __future__ import annotations

from lenity.records.furnishing.models import FurnishingFile


def newest(most: int = 6) -> list[FurnishingFile]:
    """The newest files."""
    return list(FurnishingFile.objects.order_by("-id")[:most])


def by_id(public_id: str) -> FurnishingFile | None:
    """A file."""
    return FurnishingFile.objects.filter(public_id=public_id).first()
