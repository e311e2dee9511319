"""The cases that a treatment strategy looks at, and the wishes that follow."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from lenity.domain.debt_collection import strategy
from lenity.records.debt_collection.models import Contact
from lenity.records.delinquency.models import LoanPosition
from lenity.records.people.models import ContactPoint

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
    last = _last_wishes()
    return [
        strategy.Case(
            borrower_id=position.loan.borrower.public_id,
            loan_id=position.loan.public_id,
            jurisdiction=position.loan.borrower.jurisdiction,
            days_past_due=position.days_past_due,
            points=points[position.loan.borrower_id],
            last_wishes=last.get(position.loan.borrower_id, {}),
        )
        for position in positions.order_by("loan__borrower_id", "loan_id")
    ]


def planned(treatment: strategy.Strategy, on_date: date) -> list[strategy.Planned]:
    """What `treatment` wishes for after the close of `on_date`."""
    return [wish for case in cases(on_date) for wish in strategy.plan(treatment, case, on_date)]


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
    """Deferred contacts whose time has come and that nobody has asked for again."""
    rows = Contact.objects.filter(
        verdict="deferred", earliest_at__lte=now, retried_by__isnull=True, contact_point__isnull=False
    )
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
