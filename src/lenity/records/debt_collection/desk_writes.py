"""The only place that leases cases to collectors and notes look-ups."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import F

from lenity.records import encrypted
from lenity.records.debt_collection.models import CaseLease, CaseLookUp, ContactSlot, OutboxMessage
from lenity.records.people.models import Borrower, ContactPoint


def lapse(now: datetime) -> int:
    """Close leases that have run out."""
    over = CaseLease.objects.filter(closed_at=None, until__lte=now)
    return over.update(closed_at=F("until"), closed_how="lapsed")


def lock_free(borrower_pk: int) -> bool:
    """Take the borrower's row unless another has it at this moment; false when the case is taken."""
    rows = Borrower.objects.filter(pk=borrower_pk)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    if rows.first() is None:
        return False
    return not CaseLease.objects.filter(borrower_id=borrower_pk, closed_at=None).exists()


def take(
    borrower_pk: int, *, public_id: str, staff: str, how: str, now: datetime, until: datetime
) -> CaseLease | None:
    """Lease a case; None where the database says that it, or the collector, is taken."""
    try:
        with transaction.atomic():
            return CaseLease.objects.create(
                public_id=public_id,
                borrower_id=borrower_pk,
                staff=staff,
                how=how,
                taken_at=now,
                until=until,
            )
    except IntegrityError:
        return None


def note_try(lease: CaseLease, *, right: bool, now: datetime, until: datetime) -> None:
    """Note a try to confirm the person; the right one gives time to talk."""
    if right:
        CaseLease.objects.filter(pk=lease.pk).update(confirmed_at=now, until=until)
    else:
        CaseLease.objects.filter(pk=lease.pk).update(tries=F("tries") + 1)


def close(lease: CaseLease, *, how: str, now: datetime) -> None:
    """Put a case back."""
    CaseLease.objects.filter(pk=lease.pk, closed_at=None).update(closed_at=now, closed_how=how)


def add_look_up(
    *, staff: str, borrower: Borrower | None, reason: str, words: str, result: str, now: datetime
) -> CaseLookUp:
    """Note a look-up; the collector's own words are sealed."""
    sealed = ""
    if words:
        place = {"table": "debt_collection_caselookup", "column": "words", "row": staff}
        sealed = encrypted.seal(words, **place)
    return CaseLookUp.objects.create(
        staff=staff, borrower=borrower, reason=reason, words_sealed=sealed, result=result, looked_at=now
    )


def quarantine(point: ContactPoint, *, reason: str, now: datetime) -> int:
    """Retire a number or address wherever it is kept, and stop what waits to be sent to it."""
    same = ContactPoint.objects.filter(
        kind=point.kind, value_index=point.value_index, retired_at__isnull=True
    )
    found = list(same.values_list("pk", flat=True))
    waiting = OutboxMessage.objects.filter(contact__contact_point_id__in=found, state="queued")
    stopped = list(waiting.values_list("contact_id", flat=True))
    waiting.update(state="cancelled", note=reason)
    ContactSlot.objects.filter(contact_id__in=stopped).delete()
    ContactPoint.objects.filter(pk__in=found).update(retired_at=now, retired_reason=reason)
    return len(found)
