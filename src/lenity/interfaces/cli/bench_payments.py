"""The worker of `lenity bench servicing`: payments through the whole operation, in a fresh database."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import Annotated

import typer
from django.core.management import call_command

from lenity.domain.lending.person import Person
from lenity.domain.servicing.terms import Terms
from lenity.gateways import clock
from lenity.interfaces.cli import bench_loans, json_input
from lenity.operations.add_borrower import add_borrower
from lenity.operations.take_payment import take_payment

LOANS = 10
ACTOR = "bench"


def command(count: Annotated[int, typer.Argument(min=1)]) -> None:
    """Take so many payments on ten loans of 36 instalments; prints payments a second."""
    call_command("migrate", verbosity=0, interactive=False)
    who = Person("Bench", "CN", "en", "", "", "", "", None)
    borrower = add_borrower(person=who, actor=ACTOR)
    day = clock.business_day("CN")
    terms = Terms("CNY", 3_600_000, Fraction(18, 100), day, 36)
    loans = [
        bench_loans.pay_out(
            borrower_id=borrower, account_number=f"B-{number}", product="bench", terms=terms, actor=ACTOR
        ).public_id
        for number in range(LOANS)
    ]
    start = time.perf_counter()
    for number in range(count):
        take_payment(
            loan_id=loans[number % LOANS],
            amount_minor=12_345,
            currency="CNY",
            value_date=day,
            source="bench",
            source_id=str(number),
            actor=ACTOR,
        )
    json_input.say({"payments_per_second": round(count / (time.perf_counter() - start))})
