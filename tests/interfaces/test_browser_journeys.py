"""Whole journeys of a borrower in trouble, in a real browser, once in Chinese and once in English."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from lenity.operations.seal_evidence import seal_evidence
from lenity.operations.take_payment import take_payment
from tests import factories
from tests.interfaces.browser import NEEDS_CHROMIUM
from tests.interfaces.conftest import Room
from tests.interfaces.journey import (
    PATIENCE,
    Case,
    Reader,
    checks_a_code,
    signs_a_plan,
    signs_in,
    tells_her_month,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    NEEDS_CHROMIUM,
]


def test_from_a_reminder_to_paid(reader: Reader, wang: Case) -> None:
    from_a_reminder_to_paid(reader, wang)


WAYS: dict[str, dict[str, Any]] = {
    "without-script": {"language": "zh-hans", "java_script_enabled": False},
    "by-keyboard": {"language": "en", "keys": True, "width": 1280},
    "narrow": {"language": "en", "width": 320},
    "twice-the-text": {"language": "zh-hans"},
}


@pytest.mark.parametrize("way", WAYS)
def test_the_same_life_by_another_way(room: Room, wang: Case, way: str) -> None:
    """Without script, by the keyboard alone, on a screen of 320 px, and with letters of twice the size."""
    one = room.reader(**WAYS[way])
    if way == "twice-the-text":
        sizes = {"fontSizes": {"standard": 32, "fixed": 26}}
        one.page.context.new_cdp_session(one.page).send("Page.setFontSizes", sizes)
    from_a_reminder_to_paid(one, wang)
    letters = one.page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    assert letters == (34 if way == "twice-the-text" else 17)


def from_a_reminder_to_paid(reader: Reader, wang: Case) -> None:
    reminder = wang.remind()
    assert reminder.verdict == "allowed"
    assert reminder.code in wang.message("cn-reminder-sms")
    checks_a_code(reader, reminder, known=False)
    checks_a_code(reader, reminder, known=True)
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
    stopped.first.wait_for(timeout=PATIENCE)
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
    reader.tick(reader.page.get_by_role("radio", name=reader.word("how_contacted", "concern"), exact=True))
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
    told = json.loads(pack.read("evidence.json"))
    assert reminder.code in json.dumps(told)
    assert [name for name in pack.namelist() if name.startswith("receipts/")]
