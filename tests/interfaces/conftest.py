"""A browser for the journeys: one for a file, a clean context for each test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from lenity.gateways import clock
from lenity.operations.close_day import close_day
from tests import factories
from tests.interfaces.browser import ARGUMENTS, CHROMIUM
from tests.interfaces.journey import PATIENCE, Case, Reader


@pytest.fixture
def moving() -> Iterator[clock.ManualClock]:
    """A morning that moves on when the test says so."""
    running = clock.ManualClock(factories.MORNING)
    with clock.use(running):
        yield running


@pytest.fixture
def wang(moving: clock.ManualClock) -> Case:
    """Wang, forty days late on one loan of 1,234.56."""
    owner = factories.borrower()
    point = factories.contact_point(owner)
    loan = factories.late_loan(owner, days_late=40, minor=123_456)
    close_day(business_date=factories.MORNING.date(), actor="test")
    return Case(owner, loan, point.public_id)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, started once for a file."""
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as player:
        opened = player.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        try:
            yield opened
        finally:
            opened.close()
            os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


class Room:
    """Opens pages of this installation for people who do not share a browser's memory."""

    def __init__(self, browser: Any, url: str) -> None:
        self.browser, self.url, self.contexts = browser, url, list[Any]()

    def reader(self, language: str, *, keys: bool = False, width: int = 390, **named: Any) -> Reader:
        """Somebody at a phone of this width, in this language; `named` goes to the browser."""
        context = self.browser.new_context(
            base_url=self.url, viewport={"width": width, "height": 844}, accept_downloads=True, **named
        )
        self.contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.add_cookies([{"name": "django_language", "value": language, "url": self.url}])
        return Reader(context.new_page(), language, keys)

    def staff(self, client: Any, language: str) -> Reader:
        """Somebody of the staff who is signed in already."""
        someone = self.reader(language, width=1280)
        cookies = [
            {"name": name, "value": one.value, "url": self.url} for name, one in client.cookies.items()
        ]
        someone.page.context.add_cookies(cookies)
        return someone


@pytest.fixture
def room(browser: Any, live_server: Any) -> Iterator[Room]:
    """Where the people of one test open their pages."""
    opened = Room(browser, live_server.url)
    yield opened
    for context in opened.contexts:
        context.close()


@pytest.fixture(params=["zh-hans", "en"])
def reader(room: Room, request: pytest.FixtureRequest) -> Reader:
    """A borrower at her phone, once in each language."""
    return room.reader(request.param)
