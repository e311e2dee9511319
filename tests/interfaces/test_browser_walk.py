"""Every page in a real browser, both languages, 390 and 1280 px: axe-core (WCAG 2.2 AA) finds nothing.

Pages are found in the address book (`tests/world.py`). On each: no sideways scrolling, less than 100 kB, no
error in the console (a blocked inline style is one), no text of the other language, focus to be seen, and
targets of at least 24 px.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from lenity.gateways import clock
from tests import factories, world
from tests.interfaces.browser import ARGUMENTS, CHROMIUM, NEEDS_CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    NEEDS_CHROMIUM,
]
WIDTHS = (390, 1280)
MOST_BYTES = 100_000
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
CONTRAST = {"type": "rule", "values": ["color-contrast"]}
NAMES = {"English", "简体中文", "王小明", "李雷", "李静", "样例小贷", "宽行", "中文"}
"""Names, and the language switch, which speaks the other language on purpose."""
FOREIGN = """(names) => {
  const zh = document.documentElement.lang.startsWith('zh');
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, host = node.parentElement;
    if (!host || host.closest('[lang]:not(html), script, style, code, pre, textarea, .code, svg [aria-hidden]'))
      continue;
    const text = names.reduce((left, name) => left.replaceAll(name, ''), node.textContent).trim();
    if (zh ? /[A-Za-z]{2,}[ ,]+[A-Za-z]{2,}[ ,]+[a-z]{2,}/.test(text) : /[\\u4e00-\\u9fff]{2,}/.test(text))
      found.push(text.slice(0, 90));
  }
  return found;
}"""
SMALL = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary')]
  .filter(e => e.checkVisibility() && !(e.tagName === 'A' && getComputedStyle(e).display === 'inline'))
  .map(e => [e.getBoundingClientRect(), e.closest('label')?.getBoundingClientRect(), e])
  .filter(([r, l, e]) => r.width > 1 && Math.min(r.width, r.height) < 23.5 && !(l && l.height >= 23.5))
  .map(([r, l, e]) => e.outerHTML.slice(0, 80))"""
FOCUS = """() => {
  const first = [...document.querySelectorAll('main a[href], main button, main input:not([type=hidden])')]
    .find(e => e.checkVisibility() && !e.disabled);
  if (!first) return true;
  first.focus({focusVisible: true});
  const style = getComputedStyle(first);
  return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
}"""
WIDEST = """() => [...document.querySelectorAll('body *')]
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
  .slice(0, 3).map(e => e.tagName + '.' + e.className)"""


def _readers(filled: world.World) -> dict[str, Client]:
    return {
        "public": Client(),
        "borrower": world.as_borrower(filled.wang),
        "staff": world.as_staff(*world.ROLES, name="all"),
    }


def _pages(filled: world.World, readers: dict[str, Client]) -> Iterator[tuple[str, str]]:
    """Each page that shows itself to GET, with who reads it, and the page of an address that is not there."""
    for route in world.routes():
        reader = route.access if route.access in readers else "staff"
        path = route.path(filled.values)
        answer = readers[reader].get(path)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            yield reader, path
    yield "public", "/nowhere/"
    yield "staff", "/work/nowhere/"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_is_accessible_quiet_and_in_one_language(live_server: Any, language: str) -> None:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    faults: list[str] = []
    with clock.use(clock.ManualClock(factories.MORNING)), sync_playwright() as player:
        filled = world.build()
        world.stage_book(filled)
        readers = _readers(filled)
        pages = list(_pages(filled, readers))
        browser = player.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        try:
            for reader, client in readers.items():
                context = _context(browser, live_server.url, client, language)
                page = context.new_page()
                noise: list[str] = []
                page.on(
                    "console", lambda one, noise=noise: noise.append(one.text) if one.type == "error" else 0
                )
                for path in [path for who, path in pages if who == reader]:
                    noise.clear()
                    faults += [f"{path} {fault}" for fault in _faults(page, path, Axe())]
                    faults += [f"{path} console: {text}" for text in noise if "404" not in text]
                context.close()
        finally:
            browser.close()
            os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")
    assert len(pages) >= 15
    assert faults == [], "\n".join(faults)


def _context(browser: Any, url: str, client: Client, language: str) -> Any:
    context = browser.new_context(base_url=url)
    cookies = {"django_language": language, **{name: one.value for name, one in client.cookies.items()}}
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
    return context


def _faults(page: Any, path: str, axe: Any) -> Iterator[str]:
    page.set_viewport_size({"width": WIDTHS[0], "height": 844})
    answer = page.goto(path)
    if answer.status >= 500:
        yield f"answers {answer.status}"
        return
    if len(answer.body()) >= MOST_BYTES:
        yield f"has {len(answer.body()):,} bytes"
    yield from _seen_faults(page, axe)


def _seen_faults(page: Any, axe: Any) -> Iterator[str]:
    """What is wrong with the page as it stands."""
    for text in page.evaluate(FOREIGN, sorted(NAMES)):
        yield f"speaks the other language: {text}"
    if not page.evaluate(FOCUS):
        yield "does not show the focus"
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            yield f"{width}: scrolls sideways {page.evaluate(WIDEST)}"
        for one in page.evaluate(SMALL):
            yield f"{width}: small target {one}"
        found = axe.run(page, options={"resultTypes": ["violations"], "runOnly": TAGS})
        for fault in found.response["violations"]:
            yield f"{width}: {fault['id']} {[node['html'][:100] for node in fault['nodes'][:3]]}"


def test_the_borrowers_pages_keep_their_contrast_by_night(live_server: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    faults: list[str] = []
    with clock.use(clock.ManualClock(factories.MORNING)), sync_playwright() as player:
        filled = world.build()
        readers = _readers(filled)
        browser = player.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        try:
            for reader in ("public", "borrower"):
                page = _context(browser, live_server.url, readers[reader], "zh-hans").new_page()
                page.emulate_media(color_scheme="dark")
                page.set_viewport_size({"width": WIDTHS[0], "height": 844})
                for path in [path for who, path in _pages(filled, readers) if who == reader]:
                    page.goto(path)
                    found = Axe().run(page, options={"resultTypes": ["violations"], "runOnly": CONTRAST})
                    faults += [
                        f"{path} {node['html'][:120]}"
                        for fault in found.response["violations"]
                        for node in fault["nodes"][:3]
                    ]
            page.goto("/")
            assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 23, 24)"
        finally:
            browser.close()
            os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")
    assert faults == [], "\n".join(faults)


EMPTY = (
    "/helper/",
    "/speak/",
    "/data/",
    "/contacts/told/",
    "/me/reach/",
    "/budget/household/",
    "/loans/{loan_id}/promise/",
    "/verify/",
    "/verify/report/",
    "/helping/",
    "/sign-in/",
)
"""Pages whose form may not be sent empty."""


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_a_form_answers_to_nothing_is_as_good_as_the_page(live_server: Any, language: str) -> None:
    """The summary of problems has the focus, its links lead to fields, and the page keeps every other promise."""
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    faults: list[str] = []
    with clock.use(clock.ManualClock(factories.MORNING)), sync_playwright() as player:
        filled = world.build()
        browser = player.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        try:
            page = _context(browser, live_server.url, world.as_borrower(filled.wang), language).new_page()
            page.set_viewport_size({"width": WIDTHS[0], "height": 844})
            for path in (one.format(**filled.values) for one in EMPTY):
                page.goto(path)
                with page.expect_navigation():
                    page.evaluate(SEND_EMPTY)
                faults += [f"{path} {fault}" for fault in (*_answered(page), *_seen_faults(page, Axe()))]
        finally:
            browser.close()
            os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")
    assert faults == [], "\n".join(faults)


SEND_EMPTY = """() => {
  const forms = [...document.querySelectorAll('main form[method=post]')];
  const form = forms.find(one => one.querySelector('textarea, input:not([type=hidden])')) || forms[0];
  form.querySelectorAll('input:not([type=hidden]):not([type=radio]):not([type=checkbox]), textarea')
    .forEach(one => { one.value = ''; });
  form.submit();
}"""
DANGLING = """() => [...document.querySelectorAll('.error-summary a')]
  .filter(one => !document.getElementById(one.hash.slice(1))).map(one => one.hash)"""


def _answered(page: Any) -> Iterator[str]:
    if page.locator(".error-summary").count() != 1:
        yield "says nothing of a problem"
    elif not page.evaluate("document.activeElement.matches('.error-summary')"):
        yield "leaves the focus elsewhere"
    for one in page.evaluate(DANGLING):
        yield f"leads to {one}, which is not there"
