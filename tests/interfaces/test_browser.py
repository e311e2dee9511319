"""The pages in a real browser: no sideways scrolling, no error in the console, in both languages and widths."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.interfaces.browser import ARGUMENTS, CHROMIUM, NEEDS_CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    NEEDS_CHROMIUM,
]
PATHS = ["/verify/", "/rights/", "/sign-in/", "/staff/sign-in/", "/nowhere/"]


@pytest.fixture
def page(live_server: Any) -> Iterator[Any]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        try:
            yield browser.new_page(base_url=live_server.url)
        finally:
            browser.close()
            os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


def test_pages_fit_and_are_quiet(page: Any) -> None:
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    for language in ("en", "zh-hans"):
        page.goto("/rights/")
        switch = page.locator(f"button[name=language][value={language}]")
        if switch.count():
            switch.click()
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            for path in PATHS:
                page.goto(path)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
                small = page.evaluate(
                    "[...document.querySelectorAll('button, input, .btn, .links a')]"
                    ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.5).length"
                )
                assert small == 0, (path, width)
    assert [error for error in errors if "404" not in error] == []


def test_a_code_can_be_checked_by_keyboard_alone(page: Any) -> None:
    page.goto("/verify/")
    page.locator("#code").focus()
    page.keyboard.type("ABCD234567")
    page.keyboard.press("Enter")
    page.locator(".verdict").wait_for(timeout=10_000)
    assert page.locator(".verdict").count() == 1
