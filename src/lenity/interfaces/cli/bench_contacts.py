"""The worker of `lenity bench gate`: contacts through the one door, in a fresh database."""

from __future__ import annotations

import multiprocessing
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Annotated

import typer
from django.core.management import call_command
from django.db import connections

from lenity.domain.lending.person import Person
from lenity.domain.servicing.terms import Terms
from lenity.gateways import clock
from lenity.interfaces.cli import bench_loans, json_input
from lenity.operations.add_borrower import add_borrower
from lenity.operations.gatekeeping import Wish
from lenity.operations.request_contact import request_contact
from lenity.operations.request_contacts import request_contacts
from lenity.records.people import queries as people

ACTOR = "bench"
FIRST = {
    "B": 20_000_000,
    "S1-": 10_000_000,
    "S2-": 12_000_000,
    "S4-": 14_000_000,
    "S8-": 18_000_000,
    "T8-": 30_000_000,
    "T16-": 32_000_000,
}
BATCH = 8
"""A batch is so many times as long as a round of single contacts."""
PAID_OUT = datetime(2026, 9, 1, 2, 12, tzinfo=UTC)
LATE = PAID_OUT + timedelta(days=63)
"""A working Tuesday morning in Shanghai, a month after the first instalment fell due."""


def command(
    count: Annotated[int, typer.Argument(min=1)],
    workers: Annotated[list[int] | None, typer.Option(help="Also with so many processes at once.")] = None,
    threads: Annotated[list[int] | None, typer.Option(help="Also with so many threads at once.")] = None,
) -> None:
    """Ask for one reminder each of so many borrowers, singly and then as a batch; prints contacts a second."""
    call_command("migrate", verbosity=0, interactive=False)
    rounds = {number: _wishes(count, f"S{number}-") for number in dict.fromkeys([1, *(workers or [])])}
    shared = {number: _wishes(count, f"T{number}-") for number in dict.fromkeys(threads or [])}
    batch = _wishes(count * BATCH, "B")
    with clock.use(clock.ManualClock(LATE)):
        singly = {number: _together(wishes, number) for number, wishes in rounds.items()}
        threaded = {number: _in_threads(wishes, number) for number, wishes in shared.items()}
        start = time.perf_counter()
        verdicts = {one.verdict for one in request_contacts(wishes=batch, actor=ACTOR)}
        batched = len(batch) / (time.perf_counter() - start)
    taken = [second for one in singly.values() for second in one.taken]
    json_input.say(
        {
            "singly_per_second": round(singly[1].rate),
            "by_workers": {str(number): round(one.rate) for number, one in singly.items()},
            "by_threads": {str(number): round(one.rate) for number, one in threaded.items()},
            "batch_per_second": round(batched),
            "p99_ms": f"{_p99(singly[1].taken):.1f}",
            "p99_ms_all_workers": f"{_p99(taken):.1f}",
            "p99_ms_by_threads": {str(number): f"{_p99(one.taken):.1f}" for number, one in threaded.items()},
            "verdicts": sorted(verdicts.union(*(one.verdicts for one in (singly | threaded).values()))),
        }
    )


@dataclass(frozen=True)
class _Run:
    """Contacts a second, seconds each, verdicts."""

    rate: float
    taken: list[float]
    verdicts: set[str]


def _p99(taken: list[float]) -> float:
    return sorted(taken)[int(len(taken) * 0.99)] * 1000


def _together(wishes: list[Wish], workers: int) -> _Run:
    """The wishes one by one, shared out over processes that start at once."""
    if workers == 1:
        start = time.perf_counter()
        taken, verdicts = _one_by_one(wishes)
        return _Run(len(wishes) / (time.perf_counter() - start), taken, verdicts)
    connections.close_all()
    forked = multiprocessing.get_context("fork")
    shares = [wishes[at::workers] for at in range(workers)]
    with forked.Pool(workers) as pool:
        pool.map(_warm, range(workers), chunksize=1)
        start = time.perf_counter()
        done = pool.map(_one_by_one, shares, chunksize=1)
        rate = len(wishes) / (time.perf_counter() - start)
    return _Run(rate, [one for taken, _ in done for one in taken], set().union(*(told for _, told in done)))


def _in_threads(wishes: list[Wish], threads: int) -> _Run:
    """The wishes one by one, shared out over threads of this process, as a web server's are."""
    shares = [wishes[at::threads] for at in range(threads)]
    with ThreadPoolExecutor(threads, initializer=_warm, initargs=(0,)) as pool:
        list(pool.map(lambda _: time.sleep(0.05), shares))
        start = time.perf_counter()
        done = list(pool.map(_one_by_one, shares))
        rate = len(wishes) / (time.perf_counter() - start)
    return _Run(rate, [one for taken, _ in done for one in taken], set().union(*(told for _, told in done)))


def _warm(_: int) -> None:
    connections["default"].ensure_connection()


def _one_by_one(wishes: list[Wish]) -> tuple[list[float], set[str]]:
    taken, verdicts = [], set()
    for wish in wishes:
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
    return taken, verdicts


def _wishes(count: int, mark: str) -> list[Wish]:
    wishes = []
    terms = Terms("CNY", 1_200_000, Fraction(18, 100), PAID_OUT.date(), 12)
    with clock.use(clock.ManualClock(PAID_OUT)):
        for number in range(count):
            who = Person("Bench", "CN", "en", f"+86138{FIRST[mark] + number:08d}", "", "", "", None)
            borrower = add_borrower(person=who, actor=ACTOR)
            loan = bench_loans.pay_out(
                borrower_id=borrower,
                account_number=f"{mark}{number}",
                product="bench",
                terms=terms,
                actor=ACTOR,
            )
            point = people.mobile_point(people.get_borrower(borrower), who.mobile)
            wishes.append(Wish(borrower, "sms", "collection", point, (loan.public_id,), "cn-reminder-sms"))
    return wishes
