"""How likely each late loan is back on time within a month, by the model of cures in force."""

from __future__ import annotations

from datetime import date, timedelta

from lenity.base.rates import PPM
from lenity.domain.debt_collection import cure
from lenity.domain.debt_collection.strategy import Cures
from lenity.domain.scoring import model as models
from lenity.records.debt_collection import own_book_queries
from lenity.records.delinquency.models import LoanPosition
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
    limits = dict(late.values_list("loan_id", "loan__credit_limit_minor"))
    found = {}
    for loan_id, months in own_book_queries.known(on_date - 5 * NEWEST, on_date, limits).items():
        newest = max(months)
        if on_date - _end_of(newest) <= NEWEST:
            row = cure.row([months.get(newest - back) for back in range(cure.MONTHS)], limits[loan_id])
            ppm = PPM - model.score(row).default_ppm
            found[loan_id] = Cures(ppm, model.of_people_left_alone, model.fingerprint)
    return found


def _end_of(number: int) -> date:
    """The last day of a month, counted through."""
    return date(number // 12, number % 12 + 1, 1) - timedelta(days=1)
