"""Those who may speak or read for a borrower: one fact for pages and programs alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from lenity.records.arrangements.models import Helper, HelperKey, HelperReading
from lenity.records.arrangements.queries import unseal
from lenity.records.people.models import Borrower


@dataclass(frozen=True)
class HelperView:
    """Somebody whom a borrower named: what for, until when, and what a key of hers reads."""

    public_id: str
    name: str
    reach: str
    scope: str
    until: date
    parts: tuple[str, ...]
    key_until: date | None
    ended: bool


@dataclass(frozen=True)
class ReadingView:
    """A reading of a borrower's record by her helper."""

    at: datetime
    name: str


def helpers(borrower_id: str, on_date: date) -> list[HelperView]:
    """Those who may speak for a borrower on a day."""
    rows = Helper.objects.filter(borrower__public_id=borrower_id, until__gte=on_date, end__isnull=True)
    return [_view(row) for row in rows.prefetch_related("keys").order_by("id")]


def all_helpers(borrower_id: str) -> list[HelperView]:
    """Everybody whom a borrower ever named, the newest first."""
    rows = Helper.objects.filter(borrower__public_id=borrower_id).select_related("end")
    return [_view(row) for row in rows.prefetch_related("keys").order_by("-id")]


def helper_of(borrower: Borrower, public_id: str) -> Helper | None:
    """A borrower's own helper."""
    return Helper.objects.select_related("end").filter(borrower=borrower, public_id=public_id).first()


def same_person(borrower: Borrower, name: str, reach: str, on_date: date) -> list[Helper]:
    """Helpers of today with this name whose number or address, where both are told, is this one."""
    rows = Helper.objects.filter(borrower=borrower, until__gte=on_date, end__isnull=True).order_by("id")
    return [
        row
        for row in rows
        if _plain(name_of(row)) == _plain(name)
        and len({_plain(one) for one in (reach, reach_of(row)) if one.strip()}) < 2
    ]


def _plain(text: str) -> str:
    """A name or an address without the ways in which one person types it twice."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split()).replace("-", "")


def helper_by_id(public_id: str) -> Helper | None:
    """A helper with her borrower."""
    return Helper.objects.select_related("borrower").filter(public_id=public_id).first()


def read_since(helper: Helper, since: datetime) -> bool:
    """Whether a helper's last reading was later than an instant."""
    return HelperReading.objects.filter(helper=helper, read_at__gt=since).exists()


def by_key(token_digest: str, day_in: Callable[[str], date]) -> HelperKey | None:
    """The key with this digest, while it lasts by its borrower's own day and its helper is one."""
    rows = HelperKey.objects.select_related("helper", "helper__borrower").filter(helper__end__isnull=True)
    key = rows.filter(token_digest=token_digest).first()
    return key if key and key.until >= day_in(key.helper.borrower.jurisdiction) else None


def readings(borrower_id: str, *, most: int = 50) -> list[ReadingView]:
    """When helpers opened a borrower's record, newest first."""
    rows = HelperReading.objects.filter(helper__borrower__public_id=borrower_id).select_related("helper")
    return [ReadingView(row.read_at, name_of(row.helper)) for row in rows.order_by("-id")[:most]]


def name_of(helper: Helper) -> str:
    """A helper's name in clear."""
    return unseal("helper", "name", helper.public_id, helper.name_sealed)


def reach_of(helper: Helper) -> str:
    """A helper's number or address in clear."""
    return unseal("helper", "reach", helper.public_id, helper.reach_sealed)


def _view(row: Helper) -> HelperView:
    newest = max(row.keys.all(), key=lambda key: key.pk, default=None)
    return HelperView(
        row.public_id,
        name_of(row),
        reach_of(row),
        row.scope,
        row.until,
        tuple(newest.parts) if newest else (),
        newest.until if newest else None,
        hasattr(row, "end"),
    )
