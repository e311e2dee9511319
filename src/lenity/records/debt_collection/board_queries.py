"""The operations board: what a close would do, messages on their way and where they stick, events for others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Min

from lenity.records.debt_collection.models import Hold, OutboxMessage
from lenity.records.delinquency import queries as delinquency
from lenity.records.delinquency.models import CloseRun
from lenity.records.lending.models import Loan
from lenity.records.webhooks.models import WebhookMessage

LOOKED_BACK = timedelta(days=1)
TROUBLE = ("refused", "unknown")
FEW = 20
FAILING_PERCENT = 20
"""A provider fails when, of at least so many messages of a day, this share was refused or is not known of."""
OUTBOX = ("queued", "leased", "handed", "refused", "unknown", "cancelled")
MOST_BY_PAGE = 200_000
"""Loans that a close by page takes in one request; beyond it is the command's work."""


@dataclass(frozen=True)
class Close:
    """The last closes, the next day that can be closed, and what that close would look at and decide."""

    runs: list[CloseRun]
    day: date | None
    loans: int
    promises: int
    plans: int
    month_end: bool

    @property
    def again(self) -> bool:
        """Whether the only day that can be closed is closed already."""
        return bool(self.runs) and self.runs[0].business_date == self.day

    @property
    def by_command(self) -> bool:
        """Whether the book is too large for a page."""
        return self.loans > MOST_BY_PAGE


def close(today: date) -> Close:
    """The day after the last close, today at most; today itself again where that is all there is."""
    last = delinquency.last_close()
    day = today if last is None else min(last.business_date + timedelta(days=1), today)
    live = Hold.objects.filter(end__isnull=True)
    return Close(
        list(CloseRun.objects.order_by("-id")[:10]),
        day,
        Loan.objects.count(),
        live.filter(kind="promise", ends_on__lte=day).count(),
        live.filter(kind="plan").count(),
        (day + timedelta(days=1)).day == 1,
    )


@dataclass(frozen=True)
class Provider:
    """What became of a day's messages at one provider."""

    name: str
    handed: int
    trouble: int

    @property
    def fails(self) -> bool:
        """Whether so much goes wrong that somebody has to look."""
        return self.trouble * 100 >= (self.handed + self.trouble) * FAILING_PERCENT and (
            self.handed + self.trouble >= FEW or not self.handed
        )


@dataclass(frozen=True)
class Outgoing:
    """Messages by state, how long the oldest has waited, providers of the last day, and webhooks by state."""

    states: list[tuple[str, int]]
    oldest: datetime | None
    late: bool
    providers: list[Provider]
    hooks: list[tuple[str, int]]


def outgoing(now: datetime) -> Outgoing:
    """What is on its way. A message that has waited for an hour says that nobody sends."""
    counted = dict(OutboxMessage.objects.values_list("state").annotate(n=Count("pk")))
    oldest = OutboxMessage.objects.filter(state="queued").aggregate(at=Min("contact__requested_at"))["at"]
    recent = OutboxMessage.objects.exclude(provider="").filter(contact__requested_at__gte=now - LOOKED_BACK)
    names: dict[str, list[int]] = {}
    for name, state, number in recent.values_list("provider", "state").annotate(n=Count("pk")):
        names.setdefault(name, [0, 0])[state in TROUBLE] += number
    hooks = dict(WebhookMessage.objects.values_list("state").annotate(n=Count("pk")))
    return Outgoing(
        [(state, counted[state]) for state in OUTBOX if counted.get(state)],
        oldest,
        oldest is not None and now - oldest > timedelta(hours=1),
        [Provider(name, *numbers) for name, numbers in sorted(names.items())],
        [(state, hooks[state]) for state in WebhookMessage.STATES if hooks.get(state)],
    )
