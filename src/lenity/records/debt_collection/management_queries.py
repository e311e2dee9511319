"""What management reads: vintages, roll rates, recoveries against contacts, complaint rates, plans kept.

A share of fewer than `LEAST` loans, people or contacts is not told. Rates are parts per million or per thousand.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import TruncMonth

from lenity.law import reader
from lenity.records.debt_collection import watch_queries
from lenity.records.debt_collection.models import Contact, Hold
from lenity.records.delinquency.models import MonthEnd
from lenity.records.lending.models import LoanMonth, Payment

LEAST = 10
THIRTY_LATE = 2
"""Two months late is thirty days or more (`stages.months_late`)."""
MOST_LATE = 4
MOST_VINTAGES, MOST_MONTHS = 12, 24
AFTER = timedelta(days=14)
"""A payment or a complaint within so many days after a contact is counted to it: a custom, no proof of cause."""


class Cell(NamedTuple):
    """Loans of a vintage at an age, and those of them that were late by thirty days or more."""

    months: int
    loans: int
    late: int

    @property
    def ppm(self) -> int | None:
        """The share that was late; None where there are too few to tell."""
        return self.late * 1_000_000 // self.loans if self.loans >= LEAST else None


class Vintage(NamedTuple):
    """Loans opened in one quarter, by months on book."""

    name: str
    cells: tuple[Cell, ...]


def vintages() -> list[Vintage]:
    """The newest quarters of opening, each by months on book, from the ends of months that are known."""
    counted: dict[tuple[int, int], dict[int, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for opened, month_end, loans, late in _ages():
        months = (month_end.year - opened.year) * 12 + month_end.month - opened.month
        if months >= 0:
            cell = counted[(opened.year, (opened.month + 2) // 3)][months]
            cell[0] += loans
            cell[1] += late
    newest = sorted(counted)[-MOST_VINTAGES:]
    return [
        Vintage(
            f"{year} Q{quarter}",
            tuple(Cell(months, *cell) for months, cell in sorted(counted[(year, quarter)].items())),
        )
        for year, quarter in newest
    ]


def _ages() -> Iterable[tuple[date, date, int, int]]:
    is_late = Q(months_late__gte=THIRTY_LATE)
    for model in (LoanMonth, MonthEnd):
        rows = model.objects.annotate(opened=TruncMonth("loan__opened_on")).values_list("opened", "month_end")
        yield from rows.annotate(loans=Count("id"), late=Count("id", filter=is_late)).order_by()


class Roll(NamedTuple):
    """Of the loans `months` late at one month's end, how many stood where at the next; 4 stands for 4 and more."""

    months: int
    loans: int
    counts: tuple[int, ...]

    @property
    def ppm(self) -> tuple[int | None, ...]:
        """The shares; None where there are too few loans to tell."""
        if self.loans < LEAST:
            return (None,) * len(self.counts)
        return tuple(one * 1_000_000 // self.loans for one in self.counts)


class Rolls(NamedTuple):
    """The matrix of one pair of months, and the ends of months that have one before them."""

    before: date | None
    after: date | None
    rows: list[Roll]
    known: list[date]


def rolls(month_end: date | None = None) -> Rolls:
    """Where loans stood at `month_end` (the newest without it) by where they stood a month before."""
    ends: set[date] = set()
    for model in (LoanMonth, MonthEnd):
        ends.update(model.objects.order_by().values_list("month_end", flat=True).distinct())
    known = sorted(one for one in ends if one.replace(day=1) - timedelta(days=1) in ends)[-MOST_MONTHS:]
    if not known:
        return Rolls(None, None, [], [])
    after = month_end if month_end in known else known[-1]
    before = after.replace(day=1) - timedelta(days=1)
    moved = _moved(before, after)
    rows = []
    for start in range(MOST_LATE + 1):
        counts = tuple(moved[(start, end)] for end in range(MOST_LATE + 1))
        rows.append(Roll(start, sum(counts), counts))
    return Rolls(before, after, rows, known)


def _moved(before: date, after: date) -> Counter[tuple[int, int]]:
    """How many loans went from where to where; a month that a book stated goes before a close."""
    stood: list[dict[int, int]] = []
    for day in (before, after):
        places = dict(MonthEnd.objects.filter(month_end=day).values_list("loan_id", "months_late"))
        places |= dict(LoanMonth.objects.filter(month_end=day).values_list("loan_id", "months_late"))
        stood.append(places)
    return Counter(
        (min(max(start, 0), MOST_LATE), min(max(stood[1][loan], 0), MOST_LATE))
        for loan, start in stood[0].items()
        if loan in stood[1]
    )


class Recovery(NamedTuple):
    """What was paid in the days after contacts, and what the contacts cost: contacts and contact points."""

    name: str
    currency: str
    contacts: int
    points: int
    payments: int
    paid_minor: int

    @property
    def per_contact_minor(self) -> int | None:
        """Money for one contact, rounded down; None where there are too few contacts to tell."""
        return self.paid_minor // self.contacts if self.contacts >= LEAST else None

    @property
    def per_point_minor(self) -> int | None:
        """Money for one contact point, rounded down."""
        return self.paid_minor // self.points if self.contacts >= LEAST and self.points else None


class Recoveries(NamedTuple):
    """By month and by channel; `untouched` is what late borrowers paid without a contact before, by currency."""

    by_month: list[Recovery]
    by_channel: list[Recovery]
    untouched: list[tuple[str, int, int]]


def recoveries(now: datetime, months: int) -> Recoveries:
    """Payments within fourteen days after the last collection contact about the same loan, and the contacts."""
    since = _since(now, months)
    points = reader.rulebook("CN").value("HOUSE-STRESS", now.date())["points"]
    sent = _sent(since)
    contacts = sent.annotate(month=TruncMonth("requested_at")).values_list(
        "month", "channel", "loan__currency"
    )
    spent: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for month, channel, currency, number in contacts.annotate(number=Count("id")).order_by():
        cell = spent[(f"{month:%Y-%m}", channel, currency or "")]
        cell[0] += number
        cell[1] += number * int(points.get(channel, 0))
    money = Payment.objects.filter(received_at__gte=since, reverses=None, reversed_by=None)
    last = _sent(since - AFTER).filter(
        loan=OuterRef("loan"),
        requested_at__lt=OuterRef("received_at"),
        requested_at__gte=OuterRef("received_at") - AFTER,
    )
    found = money.annotate(
        channel=Subquery(last.order_by("-requested_at").values("channel")[:1]),
        month=TruncMonth("received_at"),
    )
    paid = found.exclude(channel=None).values_list("month", "channel", "loan__currency")
    for month, channel, currency, number, total in paid.annotate(
        number=Count("id"), total=Sum("amount_minor")
    ).order_by():
        cell = spent[(f"{month:%Y-%m}", channel, currency)]
        cell[2] += number
        cell[3] += int(total)
    late = found.filter(channel=None, loan__position__days_past_due__gt=0).values_list("loan__currency")
    untouched = late.annotate(number=Count("id"), total=Sum("amount_minor")).order_by("loan__currency")
    return Recoveries(
        _summed(spent, 0), _summed(spent, 1), [(one[0], one[1], int(one[2])) for one in untouched]
    )


def _summed(spent: dict[tuple[str, str, str], list[int]], part: int) -> list[Recovery]:
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for key, cell in spent.items():
        if key[2]:
            total = sums[(key[part], key[2])]
            sums[(key[part], key[2])] = [one + more for one, more in zip(total, cell, strict=True)]
    return [Recovery(name, currency, *cell) for (name, currency), cell in sorted(sums.items())]


def _since(now: datetime, months: int) -> datetime:
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for _ in range(months - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    return first


def _sent(since: datetime) -> QuerySet[Contact]:
    """Collection contacts that were allowed and not stopped before they left."""
    rows = Contact.objects.filter(verdict="allowed", purpose="collection", requested_at__gte=since)
    return rows.exclude(outbox__state="cancelled")


class ComplaintRate(NamedTuple):
    """Complaints and contacts of one month, channel or agency."""

    name: str
    complaints: int
    contacts: int

    @property
    def permille(self) -> int | None:
        """Complaints for a thousand contacts; None where there are too few contacts to tell."""
        return self.complaints * 1000 // self.contacts if self.contacts >= LEAST else None


class Complaints(NamedTuple):
    """Complaint rates; `without` are complaints of people who were not contacted in the days before."""

    by_month: list[ComplaintRate]
    by_channel: list[ComplaintRate]
    by_agency: list[ComplaintRate]
    without: int


def complaints(now: datetime, months: int) -> Complaints:
    """Complaints by the last collection contact in the fourteen days before them."""
    since = _since(now, months)
    contacts = _sent(since).annotate(month=TruncMonth("requested_at"))
    rows = list(
        contacts.values_list("month", "channel", "requested_by").annotate(number=Count("id")).order_by()
    )
    before = _sent(since - AFTER).filter(
        borrower=OuterRef("borrower"),
        requested_at__lte=OuterRef("opened_at"),
        requested_at__gte=OuterRef("opened_at") - AFTER,
    )
    newest = before.order_by("-requested_at")
    raised = list(
        Hold.objects.filter(kind="complaint", opened_at__gte=since)
        .annotate(
            month=TruncMonth("opened_at"),
            channel=Subquery(newest.values("channel")[:1]),
            asked_by=Subquery(newest.values("requested_by")[:1]),
        )
        .values_list("month", "channel", "asked_by")
    )
    people = watch_queries.who({one[2] for one in (*rows, *raised) if one[2]})
    parts: list[Counter[str]] = [Counter() for _ in range(3)]
    meant: list[Counter[str]] = [Counter() for _ in range(3)]
    for month, channel, asked_by, number in rows:
        for part, name in zip(parts, (f"{month:%Y-%m}", channel, people[asked_by].agency), strict=True):
            part[name] += number
    for month, channel, asked_by in raised:
        meant[0][f"{month:%Y-%m}"] += 1
        if channel:
            meant[1][channel] += 1
            meant[2][people[asked_by].agency] += 1
    told = [
        [ComplaintRate(name, said[name], of[name]) for name in sorted(of | said)]
        for of, said in zip(parts, meant, strict=True)
    ]
    return Complaints(told[0], told[1], told[2], sum(not one[1] for one in raised))


class Kept(NamedTuple):
    """Plans or promises begun in one month: kept to their end, broken, still running, ended otherwise."""

    month: str
    kept: int
    broken: int
    running: int
    otherwise: int

    @property
    def kept_ppm(self) -> int | None:
        """The share kept, of those that were kept or broken; None where there are too few to tell."""
        over = self.kept + self.broken
        return self.kept * 1_000_000 // over if over >= LEAST else None


def plans_kept(kind: str, today: date, now: datetime, months: int) -> list[Kept]:
    """Plans (`plan`) or promises to pay (`promise`) by the month in which they began.

    A plan is kept when its last day passed and no close found it broken; a promise when a close found it kept.
    """
    begun = Hold.objects.filter(kind=kind, opened_at__gte=_since(now, months)).annotate(
        month=TruncMonth("opened_at")
    )
    is_over = Q(end__isnull=True, ends_on__lt=today) if kind == "plan" else Q(pk=None)
    rows = begun.values_list("month").annotate(
        kept=Count("id", filter=Q(end__reason="kept") | is_over),
        broken=Count("id", filter=Q(end__reason="broken")),
        running=Count("id", filter=Q(end__isnull=True) & ~is_over),
        every=Count("id"),
    )
    return [
        Kept(f"{month:%Y-%m}", kept, broken, running, every - kept - broken - running)
        for month, kept, broken, running, every in rows.order_by("month")
    ]
