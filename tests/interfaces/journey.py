"""A borrower before a real browser, the lender's side behind it, and the steps that several journeys share.

Every element is found as she would find it: by its role and by the words of the translation catalogue. What
the lender does in between (a reminder leaves, the gate is asked again, a payment is booked) goes through
the operations.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from lenity.gateways import delivery
from lenity.interfaces.shared.templatetags import lenity as shown
from lenity.operations.request_contact import request_contact
from lenity.operations.send_contacts import send_contacts
from lenity.records import encrypted
from lenity.records.arrangements.models import Agreement
from lenity.records.debt_collection.models import Contact, OutboxMessage
from lenity.records.lending.models import Loan
from lenity.records.people.models import Borrower

MOBILE = "13800138000"
BIRTH_DATE = "1990-03-07"
PATIENCE = 10_000
FOCUSED = """one => {
  const style = getComputedStyle(one);
  return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
}"""


class Network:
    """A network of mobile phones that takes every message."""

    def hand_over_many(self, messages: list[delivery.Message]) -> dict[str, delivery.Accepted]:
        return {one.contact_id: delivery.Accepted("test", f"id-{one.contact_id}") for one in messages}


@dataclass
class Reader:
    """A borrower at her phone: she presses and fills what the page calls by these words.

    With `keys` she never points: she tabs to what she means, and what she is on has to show its focus. On each
    page whose heading she reads, nothing is cut off to the right.
    """

    page: Any
    language: str
    keys: bool = False

    def says(self, text: str, **values: object) -> str:
        """A text of the product in her language."""
        with translation.override(self.language):
            return gettext(text) % values if values else gettext(text)

    def word(self, code: str, kind: str) -> str:
        """A code of the product in her language."""
        with translation.override(self.language):
            return str(shown.word(code, kind))

    def amount(self, minor: int, currency: str = "CNY") -> str:
        """An amount as her page writes it."""
        with translation.override(self.language):
            return shown.amount(minor, currency)

    def day(self, value: date) -> str:
        """A day as her page writes it."""
        with translation.override(self.language):
            return shown.day(value)

    def press(self, text: str, role: str = "button", within: Any = None) -> None:
        """Press the one button or link that begins with a text."""
        self.use(self.starting(role, self.says(text), within))

    def use(self, target: Any) -> None:
        """Press what stands on the page, with the finger or with the keyboard."""
        if self.keys:
            self._tab_to(target)
            self.page.keyboard.press("Enter")
        else:
            target.click()

    def fill(self, text: str, value: str) -> None:
        """Fill the one field that has this label."""
        self.write(self.page.get_by_label(self.says(text), exact=True), value)

    def write(self, target: Any, value: str) -> None:
        """Put a text into a field."""
        if self.keys:
            self._tab_to(target)
            self.page.keyboard.press("Control+A")
            self.page.keyboard.type(value)
        else:
            target.fill(value)

    def tick(self, target: Any) -> None:
        """Tick a box, or choose one of several."""
        if self.keys and target.get_attribute("type") == "checkbox":
            self._tab_to(target)
            self.page.keyboard.press("Space")
        elif self.keys:
            self._choose(target)
        else:
            target.check()

    def sees(self, text: str, **values: object) -> None:
        """A text stands on the page, to be seen."""
        self.finds(self.says(text, **values))

    def finds(self, words: str) -> None:
        """These very words stand on the page, to be seen."""
        self.page.get_by_text(words).first.wait_for(timeout=PATIENCE)

    def row(self, label: str) -> str:
        """What stands beside a label in a list of figures."""
        term = self.page.get_by_role("term").filter(has_text=self.says(label)).first
        return str(term.locator("..").get_by_role("definition").inner_text())

    def reads_heading(self, text: str) -> None:
        """The page's first heading has come, and the page fits."""
        self.page.get_by_role("heading", name=text, exact=True, level=1).wait_for(timeout=PATIENCE)
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{text}: {wide} px are cut off"

    def starting(self, role: str, text: str, within: Any = None) -> Any:
        """Buttons or links that begin with a text, on the page or within a part of it."""
        name = re.compile("^" + re.escape(text))
        return (within or self.page).get_by_role(role, name=name)

    def _tab_to(self, target: Any) -> None:
        target.wait_for(timeout=PATIENCE)
        for _ in range(90):
            if target.evaluate("one => one === document.activeElement"):
                assert target.evaluate(FOCUSED), "the focus shows"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {target}")

    def _choose(self, target: Any) -> None:
        """Within a group of choices the arrows go on from the first, which the tab key reaches."""
        first = self.page.locator(f"input[name={target.get_attribute('name')}]").first
        self._tab_to(first)
        self.page.keyboard.press("Space")
        for _ in range(20):
            if target.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError("the arrows do not reach the choice")


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


def checks_a_code(reader: Reader, contact: Contact, known: bool) -> None:
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
            reader.write(reader.page.get_by_label(label, exact=True), value)
        reader.press("Save and go on")
    reader.reads_heading(reader.says("Check my answers"))
    reader.press("This is right, keep it")
    reader.reads_heading(reader.says("What your month leaves"))


def signs_a_plan(reader: Reader, case: Case) -> Agreement:
    """The first plan on offer, looked at, agreed to and signed by the code on her phone."""
    reader.press("Plans that fit", "link")
    reader.reads_heading(reader.says("Pay over time"))
    reader.use(reader.starting("link", reader.says("Look at this plan")).first)
    return signs_what_is_shown(reader, case)


def signs_what_is_shown(reader: Reader, case: Case) -> Agreement:
    """What stands on the page to be checked, agreed to and signed by the code on her phone."""
    reader.reads_heading(reader.says("Check before you sign"))
    reader.press("Send me the code to sign")
    reader.page.get_by_role("alert").wait_for(timeout=PATIENCE)
    reader.tick(reader.page.get_by_label(reader.says("I agree to these dates and amounts.")))
    reader.press("Send me the code to sign")
    reader.reads_heading(reader.says("Sign"))
    assert not Agreement.objects.exists(), "nothing is agreed before the code"
    reader.fill("Code from the text message", case.one_time_code("plan-code-sms"))
    reader.press("Sign the agreement")
    reader.reads_heading(reader.says("Repayment agreement"))
    return Agreement.objects.get()


def choose(reader: Reader, code: str, kind: str) -> Any:
    """The choice that is called by a code's words."""
    return reader.page.get_by_role("radio", name=reader.word(code, kind), exact=True)
