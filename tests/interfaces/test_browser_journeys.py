"""Whole journeys of a borrower in trouble, in a real browser, once in Chinese and once in English.

Every element is found as she would find it: by its role and by the words of the translation catalogue. What
the lender does in between (a reminder leaves, the gate is asked again, a payment is booked) goes through
the operations.
"""

from __future__ import annotations

import io
import json
import os
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import gettext

from lenity.gateways import clock, delivery
from lenity.interfaces.shared.templatetags import lenity as shown
from lenity.operations.close_day import close_day
from lenity.operations.request_contact import request_contact
from lenity.operations.seal_evidence import seal_evidence
from lenity.operations.send_contacts import send_contacts
from lenity.operations.take_payment import take_payment
from lenity.records import encrypted
from lenity.records.arrangements.models import Agreement
from lenity.records.debt_collection.models import Contact, OutboxMessage
from lenity.records.lending.models import Loan
from lenity.records.people.models import Borrower
from tests import factories
from tests.interfaces.browser import ARGUMENTS, CHROMIUM, NEEDS_CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    NEEDS_CHROMIUM,
]
MOBILE = "13800138000"
BIRTH_DATE = "1990-03-07"
PATIENCE = 10_000


class Network:
    """A network of mobile phones that takes every message."""

    def hand_over_many(self, messages: list[delivery.Message]) -> dict[str, delivery.Accepted]:
        return {one.contact_id: delivery.Accepted("test", f"id-{one.contact_id}") for one in messages}


@dataclass
class Reader:
    """A borrower at her phone: she presses and fills what the page calls by these words."""

    page: Any
    language: str

    def says(self, text: str, **values: object) -> str:
        """A text of the product in her language."""
        with translation.override(self.language):
            return gettext(text) % values if values else gettext(text)

    def word(self, code: str, kind: str) -> str:
        """A code of the product in her language."""
        with translation.override(self.language):
            return str(shown.word(code, kind))

    def press(self, text: str, role: str = "button", within: Any = None) -> None:
        """Press the one button or link that begins with a text."""
        self.starting(role, self.says(text), within).click()

    def fill(self, text: str, value: str) -> None:
        """Fill the one field that has this label."""
        self.page.get_by_label(self.says(text), exact=True).fill(value)

    def sees(self, text: str, **values: object) -> None:
        """A text stands on the page, to be seen."""
        self.page.get_by_text(self.says(text, **values)).first.wait_for(timeout=PATIENCE)

    def reads_heading(self, text: str) -> None:
        """The page's first heading has come."""
        self.page.get_by_role("heading", name=text, exact=True, level=1).wait_for(timeout=PATIENCE)

    def starting(self, role: str, text: str, within: Any = None) -> Any:
        """Buttons or links that begin with a text, on the page or within a part of it."""
        name = re.compile("^" + re.escape(text))
        return (within or self.page).get_by_role(role, name=name)


@dataclass
class Case:
    """Wang, forty days late on one loan of 1,234.56."""

    owner: Borrower
    loan: Loan
    point: str

    def remind(self) -> Contact:
        """The lender wishes to remind her; the gate decides, and what is allowed leaves."""
        contact = request_contact(
            borrower_id=self.owner.public_id,
            channel="sms",
            purpose="collection",
            point_id=self.point,
            loan_ids=(self.loan.public_id,),
            template="cn-reminder-sms",
            actor="test",
        )
        send_contacts(channels={"sms": Network()}, actor="test")
        return contact

    def message(self, template: str) -> str:
        """The newest message of a template, as it came to her phone."""
        row = OutboxMessage.objects.filter(contact__template=template).latest("contact_id")
        place = {"table": "debt_collection_outboxmessage", "column": "body", "row": row.contact.public_id}
        return str(json.loads(encrypted.unseal(row.body_sealed, **place))["body"])

    def one_time_code(self, template: str) -> str:
        """The six digits in that message."""
        found = re.search(r"(?<!\d)\d{6}(?!\d)", self.message(template))
        assert found
        return found.group()


@pytest.fixture
def now() -> Iterator[clock.ManualClock]:
    moving = clock.ManualClock(factories.MORNING)
    with clock.use(moving):
        yield moving


@pytest.fixture
def wang(now: clock.ManualClock) -> Case:
    owner = factories.borrower()
    point = factories.contact_point(owner)
    loan = factories.late_loan(owner, days_late=40, minor=123_456)
    close_day(business_date=factories.MORNING.date(), actor="test")
    return Case(owner, loan, point.public_id)


@pytest.fixture(params=["zh-hans", "en"])
def reader(live_server: Any, request: pytest.FixtureRequest) -> Iterator[Reader]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        try:
            context = browser.new_context(
                base_url=live_server.url, viewport={"width": 390, "height": 844}, accept_downloads=True
            )
            context.set_default_timeout(PATIENCE)
            context.add_cookies([{"name": "django_language", "value": request.param, "url": live_server.url}])
            yield Reader(context.new_page(), request.param)
        finally:
            browser.close()
            os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


def checks_the_code(reader: Reader, contact: Contact, known: bool) -> None:
    """Without signing in, she asks whether a message is genuine."""
    reader.page.goto("/verify/")
    reader.fill("Code", contact.code if known else "ABCD234567")
    reader.press("Check")
    reader.sees("Yes, this contact is from us." if known else "No, we do not know this code.")


def signs_in(reader: Reader, case: Case) -> None:
    reader.page.goto("/sign-in/")
    reader.fill("Mobile number", MOBILE)
    reader.press("Send the code")
    reader.reads_heading(reader.says("Enter the code"))
    reader.fill("Code from the text message", case.one_time_code("sign-in-code-sms"))
    reader.fill("Last four characters of your identity number", BIRTH_DATE)
    reader.press("Sign in")
    reader.page.get_by_role("heading", name="王小明").wait_for(timeout=PATIENCE)


def tells_her_month(reader: Reader) -> None:
    """Six short pages: 4,000 come in, 500 go for the home."""
    reader.press("I cannot pay now", "link")
    reader.reads_heading(reader.says("I cannot pay now"))
    reader.press("Go on", "link")
    for code in ("household", "income", "home", "living", "family", "debts"):
        reader.reads_heading(reader.word(code, "budget_page"))
        for line, value in {"income": [("wages", "4000")], "home": [("rent", "500")]}.get(code, []):
            label = f"{reader.says('Amount')} {reader.word(line, 'budget_line')}"
            reader.page.get_by_label(label, exact=True).fill(value)
        reader.press("Save and go on")
    reader.reads_heading(reader.says("Check my answers"))
    reader.press("This is right, keep it")
    reader.reads_heading(reader.says("What your month leaves"))


def signs_a_plan(reader: Reader, case: Case) -> Agreement:
    """The first plan on offer, looked at, agreed to and signed by the code on her phone."""
    reader.press("Plans that fit", "link")
    reader.reads_heading(reader.says("Pay over time"))
    reader.starting("link", reader.says("Look at this plan")).first.click()
    reader.reads_heading(reader.says("Check before you sign"))
    reader.press("Send me the code to sign")
    reader.page.get_by_role("alert").wait_for(timeout=PATIENCE)
    reader.page.get_by_label(reader.says("I agree to these dates and amounts.")).check()
    reader.press("Send me the code to sign")
    reader.reads_heading(reader.says("Sign"))
    assert not Agreement.objects.exists(), "nothing is agreed before the code"
    reader.fill("Code from the text message", case.one_time_code("plan-code-sms"))
    reader.press("Sign the agreement")
    reader.reads_heading(reader.says("Repayment agreement"))
    return Agreement.objects.get()


def test_from_a_reminder_to_paid(reader: Reader, wang: Case) -> None:
    reminder = wang.remind()
    assert reminder.verdict == "allowed"
    assert reminder.code in wang.message("cn-reminder-sms")
    checks_the_code(reader, reminder, known=False)
    checks_the_code(reader, reminder, known=True)
    signs_in(reader, wang)
    tells_her_month(reader)
    agreed = signs_a_plan(reader, wang)
    reader.sees("Reminders have stopped. We hold the same copy; this number tells whether one was changed:")
    reader.page.get_by_text(agreed.digest).wait_for(timeout=PATIENCE)

    again = wang.remind()
    assert (again.verdict, again.decision.leading_provision) == ("refused", "CN-XYK-70")
    reader.page.goto("/")
    reader.page.get_by_text(reader.word("plan", "hold")).wait_for(timeout=PATIENCE)
    reader.press("See every contact", "link")
    stopped = reader.page.get_by_role("article").filter(has_text=reader.word("refused", "verdict"))
    assert stopped.count() == 1
    reader.press("Why it was stopped", "link", stopped)
    reader.reads_heading(reader.word("sms", "channel").capitalize())

    pays_it_all(reader, wang)


def pays_it_all(reader: Reader, case: Case) -> None:
    """She reads what settles everything and pays it at her bank; home then says that nothing is owed."""
    reader.page.goto("/")
    reader.press("Pay", "link", reader.page.get_by_role("main").get_by_role("listitem").first)
    row = reader.page.get_by_text(reader.says("To settle everything today"), exact=True).locator("..")
    minor = int(re.sub(r"\D", "", row.get_by_role("definition").inner_text()))
    reader.page.get_by_text(case.loan.account_number, exact=True).wait_for(timeout=PATIENCE)
    take_payment(
        loan_id=case.loan.public_id,
        amount_minor=minor,
        currency="CNY",
        value_date=factories.MORNING.date(),
        source="bank",
        source_id="journey-1",
        actor="test",
    )
    reader.page.goto("/")
    reader.sees("Nothing is overdue.")
    main = reader.page.get_by_role("main")
    assert reader.starting("link", reader.says("Pay"), main).count() == 0, "nothing is left to pay"


def test_a_complaint_and_its_evidence_pack(reader: Reader, wang: Case) -> None:
    reminder = wang.remind()
    seal_evidence(actor="test")
    signs_in(reader, wang)
    reader.press("Not mine, already paid, or a wrong amount", "link")
    reader.reads_heading(reader.says("Tell us what is wrong"))
    reader.press("Send it")
    reader.page.get_by_role("alert").wait_for(timeout=PATIENCE)
    reader.page.get_by_role("radio", name=reader.word("how_contacted", "concern"), exact=True).check()
    reader.fill("In your own words (you need not)", "Three calls <b>in one day</b> 一天三次")
    reader.press("Send it")
    reader.reads_heading(reader.word("how_contacted", "concern"))
    reader.page.get_by_text("Three calls <b>in one day</b> 一天三次").wait_for(timeout=PATIENCE)
    hold = wang.owner.holds.get()
    reader.page.get_by_text(hold.public_id, exact=True).wait_for(timeout=PATIENCE)
    again = wang.remind()
    assert (again.verdict, again.decision.leading_provision) == ("refused", "HOUSE-HOLDS")

    with reader.page.expect_download() as waiting:
        reader.press("Evidence pack (ZIP)", "link")
    pack = zipfile.ZipFile(io.BytesIO(Path(waiting.value.path()).read_bytes()))
    assert pack.testzip() is None
    assert "def " in pack.read("verifier.py").decode()
    told = json.loads(pack.read("contacts.json"))
    assert reminder.code in json.dumps(told)
    assert [name for name in pack.namelist() if name.startswith("receipts/")]
