"""`lenity schedule` and `lenity apr`: JSON in, JSON out, faults in words."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from lenity.base.outcomes import InputRefused
from lenity.interfaces.cli import main

TERMS = {
    "currency": "CNY",
    "principal": "1200.00",
    "annual_rate_percent": "12",
    "disbursed_on": "2026-01-15",
    "instalments": 2,
    "charges": [{"kind": "fee", "amount": "3.00", "due": "every_instalment"}],
}


def answer(word: str, text: str) -> dict[str, object]:
    result = CliRunner().invoke(main.build(), [word], input=text)
    if result.exception:
        raise result.exception
    value = json.loads(result.stdout)
    assert isinstance(value, dict)
    return value


def test_a_schedule_has_rows_totals_and_its_cost() -> None:
    said = answer("schedule", json.dumps(TERMS))
    assert said["instalments"] == [
        {
            "number": 1,
            "due_date": "2026-02-15",
            "principal": "597.01",
            "interest": "12.00",
            "fees": "3.00",
            "late_fees": "0.00",
            "total": "612.01",
            "balance": "602.99",
        },
        {
            "number": 2,
            "due_date": "2026-03-15",
            "principal": "602.99",
            "interest": "6.03",
            "fees": "3.00",
            "late_fees": "0.00",
            "total": "612.02",
            "balance": "0.00",
        },
    ]
    assert said["totals"] == {
        "principal": "1200.00",
        "interest": "18.03",
        "fees": "6.00",
        "late_fees": "0.00",
        "total": "1224.03",
    }
    cost = said["annual_cost"]
    assert isinstance(cost, dict)
    assert cost["apr_percent"] == cost["irr_percent"] == "15.98"


def test_apr_reads_plain_numbers_without_rounding_them() -> None:
    text = (
        '{"advance_date": "1978-03-20", "amount_financed": 500, "unit_period": "1 week(s)",'
        ' "unit_periods_per_year": 52, "payments": [{"first_date": "1978-04-21", "count": 30, "amount": 17.6}]}'
    )
    assert answer("apr", text)["apr_percent"] == "14.96"


@pytest.mark.parametrize("text", ["", "[]", "{", '{"principal": NaN}', "\ufeff{}", '{"principal": "x"}'])
@pytest.mark.parametrize("word", ["schedule", "apr"])
def test_what_cannot_be_read_is_refused_in_words(word: str, text: str) -> None:
    with pytest.raises(InputRefused) as refused:
        answer(word, text)
    assert all(problem.says.endswith(".") for problem in refused.value.problems)
