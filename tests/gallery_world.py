"""A book of invented clients around the small world, so that the pictures show pages at work, not empty ones.

The steps are the demo's own, on fewer clients and the day before: scored, decided, booked, closed, reminded,
reported. What waits for an answer is then asked as its people would ask it.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.test import Client
from rich.console import Console

from lenity.domain.lending import decision
from lenity.domain.servicing.plan import Kind, Request
from lenity.gateways import clock
from lenity.interfaces.cli import demo_steps, demo_story
from lenity.operations.ask_review import ask_review
from lenity.operations.propose_change import propose_change
from lenity.operations.propose_plan import propose_plan
from lenity.records.debt_collection.models import CaseLease
from lenity.records.lending.models import Payment
from lenity.records.people import queries as people
from lenity.training import synthetic
from tests import factories, gallery_office, world
from tests.operations.test_reviews import declined

CLIENTS = 1_800
ALMOST_TEN = time(21, 53)
"""Lawful, and close to the edge of an hour: a near miss."""
SEED = 42


def surround() -> None:
    """Run the demo's steps for the day before the small world's morning."""
    day = factories.MORNING.date() - timedelta(days=1)
    quiet = Console(file=io.StringIO())
    story = demo_story.Story(quiet, day, SEED, synthetic=True, rows=synthetic.clients(CLIENTS, SEED))
    now = clock.ManualClock(story.morning)
    Path(settings.HOME).mkdir(parents=True, exist_ok=True)
    with clock.use(now):
        demo_steps.main_job(story, now)
    with clock.use(clock.ManualClock(datetime.combine(day, ALMOST_TEN, ZoneInfo("Asia/Shanghai")))):
        gallery_office.call_late()


def ask(filled: world.World) -> None:
    """A plan offered by a borrower, a review of a machine's decision, a policy that waits, the office at work."""
    world.stage_book(filled)
    gallery_office.work(filled)
    propose_plan(
        loan_id=filled.values["second_loan_id"],
        asked=Request(Kind.RE_AMORTISE, 24),
        by="borrower",
        words="我从十二月起在新单位上班,每月十日发薪。",
        actor="borrower",
    )
    application = declined(filled.wang)
    ask_review(application_id=application, words="收入证明是旧的。", actor="borrower")
    policy = decision.shipped().text + "\n# Read again in January.\n"
    propose_change(
        kind="policy_activation",
        subject_id="",
        payload={"text": policy},
        reason="Losses of the autumn were above plan.",
        actor=factories.staff("risk"),
    )


@dataclass(frozen=True)
class Step:
    """A state of the collector's desk or of a page that answers, and what brings it about.

    `typed` is put into the page's fields and sent, for what no address names.
    """

    name: str
    act: Callable[[Client], None]
    path: str = "/work/"
    typed: Callable[[], dict[str, str]] = dict


def take_case(client: Client) -> None:
    """The next case, before it is known who answers."""
    client.post("/work/next/")


def confirm_person(client: Client) -> None:
    """The right person has told the end of her identity number, or her day of birth."""
    borrower = CaseLease.objects.latest("id").borrower
    born = people.birth_date_of(borrower)
    said = people.identity_number_of(borrower)[-4:] or (born.isoformat() if born else "")
    client.post("/work/confirm/", {"said": said})


def call(client: Client) -> None:
    """The call that the gate allows, under way."""
    case = CaseLease.objects.latest("id").borrower
    point = case.contact_points.filter(kind="mobile", retired_at=None).first()
    client.post("/work/contact/", {"channel": "call", "point": point.public_id if point else ""})


def nothing(client: Client) -> None:
    """The page as it is."""


def paid_account() -> dict[str, str]:
    """The account of a payment of the bank's file."""
    return {"account": Payment.objects.filter(source="bank").latest("id").loan.account_number}


STEPS = (
    Step("work-case-before-identity", take_case),
    Step("work-case", confirm_person),
    Step("work-case-call", call),
    Step("work-code-now", nothing, "/work/code/"),
    Step("work-today-done", nothing, "/work/today/"),
    Step("operations-payments-account", nothing, "/operations/payments/", paid_account),
)
