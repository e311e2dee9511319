"""The cases that a treatment strategy looks at, and the wishes that follow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from lenity.domain.debt_collection import notices, spending, strategy
from lenity.domain.debt_collection.rules import stress
from lenity.law import reader
from lenity.records.debt_collection import cure_queries, gate_rows
from lenity.records.debt_collection.models import Contact
from lenity.records.delinquency.models import LoanPosition
from lenity.records.people.models import Borrower, ContactPoint

STRESS = "HOUSE-STRESS"
CHANNEL_OF_KIND = {"mobile": "sms", "email": "email"}


def cases(on_date: date) -> list[strategy.Case]:
    """Every loan in arrears at the close of `on_date`, one query for each table."""
    positions = LoanPosition.objects.filter(
        days_past_due__gt=0, overdue_minor__gt=0, on_date=on_date
    ).select_related("loan__borrower")
    points: dict[int, dict[str, str]] = defaultdict(dict)
    late_borrowers = positions.values("loan__borrower_id")
    rows = ContactPoint.objects.filter(
        borrower_id__in=late_borrowers, role="borrower", retired_at__isnull=True
    ).order_by("id")
    for point in rows:
        if channel := CHANNEL_OF_KIND.get(point.kind):
            points[point.borrower_id].setdefault(channel, point.public_id)
    last, cures = _last_wishes(), cure_queries.estimates(on_date)
    return [
        strategy.Case(
            borrower_id=position.loan.borrower.public_id,
            loan_id=position.loan.public_id,
            jurisdiction=position.loan.borrower.jurisdiction,
            days_past_due=position.days_past_due,
            points=points[position.loan.borrower_id],
            last_wishes=last.get(position.loan.borrower_id, {}),
            overdue_minor=position.overdue_minor,
            currency=position.loan.currency,
            cures=cures.get(position.loan_id),
        )
        for position in positions.order_by("loan__borrower_id", "loan_id")
    ]


def choices(
    treatment: strategy.Strategy, on_date: date, at: datetime, *, most: int | None = None
) -> list[spending.Choice]:
    """What `treatment` chooses for each late borrower after the close of `on_date`, under her points left."""
    of: dict[str, list[strategy.Case]] = defaultdict(list)
    for case in cases(on_date):
        of[case.borrower_id].append(case)
    wanted = list(of)[:most]
    rows = {row.public_id: row.pk for row in Borrower.objects.filter(public_id__in=wanted)}
    known = gate_rows.read(rows.values(), at)
    found = []
    for borrower_id in wanted:
        place, pk = of[borrower_id][0].jurisdiction, rows[borrower_id]
        value = reader.rulebook(place).value(STRESS, on_date)
        offered = spending.options(
            treatment, of[borrower_id], on_date, spending.prices(value), value["purposes"]
        )
        since = spending.window(value, known[pk].zones, at)
        left = spending.points_left(value, known[pk].history, known[pk].standings, since, known[pk].zones)
        found.append(spending.choose(borrower_id, offered, left))
    return [one for one in found if one.chosen or one.passed_over]


def planned(treatment: strategy.Strategy, on_date: date, at: datetime) -> list[strategy.Planned]:
    """The wishes of `choices`."""
    return [option.wish for one in choices(treatment, on_date, at) for option in one.chosen]


@dataclass(frozen=True)
class Gauge:
    """How many points of the last days are used, and the most that may be: the house's and the borrower's own."""

    used: int
    budget: int
    house: int
    days: int
    prices: Mapping[str, int]
    evening: Mapping[str, int]
    evening_from: str

    @property
    def left(self) -> int:
        """What may still be spent."""
        return max(0, self.budget - self.used)


def gauge(borrower_id: str, at: datetime) -> Gauge:
    """A borrower's gauge: the points that all contacts about all her debts cost."""
    borrower = Borrower.objects.get(public_id=borrower_id)
    value = reader.rulebook(borrower.jurisdiction).value(STRESS, at.date())
    known = gate_rows.read([borrower.pk], at)[borrower.pk]
    return Gauge(
        spending.spent(value, known.history, spending.window(value, known.zones, at), known.zones),
        spending.budget(value, known.standings),
        value["budget"],
        value["days"],
        spending.prices(value),
        stress.evening_prices(value),
        stress.evening_from(value),
    )


def _last_wishes() -> dict[int, dict[str, date]]:
    rows = Contact.objects.filter(verdict="allowed").values("borrower_id", "purpose")
    last: dict[int, dict[str, date]] = defaultdict(dict)
    for row in rows.annotate(last=Max("requested_at")):
        last[row["borrower_id"]][row["purpose"]] = row["last"].date()
    return last


@dataclass(frozen=True)
class Retry:
    """A deferred contact that may be asked for again."""

    contact_id: str
    borrower_id: str
    point_id: str
    channel: str
    purpose: str
    template: str
    loan_ids: tuple[str, ...]


def due_retries(now: datetime) -> list[Retry]:
    """Deferred contacts whose time has come and that nobody asked for again; notices have their own list."""
    rows = Contact.objects.filter(
        verdict="deferred", earliest_at__lte=now, retried_by__isnull=True, contact_point__isnull=False
    ).exclude(purpose__in=notices.PURPOSES)
    return [
        Retry(
            row.public_id,
            row.borrower.public_id,
            row.contact_point.public_id if row.contact_point else "",
            row.channel,
            row.purpose,
            row.template,
            tuple(row.debts),
        )
        for row in rows.select_related("borrower", "contact_point").order_by("borrower_id", "id")
    ]
