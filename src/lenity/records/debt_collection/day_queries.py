"""A collector's own day, for herself: what was done with people. No money, no ranking, no breaks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from lenity.records.debt_collection.models import CaseLease, Contact, ContactOutcome, Hold

ARRANGED = ("promise", "dispute", "complaint", "hardship_review", "wrong_person")


@dataclass(frozen=True)
class Day:
    """Counts of one collector since the day began."""

    cases: int
    confirmed: int
    stopped_by_gate: int
    outcomes: tuple[tuple[str, int], ...]
    arranged: tuple[tuple[str, int], ...]


def day(staff: str, since: datetime) -> Day:
    """What a collector did since an instant; breaks are not counted, here or anywhere."""
    leases = CaseLease.objects.filter(staff=staff, taken_at__gte=since)
    asked = Contact.objects.filter(requested_by=staff, requested_at__gte=since)
    outcomes = ContactOutcome.objects.filter(recorded_by=staff, recorded_at__gte=since)
    holds = Hold.objects.filter(opened_by=staff, opened_at__gte=since, kind__in=ARRANGED)
    return Day(
        leases.count(),
        leases.filter(confirmed_at__isnull=False).count(),
        asked.exclude(verdict="allowed").count(),
        tuple(outcomes.values_list("outcome").annotate(n=Count("id")).order_by("-n", "outcome")),
        tuple(holds.values_list("kind").annotate(n=Count("id")).order_by("-n", "kind")),
    )
