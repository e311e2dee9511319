"""`lenity bench web`: the five most used pages over a large book in PostgreSQL, asked as many browsers would.

Three processes: one fills the database through the product's own import, close and gate; the web server with
its workers; and the browsers, which keep their connections and take turns over people and pages.
"""

from __future__ import annotations

import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from rich.console import Console
from rich.table import Table

from lenity.base import dates
from lenity.domain.lending import book_mapping
from lenity.gateways import clock, ids
from lenity.interfaces.cli import bench_database, json_input
from lenity.operations.add_staff import add_staff
from lenity.operations.close_day import close_day
from lenity.operations.gatekeeping import Wish
from lenity.operations.import_book import import_book
from lenity.operations.request_contacts import request_contacts
from lenity.records.debt_collection import strategy_queries
from lenity.training import invented_people, synthetic, taiwan

ACTOR = "bench"
SEED = 20261125
SIGNED_IN = 2000
WITH_CONTACTS = 4000
WARM_UP_SECONDS = 4
PORT = 8399
PAGES = ("home", "contact log", "statement", "verify", "queue")


def command(
    borrowers: Annotated[int, typer.Option(min=200, max=2_000_000)] = 100_000,
    seconds: Annotated[int, typer.Option(min=2, max=600, help="How long it is measured.")] = 20,
    browsers: Annotated[int, typer.Option(min=1, max=200, help="Connections at a time.")] = 8,
    workers: Annotated[int, typer.Option(min=1, max=32)] = 2,
    threads: Annotated[int, typer.Option(min=1, max=32)] = 4,
    rounds: Annotated[int, typer.Option(min=1, max=20, help="Rounds; the median counts.")] = 3,
    postgres: Annotated[str, typer.Option(help="An empty PostgreSQL database: its URL.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Requests a second and p95 of the five most used pages."""
    url = postgres or bench_database.own_postgres()
    if not url:
        raise typer.BadParameter("There is no PostgreSQL: give --postgres URL, or install the test packages.")
    with tempfile.TemporaryDirectory(prefix="lenity-bench-") as home:
        env = {**os.environ, "LENITY_HOME": home, "LENITY_DATABASE_URL": url}
        begun = clock.stopwatch()
        asked = _run(env, "web-fill", str(borrowers))
        Path(home, "asked.json").write_text(json.dumps(asked["asked"]), "utf-8")
        filled = clock.stopwatch() - begun
        with _server(env, workers, threads):
            found = [
                _run(env, "web-ask", f"{home}/asked.json", str(seconds), str(browsers)) for _ in range(rounds)
            ]
    told = _medians(found)
    result = {
        "borrowers": borrowers,
        "fill_seconds": round(filled),
        "workers": workers,
        "threads": threads,
        "browsers": browsers,
        "rounds": rounds,
        **told,
    }
    json_input.say(result) if as_json else _show(result)


def fill(borrowers: Annotated[int, typer.Argument(min=200)]) -> None:
    """Fill an empty database; prints addresses and cookies to ask with."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    today = clock.today("Asia/Shanghai")
    as_of = today.replace(day=1) - timedelta(days=1)
    rows = synthetic.clients(borrowers, SEED)
    text = invented_people.book(rows, taiwan.RAW, ids.seeded(SEED), today.replace(day=1))
    file = Path(settings.HOME) / "book.csv"
    file.write_text(text, "utf-8")
    mapping = book_mapping.read(book_mapping.shipped("taiwan_card"))
    import_book(file=file, mapping=mapping, as_of=as_of, actor=ACTOR)
    close_day(business_date=today, actor=ACTOR)
    cases = [one for one in strategy_queries.cases(today) if "sms" in one.points][:WITH_CONTACTS]
    request_contacts(wishes=[_wish(one) for one in cases], actor=ACTOR)
    chosen = cases[:SIGNED_IN]
    loans = {one.borrower_id: one.loan_id for one in chosen}
    asked: list[tuple[str, str, str]] = []
    staff = _staff_cookie()
    for borrower, loan in loans.items():
        cookie = _cookie(borrower)
        asked += [
            ("home", "/", cookie),
            ("contact log", "/contacts/", cookie),
            ("statement", f"/loans/{loan}/statement/", cookie),
            ("verify", "/verify/", ""),
            ("queue", "/work/", staff),
        ]
    json_input.say({"asked": asked})


def ask(
    file: Annotated[Path, typer.Argument()],
    seconds: Annotated[int, typer.Argument()],
    browsers: Annotated[int, typer.Argument()],
) -> None:
    """Ask for pages over kept connections; prints what was taken."""
    asked = json.loads(file.read_text("utf-8"))
    begin = time.monotonic() + WARM_UP_SECONDS
    taken: dict[str, list[float]] = {name: [] for name in PAGES}
    failed: list[int] = []
    crowd = [
        threading.Thread(target=_browser, args=(asked, place, browsers, begin, seconds, taken, failed))
        for place in range(browsers)
    ]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    json_input.say(
        {"taken": taken, "failed": len(failed), "statuses": sorted(set(failed)), "seconds": seconds}
    )


def _browser(
    asked: list[tuple[str, str, str]],
    place: int,
    step: int,
    begin: float,
    seconds: int,
    taken: dict[str, list[float]],
    failed: list[int],
) -> None:
    line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    at = place
    while (sent := time.monotonic()) < begin + seconds:
        name, path, cookie = asked[at % len(asked)]
        at += step
        line.request("GET", path, headers={"Cookie": f"django_language=zh-hans; {cookie}"})
        answer = line.getresponse()
        answer.read()
        if answer.status != 200:
            failed.append(answer.status)
        elif sent >= begin:
            taken[name].append((time.monotonic() - sent) * 1000)
    line.close()


def _medians(found: list[dict[str, Any]]) -> dict[str, Any]:
    def middle(values: list[float]) -> str:
        return f"{statistics.median(values):.1f}"

    rates = [sum(len(one) for one in run["taken"].values()) / run["seconds"] for run in found]
    every = [sorted(ms for one in run["taken"].values() for ms in one) for run in found]
    pages = {
        name: {
            "p50_ms": middle([_part(run["taken"][name], 0.5) for run in found]),
            "p95_ms": middle([_part(run["taken"][name], 0.95) for run in found]),
        }
        for name in PAGES
    }
    return {
        "requests_per_second": round(statistics.median(rates)),
        "p50_ms": middle([_part(one, 0.5) for one in every]),
        "p95_ms": middle([_part(one, 0.95) for one in every]),
        "p99_ms": middle([_part(one, 0.99) for one in every]),
        "failed": sum(run["failed"] for run in found),
        "statuses": sorted({status for run in found for status in run["statuses"]}),
        "pages": pages,
    }


def _part(values: list[float], part: float) -> float:
    """The value below which this part lies; 0 when nothing was measured."""
    return sorted(values)[int(len(values) * part)] if values else 0.0


def _show(result: dict[str, Any]) -> None:
    table = Table("page", "p50 ms", "p95 ms", box=None)
    for name, one in result["pages"].items():
        table.add_row(name, one["p50_ms"], one["p95_ms"])
    Console().print(table)
    Console().print(
        f"{result['requests_per_second']} requests/s, p95 {result['p95_ms']} ms, {result['failed']} failed; "
        f"{result['borrowers']:,} borrowers, filled in {result['fill_seconds']} s"
    )


def _run(env: dict[str, str], *words: str) -> dict[str, Any]:
    call = [sys.executable, "-m", "lenity.interfaces.cli.main", "bench", *words]
    done = subprocess.run(call, env=env, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@contextmanager
def _server(env: dict[str, str], workers: int, threads: int) -> Iterator[None]:
    call = [sys.executable, "-m", "gunicorn", "lenity.config.wsgi:application", "--bind", f"127.0.0.1:{PORT}"]
    call += ["--worker-class", "gthread", "--workers", str(workers), "--threads", str(threads)]
    call += ["--keep-alive", "30", "--log-level", "warning"]
    server = subprocess.Popen(call, env=env)  # noqa: S603 - a fixed program, no shell
    try:
        _until_it_answers()
        yield
    finally:
        server.terminate()
        server.wait(timeout=30)


def _until_it_answers() -> None:
    for _ in range(120):
        try:
            line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
            line.request("GET", "/api/v1/health")
            if line.getresponse().status == 200:
                return
        except OSError:
            pass
        clock.pause(0.5)
    raise SystemExit("The web server does not answer.")


def _wish(one: Any) -> Wish:
    template = "cn-reminder-sms" if one.jurisdiction == "CN" else "us-reminder-sms"
    return Wish(one.borrower_id, "sms", "collection", one.points["sms"], (one.loan_id,), template)


def _cookie(borrower: str) -> str:
    return _session({"borrower": borrower})


def _staff_cookie() -> str:
    added = add_staff(
        username="bench",
        display_name="Bench",
        staff_number="1",
        password=ids.token(),
        roles=("collector",),
        role_reason="to measure pages",
        actor=ACTOR,
    )
    return _session(
        {
            SESSION_KEY: str(added.staff.pk),
            BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
            HASH_SESSION_KEY: added.staff.get_session_auth_hash(),
        }
    )


def _session(content: dict[str, str]) -> str:
    now = dates.instant_text(clock.now())
    store = SessionStore()
    store.update({**content, "began": now, "seen": now})
    store.create()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}"
