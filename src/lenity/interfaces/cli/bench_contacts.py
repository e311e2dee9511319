"""The worker of `lenity bench gate`: contacts through the one door, in a fresh database."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Annotated

import typer
from django.core.management import call_command

from lenity.domain.lending.person import Person
from lenity.domain.servicing.terms import Terms
from lenity.gateways import clock
from lenity.interfaces.cli import json_input
from lenity.operations.add_borrower import add_borrower
from lenity.operations.disburse import disburse
from lenity.operations.gatekeeping import Wish
from lenity.operations.request_contact import request_contact
from lenity.operations.request_contacts import request_contacts
from lenity.records.people import queries as people

ACTOR = "bench"
FIRST = {"S": 10_000_000, "B": 20_000_000}
PAID_OUT = datetime(2026, 9, 1, 2, 12, tzinfo=UTC)
LATE = PAID_OUT + timedelta(days=63)
"""A working Tuesday morning in Shanghai, a month after the first instalment fell due."""


def command(count: Annotated[int, typer.Argument(min=1)]) -> None:
    """Ask for one reminder each of so many borrowers, singly and then as a batch; prints contacts a second."""
    call_command("migrate", verbosity=0, interactive=False)
    single, batch = _wishes(count, "S"), _wishes(count, "B")
    taken: list[float] = []
    with clock.use(clock.ManualClock(LATE)):
        start = time.perf_counter()
        verdicts = set()
        for wish in single:
            begun = time.perf_counter()
            made = request_contact(
                borrower_id=wish.borrower_id,
                channel=wish.channel,
                purpose=wish.purpose,
                point_id=wish.point_id,
                loan_ids=wish.loan_ids,
                template=wish.template,
                actor=ACTOR,
            )
            taken.append(time.perf_counter() - begun)
            verdicts.add(made.verdict)
        singly = count / (time.perf_counter() - start)
        start = time.perf_counter()
        verdicts |= {one.verdict for one in request_contacts(wishes=batch, actor=ACTOR)}
        batched = count / (time.perf_counter() - start)
    json_input.say(
        {
            "singly_per_second": round(singly),
            "batch_per_second": round(batched),
            "p99_ms": f"{sorted(taken)[int(len(taken) * 0.99)] * 1000:.1f}",
            "verdicts": sorted(verdicts),
        }
    )


def _wishes(count: int, mark: str) -> list[Wish]:
    wishes = []
    terms = Terms("CNY", 1_200_000, Fraction(18, 100), PAID_OUT.date(), 12)
    with clock.use(clock.ManualClock(PAID_OUT)):
        for number in range(count):
            who = Person("Bench", "CN", "en", f"+86138{FIRST[mark] + number:08d}", "", "", "", None)
            borrower = add_borrower(person=who, actor=ACTOR)
            loan = disburse(
                borrower_id=borrower,
                account_number=f"{mark}-{number}",
                product="bench",
                terms=terms,
                actor=ACTOR,
            )
            point = people.mobile_point(people.get_borrower(borrower), who.mobile)
            wishes.append(Wish(borrower, "sms", "collection", point, (loan.public_id,), "cn-reminder-sms"))
    return wishes
