"""How likely each late loan is back on time within a month, by the model of cures in force."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from lenity.base.rates import PPM
from lenity.domain.debt_collection import cure
from lenity.domain.debt_collection.strategy import Cures
from lenity.domain.scoring import model as models
from lenity.records.delinquency.models import LoanPosition
from lenity.records.lending.models import LoanMonth
from lenity.records.scoring import queries as scoring

NEWEST = timedelta(days=45)
"""A loan whose newest month is older than this is not estimated."""


def estimates(on_date: date) -> dict[int, Cures]:
    """By loan, where a model is in force and the loan's last months are known; empty without a model."""
    text = scoring.text_in_force("model_activation", models.CURE)
    if not text:
        return {}
    model = models.read(text)
    late = LoanPosition.objects.filter(days_past_due__gt=0, overdue_minor__gt=0, on_date=on_date)
    stated = LoanMonth.objects.filter(
        loan_id__in=late.values("loan_id"), month_end__lte=on_date, month_end__gt=on_date - 5 * NEWEST
    )
    known: dict[int, dict[int, LoanMonth]] = defaultdict(dict)
    for month in stated.select_related("loan"):
        known[month.loan_id][_number(month.month_end)] = month
    found = {}
    for loan_id, by_number in known.items():
        newest = max(by_number)
        first = by_number[newest]
        if on_date - first.month_end <= NEWEST:
            chosen = [by_number.get(newest - back) for back in range(cure.MONTHS)]
            months = [None if one is None else _month(one) for one in chosen]
            row = cure.row(months, first.loan.credit_limit_minor)
            ppm = PPM - model.score(row).default_ppm
            found[loan_id] = Cures(ppm, model.of_people_left_alone, model.fingerprint)
    return found


def _month(row: LoanMonth) -> cure.Month:
    return cure.Month(row.months_late, row.billed_minor, row.paid_minor)


def _number(day: date) -> int:
    return day.year * 12 + day.month
