"""How many cases wait, by stage: counted again when something happened, not for every page.

The queue's page is asked for far more often than its numbers change. What a number rests on (the last close,
cases taken and put back, holds, placements) has a mark that one small statement reads; while the mark is the
same the count stands. What changes by time alone (a lease that lapses, a hold whose day passes) shows within
`LONGEST`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet, Subquery

from lenity.records.debt_collection.models import CaseLease, Hold, HoldEnd, Placement
from lenity.records.delinquency.models import CloseRun

LONGEST = timedelta(seconds=30)


@dataclass(frozen=True)
class _Kept:
    mark: tuple[object, ...]
    at: datetime
    counts: tuple[Any, ...]


_kept: _Kept | None = None


def counted(now: datetime, count: Callable[[], tuple[Any, ...]], *also: object) -> tuple[Any, ...]:
    """The counts that are kept, or new ones from `count` when their mark or `also` differs, or time has passed."""
    global _kept
    mark = (*_mark(), *also)
    kept = _kept
    if kept is not None and kept.mark == mark and timedelta(0) <= now - kept.at < LONGEST:
        return kept.counts
    counts = count()
    _kept = _Kept(mark, now, counts)
    return counts


def _mark() -> tuple[object, ...]:
    live = Placement.objects.filter(recalled_at=None).order_by().values("recalled_at")
    taken = CaseLease.objects.filter(closed_at=None).order_by().values("closed_at")
    row = (
        CloseRun.objects.order_by("-id")
        .values_list(
            "id",
            "result_digest",
            _newest(CaseLease.objects.all()),
            _newest(Hold.objects.all()),
            _newest(HoldEnd.objects.all()),
            _newest(Placement.objects.all()),
            Subquery(taken.annotate(number=Count("pk")).values("number")),
            Subquery(live.annotate(number=Count("pk")).values("number")),
        )
        .first()
    )
    return tuple(row or ())


def _newest(rows: QuerySet[Any, Any]) -> Subquery:
    return Subquery(rows.order_by("-pk").values("pk")[:1])
