"""The annual cost of loans: worked examples of the kinds of Regulation Z, appendix J."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lenity.base.outcomes import InputRefused
from lenity.domain.servicing import annual_cost as cost
from lenity.domain.servicing import annual_cost_input, caps, offer, schedule, terms
from lenity.domain.servicing.annual_cost import Kind, UnitPeriod
from lenity.law import reader


def percent(raw: dict[str, object]) -> str:
    asked = annual_cost_input.read(raw)
    return cost.annual_cost(asked.advances, asked.payments, asked.unit, asked.method, asked.per_year).text()


MONTHLY = {"advance_date": "1978-01-10", "amount_financed": 5000, "unit_period": "1 month(s)"}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({**MONTHLY, "payments": [{"first_date": "1978-02-10", "count": 24, "amount": 230}]}, "9.69"),
        # One payment after 255 days: 8 % of 1,000 in 255/365 of a year.
        (
            {
                "advance_date": "1978-01-03",
                "amount_financed": 1000,
                "unit_period": "255 day(s)",
                "unit_periods_per_year": "1.43",
                "payments": [{"first_date": "1978-09-15", "count": 1, "amount": 1080}],
            },
            "11.45",
        ),
        # One payment after six whole months: twice 4.4 %.
        (
            {
                "advance_date": "1978-01-15",
                "amount_financed": 1000,
                "payments": [{"first_date": "1978-07-15", "count": 1, "amount": 1044}],
            },
            "8.80",
        ),
    ],
)
def test_worked_examples(raw: dict[str, object], expected: str) -> None:
    assert percent(raw) == expected


def test_months_are_measured_back_from_the_later_day() -> None:
    month = UnitPeriod(Kind.MONTH)
    assert month.between(date(1978, 1, 10), date(1978, 3, 15)) == (2, Fraction(5, 30))
    assert month.between(date(2026, 1, 31), date(2026, 2, 28)) == (0, Fraction(28, 30))
    assert UnitPeriod(Kind.SEMIMONTH).between(date(1978, 2, 23), date(1978, 4, 1)) == (2, Fraction(6, 15))
    assert UnitPeriod(Kind.WEEK).between(date(1978, 3, 20), date(1978, 4, 21)) == (4, Fraction(4, 7))
    assert UnitPeriod(Kind.YEAR).between(date(2020, 1, 1), date(2022, 4, 1)) == (2, Fraction(3, 12))
    assert UnitPeriod(Kind.MONTH, 3).between(date(2026, 1, 1), date(2026, 8, 1)) == (2, Fraction(1, 3))


def test_half_months_fall_on_two_days_of_a_month() -> None:
    half = UnitPeriod(Kind.SEMIMONTH)
    days = [str(half.after(date(2026, 1, 10), number)) for number in range(4)]
    assert days == ["2026-01-10", "2026-01-25", "2026-02-10", "2026-02-25"]
    assert str(half.after(date(2026, 1, 16), 1)) == "2026-02-01"


def test_two_advances_cost_more_than_one_late_one() -> None:
    payments = [{"first_date": "2026-03-01", "count": 12, "amount": "90.00"}]
    early = percent(
        {
            "advances": [
                {"date": "2026-01-01", "amount": "500"},
                {"date": "2026-02-01", "amount": "500"},
            ],
            "unit_period": "1 month",
            "payments": payments,
        }
    )
    both = percent(
        {
            "advance_date": "2026-01-01",
            "amount_financed": "1000",
            "unit_period": "1 month",
            "payments": payments,
        }
    )
    assert Fraction(early) > Fraction(both)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount_financed": 0}, "apr.amount_financed"),
        ({"payments": []}, "apr.payments"),
        ({"payments": [{"first_date": "1977-01-01", "count": 1, "amount": 1}]}, "apr.payments"),
        ({"payments": [{"first_date": "soon", "count": 1, "amount": 1}]}, "apr.payments"),
        ({"unit_period": "1 fortnight-ish"}, "apr.unit_period"),
        ({"method": "guess"}, "apr.method"),
        ({"advance_date": None}, "apr.advance_date"),
    ],
)
def test_bad_input_names_the_field(changes: dict[str, object], code: str) -> None:
    good = {**MONTHLY, "payments": [{"first_date": "1978-02-10", "count": 24, "amount": 230}]}
    with pytest.raises(InputRefused) as refused:
        percent({**good, **changes})
    assert [problem.code for problem in refused.value.problems] == [code]


@settings(max_examples=120, deadline=None)
@given(st.integers(100_000, 10**8), st.integers(1, 48), st.integers(2, 36))
def test_a_monthly_loan_without_fees_costs_its_own_rate(minor: int, rate: int, count: int) -> None:
    """What `schedule` makes, `annual cost` finds again, within the cents that were rounded."""
    agreed = terms.Terms("CNY", minor, Fraction(rate, 100), date(2026, 1, 15), count)
    found = offer.cost(agreed, schedule.of(agreed), cost.Method.US_ACTUARIAL).nominal_percent
    assert abs(found - rate) < 1
    if minor > 10**7:
        assert abs(found - rate) * 100 < 1


@pytest.mark.parametrize(
    ("day", "provision"),
    [(date(2025, 9, 30), None), (date(2025, 10, 1), "CN-ZD-2025"), (date(2025, 11, 30), "CN-ZD-2025")],
)
def test_a_bank_has_its_own_ceiling_from_its_first_day(day: date, provision: str | None) -> None:
    found = caps.cap(reader.rulebook("CN"), "CN", caps.Licence.BANK, day)
    assert (found.provision if found else None) == provision
    assert found is None or found.cap_ppm == 240_000
