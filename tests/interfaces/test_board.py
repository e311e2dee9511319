"""The day of operations by page: the close, what sticks, files for the bureau; and the keys of the desk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from lenity.gateways import clock
from lenity.interfaces.shared import staff_words
from lenity.records.debt_collection import board_queries
from lenity.records.debt_collection.models import OutboxMessage
from lenity.records.delinquency.models import CloseRun
from lenity.records.furnishing.models import FurnishingFile
from tests import factories, world

pytestmark = [pytest.mark.django_db(transaction=True)]
TODAY = factories.MORNING.date()
DESK = Path("src/lenity/interfaces/workbench/templates/workbench/desk.html")


@pytest.fixture(autouse=True)
def now() -> Iterator[clock.ManualClock]:
    moving = clock.ManualClock(factories.MORNING)
    with clock.use(moving):
        yield moving


@pytest.fixture
def client() -> Client:
    made = world.as_staff("operations", name="li")
    made.cookies["django_language"] = "en"
    return made


def test_an_empty_house_says_what_to_do(client: Client) -> None:
    text = client.get("/operations/").content.decode()
    for says in (
        "no day closed",
        "No message was allowed yet.",
        "Nothing is in suspense.",
        "No bureau file yet.",
    ):
        assert says in text, says


def test_the_close_does_what_it_said_for_the_day_that_was_shown(client: Client) -> None:
    world.build()
    before = CloseRun.objects.count()
    shown = board_queries.close(TODAY)
    assert (shown.day, shown.loans) == (TODAY, 3)
    assert client.post("/operations/close/", {"day": TODAY.isoformat()}).status_code == 302
    assert CloseRun.objects.count() == before + 1
    for wrong in ("2026-13-01", "", (TODAY + timedelta(days=2)).isoformat()):
        assert client.post("/operations/close/", {"day": wrong}).status_code == 422, wrong
    assert CloseRun.objects.count() == before + 1


def test_what_sticks_is_told(now: clock.ManualClock) -> None:
    world.build()
    assert not board_queries.outgoing(clock.now()).late
    now.advance(timedelta(hours=1, seconds=1))
    assert board_queries.outgoing(clock.now()).late
    late = world.as_staff("operations", name="zhou")
    assert "lenity contacts work" in late.get("/operations/").content.decode()
    OutboxMessage.objects.update(state="refused", provider="smsc")
    [provider] = board_queries.outgoing(clock.now()).providers
    assert (provider.handed, provider.fails) == (0, True)
    assert not board_queries.Provider("smsc", 81, 19).fails
    assert board_queries.Provider("smsc", 80, 20).fails
    assert not board_queries.Provider("smsc", 10, 9).fails, "too few to say"


def test_a_bureau_file_is_written_checked_and_downloaded(client: Client) -> None:
    names = {"month": "2026-10", "identification": "LENITY01", "reporter": "SAMPLE LENDING"}
    for wrong in ({"month": "2026-11"}, {"month": "x"}, {"reporter": ""}, {"reporter": "样例"}):
        assert client.post("/operations/bureau/", names | wrong).status_code == 422, wrong
    assert client.post("/operations/bureau/", names).status_code == 302
    made = FurnishingFile.objects.get()
    place = f"/operations/bureau/{made.public_id}/"
    assert place in client.get("/operations/").content.decode()
    answer = client.get(place)
    assert answer["Cache-Control"] == "no-store"
    assert b"LENITY01" in answer.content
    (Path(settings.HOME) / "furnished" / made.file_name).write_text("changed")
    assert client.get(place).status_code == 404, "not the file that was written"


def test_every_key_of_the_desk_is_shown_and_listed() -> None:
    text = DESK.read_text("utf-8")
    keys = set(re.findall(r'data-(?:key|open)="(.)"', text))
    assert keys == set(staff_words.KEYS)
    for key in keys:
        assert f"<kbd>{key.upper()}</kbd>" in text or key in "me", key
