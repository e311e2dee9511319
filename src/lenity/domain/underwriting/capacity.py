"""What an applicant can afford, from stated income, known debts, living costs and the loan's real instalment."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from lenity.base import rates
from lenity.base.money import minor_digits
from lenity.domain.lending.decision import Policy
from lenity.domain.lending.facts import Asked, Facts
from lenity.domain.servicing import schedule
from lenity.domain.servicing.terms import Terms


def instalment_minor(asked: Asked, currency: str, on_date: date) -> int | None:
    """The heaviest month of the loan asked for, by the schedule it would have; None where it revolves."""
    if not asked.instalments or asked.amount_minor <= 0:
        return None
    return _heaviest(_terms(asked, currency, on_date))


def spare_minor(known: Facts, policy: Policy) -> int | None:
    """What a month leaves for a new loan: within the policy's share of income, and above what living costs.

    None where income or debts are unknown.
    """
    if known.income_minor is None or known.debts_minor is None:
        return None
    within = known.income_minor * policy.most_debt_to_income_ppm // rates.PPM - known.debts_minor
    left = known.income_minor - known.debts_minor - known.living_minor
    return max(min(within, left), 0)


def affordable(known: Facts, policy: Policy) -> int | None:
    """The largest loan (whole units, in the policy's steps) whose heaviest month is spare.

    A revolving line: so many months of what is spare. None where income or debts are unknown.
    """
    spare = spare_minor(known, policy)
    if spare is None:
        return None
    unit = 10 ** minor_digits(known.currency)
    asked = known.asked or Asked(0, policy.instalments, policy.annual_rate_ppm)
    if not asked.instalments:
        return int(spare // unit * policy.months_of_repayment)
    step = policy.step * unit
    terms = _terms(replace(asked, amount_minor=step), known.currency, known.on_date)
    low, high = 0, policy.product_limit // policy.step
    while low < high:
        middle = (low + high + 1) // 2
        if _heaviest(replace(terms, principal_minor=middle * step)) <= spare:
            low = middle
        else:
            high = middle - 1
    return low * policy.step


def _terms(asked: Asked, currency: str, on_date: date) -> Terms:
    return Terms(
        currency=currency,
        principal_minor=asked.amount_minor,
        annual_rate=Fraction(asked.annual_rate_ppm, rates.PPM),
        disbursed_on=on_date,
        instalments=asked.instalments,
        decimals=minor_digits(currency),
    )


def _heaviest(terms: Terms) -> int:
    return max(row.total_minor for row in schedule.of(terms))
