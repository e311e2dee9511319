"""The collector's day in a real browser: in Chinese with the mouse, in English with the keyboard alone.

Each state of the desk is walked by axe at both widths on the way.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyotp
import pytest
from django.utils import translation
from django.utils.translation import gettext

from lenity.gateways import clock
from lenity.interfaces.shared.templatetags import lenity as shown
from lenity.operations.add_staff import add_staff
from lenity.operations.close_day import close_day
from lenity.operations.next_case import next_case
from lenity.operations.switch_channel import switch_channel
from lenity.records.arrangements.models import TalkTurn
from lenity.records.debt_collection.models import CaseLease, ContactOutcome, Hold, TextFinding
from lenity.records.lending.models import Loan
from tests import factories, world
from tests.interfaces import test_browser_walk as walk
from tests.interfaces.browser import ARGUMENTS, CHROMIUM, NEEDS_CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    NEEDS_CHROMIUM,
]
ABUSE = {"zh-hans": "借款人：我要弄死你，你这个白痴。", "en": "Borrower: I will kill you, you idiot."}


@dataclass
class Collector:
    """A collector at her desk; with `keys`, she never touches a mouse."""

    page: Any
    language: str
    keys: bool

    def says(self, text: str) -> str:
        with translation.override(self.language):
            return gettext(text)

    def word(self, code: str, kind: str) -> str:
        with translation.override(self.language):
            return str(shown.word(code, kind))

    def does(self, key: str, selector: str) -> None:
        """One act: its key, or a click on what the key stands for; then the page that follows."""
        self.page.wait_for_load_state()
        if self.keys:
            self.page.locator("body").press(key)
        else:
            self.page.locator(selector).first.click()

    def opens(self, key: str) -> Any:
        """Open a fold; its first field has the focus when it was opened by its key."""
        self.page.wait_for_load_state()
        fold = self.page.locator(f'details[data-open="{key}"]')
        if self.keys:
            self.page.locator("body").press(key)
        else:
            fold.locator("summary").click()
        fold.locator("form").first.wait_for()
        return fold

    def sends(self, fold: Any) -> None:
        """Send the form of a fold."""
        button = fold.locator("form button").first
        if self.keys:
            button.focus()
            self.page.keyboard.press("Enter")
        else:
            button.click()
        self.page.wait_for_load_state()

    def sees(self, text: str) -> None:
        self.page.get_by_text(self.says(text)).first.wait_for()


@pytest.fixture(params=["zh-hans", "en"])
def li(live_server: Any, request: pytest.FixtureRequest) -> Iterator[Collector]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    from playwright.sync_api import sync_playwright

    moving = clock.ManualClock(factories.MORNING)
    with clock.use(moving), sync_playwright() as player:
        for number in range(3):
            owner = factories.borrower(name=f"王小明{number}")
            factories.contact_point(owner, value=f"+861380013800{number}")
            factories.late_loan(owner, days_late=60 - number, minor=123_456)
        close_day(business_date=factories.MORNING.date(), actor="test")
        added = add_staff(
            username="li",
            display_name="李静",
            staff_number="0421",
            password=world.PASSWORD,
            roles=("collector",),
            role_reason="for the test",
            actor="test",
        )
        browser = player.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        try:
            url = live_server.url
            context = browser.new_context(base_url=url, viewport={"width": 1280, "height": 900})
            context.set_default_timeout(10_000)
            context.add_cookies([{"name": "django_language", "value": request.param, "url": url}])
            page = context.new_page()
            page.goto("/staff/sign-in/")
            page.locator("#username").fill("li")
            page.locator("#password").fill(world.PASSWORD)
            page.locator("#code").fill(pyotp.TOTP(added.totp_secret).at(int(moving.now().timestamp())))
            page.keyboard.press("Enter")
            page.wait_for_url("**/work/")
            yield Collector(page, request.param, keys=request.param == "en")
        finally:
            browser.close()
            os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


def walked(collector: Collector, state: str) -> None:
    """axe finds nothing, nothing scrolls sideways and no target is small, at both widths."""
    from axe_playwright_python.sync_playwright import Axe

    faults, page = [], collector.page
    page.wait_for_load_state()
    for width in walk.WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append(f"{width}: scrolls sideways {page.evaluate(walk.WIDEST)}")
        faults += [f"{width}: small {one}" for one in page.evaluate(walk.SMALL)]
        found = Axe().run(page, options={"resultTypes": ["violations"], "runOnly": walk.TAGS})
        faults += [
            f"{width}: {one['id']} {one['nodes'][0]['html'][:90]}" for one in found.response["violations"]
        ]
        if folder := os.environ.get("LENITY_PICTURES"):
            page.screenshot(path=f"{folder}/{state}-{collector.language}-{width}.png", full_page=True)
    assert faults == [], f"{state}: {faults}"


def takes_a_case(li: Collector) -> None:
    """The next case; nothing of the debt before the person."""
    li.does("n", '[data-key="n"]')
    li.sees("Is it the right person?")
    assert "1,234.56" not in li.page.inner_text("main")


def confirms(li: Collector) -> None:
    li.does("i", "#confirm")
    li.page.keyboard.type("1990-03-07")
    li.page.keyboard.press("Enter")
    li.page.get_by_text("1,234.56").first.wait_for()


def test_the_day_of_a_collector(li: Collector) -> None:
    walked(li, "ready")
    takes_a_case(li)
    walked(li, "before-the-person")
    li.does("c", '[data-key="c"]')
    li.sees("Call under way")
    li.does("k", '[data-key="k"]')
    li.page.locator(".digits").first.wait_for()
    walked(li, "code")
    li.page.goto("/work/")
    confirms(li)
    walked(li, "confirmed")

    li.page.locator("textarea[name=note]").fill(ABUSE[li.language])
    li.page.locator("input[name=outcome][value=conversation]").check()
    li.page.locator("textarea[name=note]").blur()
    li.does("s", '[data-key="s"]')
    li.sees("What screening found in your note")
    assert ContactOutcome.objects.get().outcome == "conversation"
    assert TextFinding.objects.filter(category="threat", said_by="borrower").exists()
    walked(li, "abuse")

    li.sends(li.opens("p"))
    li.page.get_by_text(li.word("promise", "desk_said")).wait_for()
    assert Hold.objects.get().kind == "promise"
    walked(li, "held")
    li.does("b", '[data-key="b"]')
    li.sees("Take your time.")
    walked(li, "break")
    assert CaseLease.objects.get().closed_how == "break"

    li.page.goto("/work/")
    takes_a_case(li)
    confirms(li)
    fold = li.opens("o")
    fold.locator("#number").fill("12")
    li.sends(fold)
    li.page.get_by_text(li.word("offered", "desk_said")).wait_for()
    assert TalkTurn.objects.get().by == "lender"
    li.sends(li.opens("h"))
    li.page.get_by_text(li.word("concern", "desk_said")).wait_for()
    li.does("x", '[data-key="x"]')
    li.page.locator('[data-key="n"]').wait_for()

    takes_a_case(li)
    li.sends(li.opens("w"))
    li.page.get_by_text(li.word("quarantined", "desk_said")).wait_for()
    li.sees("Nobody is waiting")
    walked(li, "nobody-left")
    li.does("t", '[data-key="t"]')
    li.page.get_by_role("heading", name=li.says("My day"), level=1).wait_for()
    walked(li, "today")


PRESSES = """() => {
  const count = () => sessionStorage.setItem("presses", 1 + Number(sessionStorage.getItem("presses") || 0));
  document.addEventListener("pointerdown", count, true);
  document.addEventListener("keydown", count, true);
}"""
MOST_PRESSES = 3
ARRANGED = {
    "promise": ("p", (), "promise"),
    "plan": ("l", (), "plan"),
    "hardship": ("h", (), "concern"),
    "dispute": ("d", ("input[value=already_paid]",), "concern"),
    "wrong person": ("w", (), "quarantined"),
}
"""What a collector arranges: its fold, what has to be chosen in it, and what the desk says then."""


def test_each_arrangement_takes_three_presses_at_most(li: Collector) -> None:
    li.page.add_init_script(f"addEventListener('DOMContentLoaded', {PRESSES})")
    li.page.goto("/work/")
    takes_a_case(li)
    confirms(li)
    taken = {}
    for name, (key, choices, said) in ARRANGED.items():
        li.page.wait_for_load_state()
        li.page.evaluate("sessionStorage.removeItem('presses')")
        fold = li.opens(key)
        for one in choices:
            fold.locator(one).press("Space") if li.keys else fold.locator(one).click()
        li.sends(fold)
        li.page.get_by_text(li.word(said, "desk_said")).first.wait_for()
        taken[name] = int(li.page.evaluate("sessionStorage.getItem('presses')"))
    assert all(2 <= number <= MOST_PRESSES for number in taken.values()), taken


DESPAIR = {"zh-hans": "借款人：我不想活了。", "en": "Borrower: I want to kill myself."}


def test_the_states_in_which_less_may_be_done(li: Collector) -> None:
    assert next_case(actor=factories.staff("collector"))
    account = Loan.objects.get(borrower=CaseLease.objects.get().borrower).account_number
    fold = li.opens("u")
    fold.locator("#account").fill(account)
    fold.locator("#words").fill("she called us back")
    li.sends(fold)
    li.page.get_by_text(li.word("busy", "desk_said")).wait_for()
    walked(li, "with-another")

    takes_a_case(li)
    li.does("m", '[data-key="m"]')
    li.page.get_by_text(li.word("sent", "desk_said")).wait_for()
    assert li.page.locator("li.later, li.closed").count()
    assert li.page.locator('[data-key="m"]').count() == 0, "what is put off has no key"
    walked(li, "put-off")
    mine = CaseLease.objects.latest("id").borrower
    switch_channel(borrower_id=mine.public_id, channel="call", on=False, actor="borrower")
    li.page.goto("/work/")
    assert li.page.locator("li.closed").count()
    walked(li, "refused")
    switch_channel(borrower_id=mine.public_id, channel="call", on=True, actor="borrower")
    li.page.goto("/work/")

    li.does("c", '[data-key="c"]')
    li.sees("Call under way")
    confirms(li)
    li.page.locator("textarea[name=note]").fill(DESPAIR[li.language])
    li.page.locator("input[name=outcome][value=conversation]").check()
    li.page.locator("textarea[name=note]").blur()
    li.does("s", '[data-key="s"]')
    li.sees("This person may be in danger.")
    assert li.page.locator(".crisis strong").count() >= 1, "whom to call is on the page"
    assert li.page.locator('.say, [data-open="p"], [data-open="l"], [data-open="o"]').count() == 0, (
        "no word of money"
    )
    walked(li, "crisis")
    li.page.locator(".crisis button").click()
    li.page.get_by_text(li.word("concern", "desk_said")).wait_for()
    assert Hold.objects.filter(borrower=mine, kind="hardship_review").exists()


def test_the_keys_are_listed_and_can_be_switched_off(li: Collector) -> None:
    li.does("?", '[data-key="?"]')
    li.page.get_by_role("heading", name=li.says("Keys"), level=1).wait_for()
    walked(li, "keys")
    li.page.locator("button[name=keys]").click()
    li.sees("The keys are off. Everything works by mouse, touch and Tab.")
    li.page.goto("/work/")
    assert li.page.locator("kbd:visible").count() == 0
    li.page.locator("body").press("n")
    assert not CaseLease.objects.exists()
