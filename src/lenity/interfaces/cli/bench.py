"""`lenity bench`: how fast, beside something simple in the same run. Ratios travel; absolute numbers do not."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from lenity.domain.debt_collection import gate
from lenity.domain.debt_collection.contact import Facts, Past, Person, Point, Proposal
from lenity.domain.servicing import schedule
from lenity.domain.servicing.terms import Terms
from lenity.interfaces.cli import (
    bench_contacts,
    bench_database,
    bench_payments,
    bench_score,
    bench_web,
    json_input,
)
from lenity.law import reader

app = typer.Typer(help="Measure, side by side.", no_args_is_help=True)
app.command("payments", hidden=True)(bench_payments.command)
app.command("contacts", hidden=True)(bench_contacts.command)
app.command("score")(bench_score.command)
app.command("web")(bench_web.command)
app.command("web-fill", hidden=True)(bench_web.fill)
app.command("web-ask", hidden=True)(bench_web.ask)
START = date(2026, 1, 15)
CENT = Decimal("0.01")


@app.command("servicing")
def servicing(
    rounds: Annotated[int, typer.Option(min=3, help="Rounds; the median counts.")] = 7,
    payments: Annotated[int, typer.Option(min=20, help="Payments a database.")] = 300,
    postgres: Annotated[str, typer.Option(help="An empty PostgreSQL database: its URL.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Schedules of 36 instalments a second on one core, and payments posted durably a second."""
    ours, plain = _side_by_side(lambda number: schedule.of(_terms(number)), _plain, rounds)
    databases = {"sqlite": _payments(payments, "")}
    if url := postgres or bench_database.own_postgres():
        databases["postgresql"] = _payments(payments, url)
    result: dict[str, object] = {
        "schedules_per_second": round(ours),
        "plain_decimal_schedules_per_second": round(plain),
        "schedules_ratio": f"{ours / plain:.2f}",
        "payments_per_second": databases,
        "rounds": rounds,
    }
    if as_json:
        json_input.say(result)
        return
    console = Console()
    console.print(
        f"Schedules of 36 instalments: {ours:,.0f}/s; plain Decimal {plain:,.0f}/s ({ours / plain:.1f}x)"
    )
    for name, rate in databases.items():
        console.print(f"Payments posted durably, {name}: {rate}/s")


@app.command("gate")
def gate_(
    rounds: Annotated[int, typer.Option(min=3, help="Rounds; the median counts.")] = 7,
    contacts: Annotated[int, typer.Option(min=20, help="Contacts a database and form.")] = 500,
    postgres: Annotated[str, typer.Option(help="An empty PostgreSQL database: its URL.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Decisions a second of the pure gate (history of 50), and contacts a second through the one door."""
    asked = [_question(number) for number in range(200)]
    book = reader.rulebook("CN")
    pure, counting = _side_by_side(
        lambda number: gate.decide(asked[number % 200], book),
        lambda number: _two_limits(asked[number % 200]),
        rounds,
    )
    sqlite = _worker("contacts", contacts, "")
    url = postgres or bench_database.own_postgres()
    together = ("--workers", "2", "--workers", "4", "--workers", "8", "--threads", "8", "--threads", "16")
    server = _worker("contacts", contacts, url, *together) if url else None
    result: dict[str, object] = {
        "pure_per_second": round(pure),
        "plain_two_limits_per_second": round(counting),
        "database_per_second": server
        and max([*server["by_workers"].values(), *server["by_threads"].values()]),
        "database_per_second_by_workers": server and server["by_workers"],
        "database_per_second_by_threads": server and server["by_threads"],
        "sqlite_per_second": sqlite["singly_per_second"],
        "batch_per_second": (server or sqlite)["batch_per_second"],
        "p99_ms": {"sqlite": sqlite["p99_ms"], "postgresql": server and server["p99_ms"]},
        "p99_ms_by_threads": server and server["p99_ms_by_threads"],
        "sqlite_batch_per_second": sqlite["batch_per_second"],
        "verdicts": sqlite["verdicts"],
        "rounds": rounds,
    }
    if as_json:
        json_input.say(result)
        return
    for name, value in result.items():
        Console().print(f"{name}: {value}")


NOW = datetime(2026, 11, 3, 2, 12, tzinfo=UTC)


def _question(number: int) -> Facts:
    """A text to a borrower with fifty contacts behind her, two of them this week."""
    point = Point("P", "mobile", "borrower", "unknown", "contract", ("Asia/Shanghai",))
    ages = [timedelta(days=3), timedelta(days=5), *(timedelta(days=9 + back) for back in range(48))]
    history = tuple(
        Past(
            f"c{place}",
            NOW - age,
            ("call", "email", "sms")[place % 3],
            "collection",
            "P",
            "borrower",
            ("L",),
            "no_answer",
        )
        for place, age in reversed(list(enumerate(ages)))
    )
    proposal = Proposal("C", NOW + timedelta(seconds=number), "sms", "collection", point, ("L",))
    return Facts(Person("B", "CN", ("Asia/Shanghai",), date(1990, 3, 7)), proposal, history, ())


def _two_limits(facts: Facts) -> bool:
    """What anyone would write: the hours and one count a week, in one zone, with no reasons given."""
    here = ZoneInfo("Asia/Shanghai")
    now = facts.proposal.at.astimezone(here)
    week = now - timedelta(days=7)
    inside = sum(1 for past in facts.history if past.at.astimezone(here) >= week)
    return 8 <= now.hour < 22 and inside < 7


def _terms(number: int) -> Terms:
    return Terms("CNY", 1_000_000 + number * 137, Fraction(18, 100), START, 36)


def _plain(number: int) -> list[tuple[Decimal, Decimal]]:
    """What anyone would write: equal instalments in Decimal, one rate a month."""
    balance = (Decimal(1_000_000 + number * 137) / 100).quantize(CENT)
    rate = Decimal("0.18") / 12
    power = (1 + rate) ** 36
    due = (balance * rate * power / (power - 1)).quantize(CENT, ROUND_HALF_EVEN)
    rows = []
    for place in range(36):
        interest = (balance * rate).quantize(CENT, ROUND_HALF_EVEN)
        principal = balance if place == 35 else due - interest
        balance -= principal
        rows.append((principal, interest))
    return rows


def _side_by_side(
    ours: Callable[[int], object], plain: Callable[[int], object], rounds: int
) -> tuple[float, float]:
    """Medians of both in calls a second; the rounds take turns, so that noise hits both."""
    rates: dict[Callable[[int], object], list[float]] = {ours: [], plain: []}
    for _ in range(rounds):
        for call, found in rates.items():
            start = time.perf_counter()
            for number in range(1000):
                call(number)
            found.append(1000 / (time.perf_counter() - start))
    return statistics.median(rates[ours]), statistics.median(rates[plain])


def _payments(count: int, url: str) -> int:
    return int(_worker("payments", count, url)["payments_per_second"])


def _worker(name: str, count: int, url: str, *more: str) -> dict[str, Any]:
    """What a hidden command prints, run in a process and a database of its own."""
    with tempfile.TemporaryDirectory(prefix="lenity-bench-") as home:
        env = {**os.environ, "LENITY_HOME": home, "LENITY_DATABASE_URL": url}
        call = [sys.executable, "-m", "lenity.interfaces.cli.main", "bench", name, str(count), *more]
        done = subprocess.run(call, env=env, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise SystemExit(done.stderr)
        found: dict[str, Any] = json.loads(done.stdout)
        return found
