"""More of a borrower's life in a real browser, in both languages, her side and the lender's: an impostor, a helper,
a part payment, a plan that is bargained for, kept and broken, a complaint that becomes late.

Each asserts what she sees and the facts behind it.
"""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from fractions import Fraction

import pytest

from lenity.base.money import Money
from lenity.domain.servicing.authority import Ask, Deal
from lenity.domain.servicing.terms import Terms
from lenity.gateways import clock
from lenity.operations.close_day import close_day
from lenity.operations.make_offer import make_offer
from lenity.operations.send_contacts import send_contacts
from lenity.operations.take_payment import take_payment
from lenity.records.arrangements.models import Helper, HelperReading, TalkTurn
from lenity.records.debt_collection.models import ConcernStep, Contact, Hold, ImpostorReport
from lenity.records.lending.models import Loan, Payment
from lenity.records.people.models import PointChange
from tests import factories, world
from tests.factories import disburse
from tests.interfaces.browser import NEEDS_CHROMIUM
from tests.interfaces.conftest import Room
from tests.interfaces.journey import (
    PATIENCE,
    Case,
    Network,
    Reader,
    choose,
    signs_in,
    signs_what_is_shown,
    tells_her_month,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    NEEDS_CHROMIUM,
]
TODAY = factories.MORNING.date()


def test_an_impostor_is_refused_reported_and_answered(reader: Reader, room: Room, wang: Case) -> None:
    signs_in(reader, wang)
    reader.page.goto("/verify/")
    reader.page.get_by_text(reader.says("Somebody is on the phone")).click()
    reader.fill("Last four digits of your own phone", "8000")
    reader.fill("Staff number, if you have no code", "9999")
    reader.press("Check")
    reader.sees("No, we cannot confirm this person.")
    reader.press("Report an impostor", "link", reader.page.get_by_role("main"))
    reader.reads_heading(reader.says("Report an impostor"))
    reader.press("Send the report")
    reader.page.get_by_role("alert").wait_for(timeout=PATIENCE)
    reader.page.locator("#told").fill("+852 1234, 要我转 500 元到私人账户 <b>")
    reader.press("Send the report")
    reader.reads_heading(reader.says("Thank you. We have your report."))
    report = ImpostorReport.objects.get()
    assert report.borrower == wang.owner
    reader.page.get_by_text(report.public_id, exact=True).wait_for(timeout=PATIENCE)
    address = reader.page.url

    officer = room.staff(world.as_staff("compliance", name="chen"), reader.language)
    officer.page.goto("/compliance/impostors/")
    officer.finds("要我转 500 元到私人账户 <b>")
    officer.page.get_by_role("radio", name=officer.word("police", "impostor_did")).check()
    officer.page.locator("input[name=words]").fill("Case 7.")
    officer.press("Close the report")
    officer.page.locator(".status.good").first.wait_for(timeout=PATIENCE)
    assert report.__class__.objects.get().handling.did == "police"

    reader.page.goto(address)
    reader.reads_heading(reader.word("police", "report_did"))
    reader.page.goto("/verify/report/")
    reader.finds(reader.word("police", "report_did"))


def test_a_helper_reads_what_was_given_until_it_is_ended(reader: Reader, room: Room, wang: Case) -> None:
    wang.remind()
    signs_in(reader, wang)
    reader.page.goto("/helper/")
    reader.fill("Name", "李律师")
    reader.fill("Number or address", "010-5555")
    reader.page.get_by_role("radio", name=reader.word("see", "helper_scope"), exact=True).check()
    reader.page.locator("#until").fill((TODAY + timedelta(days=30)).isoformat())
    reader.page.get_by_role("checkbox").check()
    reader.press("Name this person")
    key = reader.page.locator(".key").inner_text()
    named = Helper.objects.get()
    assert (named.scope, named.until) == ("see", TODAY + timedelta(days=30))

    lawyer = room.reader(reader.language)
    lawyer.page.goto("/helping/")
    lawyer.fill("Key", key)
    lawyer.press("Read")
    lawyer.reads_heading(lawyer.says("What you may read"))
    assert lawyer.row("Overdue") == lawyer.amount(123_456)
    lawyer.sees("Contact log")
    unseen = (lawyer.says("What was raised"), lawyer.says("Pay over time"), "13800138000")
    assert not [words for words in unseen if lawyer.page.get_by_text(words).count()]
    lawyer.page.goto("/")
    lawyer.reads_heading(lawyer.says("Sign in"))
    assert HelperReading.objects.filter(helper=named).count() == 1

    reader.page.goto("/data/looked/")
    reader.finds(reader.word("helper", "look"))
    reader.finds("李律师")
    reader.page.goto("/helper/")
    reader.press("End it")
    reader.page.get_by_text("李律师").wait_for(state="detached", timeout=PATIENCE)
    lawyer.page.goto("/helping/")
    lawyer.fill("Key", key)
    lawyer.press("Read")
    lawyer.page.get_by_role("alert").wait_for(timeout=PATIENCE)
    assert HelperReading.objects.count() == 1, "an ended key opens nothing"


def digits(text: str) -> str:
    """An amount without its sign and its grouping."""
    return re.sub(r"\D", "", text)


def lent(case: Case, moving: clock.ManualClock) -> Loan:
    """Another loan, of 12,000 at 18 per cent, two of whose instalments are overdue."""
    paid_out = factories.MORNING - timedelta(days=70)
    moving.move_to(paid_out)
    loan = disburse(
        borrower_id=case.owner.public_id,
        account_number="A-2026-0042",
        product="instalment",
        terms=Terms("CNY", 1_200_000, Fraction(18, 100), paid_out.date(), 12),
        actor="test",
    )
    moving.move_to(factories.MORNING)
    close_day(business_date=TODAY, actor="test")
    return loan


def test_a_part_payment_goes_where_the_page_said(
    reader: Reader, wang: Case, moving: clock.ManualClock
) -> None:
    loan = lent(wang, moving)
    signs_in(reader, wang)
    reader.page.goto(f"/loans/{loan.public_id}/pay/")
    due = reader.page.locator(".amount").first.inner_text()
    reader.fill("Amount", "600")
    reader.press("Show")
    reader.page.get_by_role("status").wait_for(timeout=PATIENCE)
    said = {name: reader.row(f"Goes to {name}") for name in ("fees", "interest", "principal")}
    left = reader.row("Still due after it")
    assert said["interest"] != reader.amount(0)
    take_payment(
        loan_id=loan.public_id,
        amount_minor=60_000,
        currency="CNY",
        value_date=TODAY,
        source="bank",
        source_id="part-1",
        actor="test",
    )
    close_day(business_date=TODAY, actor="test")
    assert Payment.objects.get(source_id="part-1").amount_minor == 60_000
    reader.page.reload()
    now_due = reader.page.locator(".amount").first.inner_text()
    assert now_due != due
    assert digits(left) == digits(now_due), "what was said is what is due now"
    reader.page.goto("/")
    reader.finds(reader.says("What happens next"))
    coming = loan.schedules.latest("version").instalments.filter(due_date__gt=TODAY).earliest("due_date")
    reader.finds(reader.day(coming.due_date))
    reader.page.goto(f"/loans/{loan.public_id}/statement/")
    line = reader.page.get_by_role("article").filter(has_text="600.00").first.inner_text()
    parts = [digits(part) for part in said.values() if int(digits(part))]
    assert parts
    assert [part for part in parts if part not in digits(line)] == [], line


def test_a_plan_is_bargained_for_signed_kept_and_broken(
    reader: Reader, room: Room, wang: Case, moving: clock.ManualClock
) -> None:
    signs_in(reader, wang)
    tells_her_month(reader)
    reader.page.goto(f"/loans/{wang.loan.public_id}/plan/?amount=30&pay_day=10#own")
    reader.sees(
        "This takes longer than we agree to without asking: it goes to a person, who answers within days."
    )
    reader.starting("link", reader.says("Look at this plan")).last.click()
    reader.reads_heading(reader.says("Check before you send it"))
    reader.page.locator("#words").fill("孩子上学，每月三十。")
    reader.tick(reader.page.get_by_label(reader.says("This is what I propose.")))
    reader.press("Send my proposal")
    reader.reads_heading(reader.says("Talk"))
    reader.finds(reader.word("waits_for_lender", "talk"))
    assert TalkTurn.objects.get().move == "offer"

    li = factories.staff("collector")
    ask = Ask(Deal.RE_AMORTISE, 36)
    assert make_offer(loan_id=wang.loan.public_id, ask=ask, why="school", actor=li), (
        "beyond what she may offer"
    )
    boss = room.staff(world.as_staff("supervisor", name="wu"), reader.language)
    boss.page.goto("/beyond/")
    boss.page.locator("input[name=why]").fill("fair")
    boss.press("Approve")
    boss.sees("approved and offered")
    turn = TalkTurn.objects.latest("id")
    assert (turn.by, turn.move, json.loads(turn.asked)["periods"]) == ("lender", "counter", 36)

    reader.page.goto("/talk/")
    reader.finds(reader.word("waits_for_borrower", "talk"))
    reader.press("Look at it and sign", "link")
    agreed = signs_what_is_shown(reader, wang)
    reader.finds(agreed.digest)
    reader.sees("Our signature under it (Ed25519):")
    send_contacts(channels={"sms": Network()}, actor="test")
    assert Contact.objects.filter(purpose="plan_copy", verdict="allowed").count() == 1, "a copy came to her"
    with reader.page.expect_download() as waiting:
        reader.press("Keep it as a PDF", "link")
    assert waiting.value.suggested_filename.endswith(".pdf")
    assert wang.remind().decision.leading_provision == "CN-XYK-70"

    first, minor = _first_row(wang)
    _pay(wang, first, minor, moving)
    _close(first + timedelta(days=1), moving)
    assert Hold.objects.filter(kind="plan", end__isnull=True).count() == 1, "it is kept"
    reader = _again(room, reader, wang)
    reader.finds(reader.word("plan_payment", "step"))

    second = _first_row(wang, 1)[0]
    _close(second + timedelta(days=7), moving)
    assert Hold.objects.filter(kind="plan", end__isnull=True).count() == 1, "within its grace"
    _close(second + timedelta(days=8), moving)
    assert Hold.objects.get(kind="plan").end.reason == "broken"
    again = Hold.objects.get(kind="offer_again", end__isnull=True)
    assert wang.remind().verdict == "refused", "a new offer comes before anything harsher"
    send_contacts(channels={"sms": Network()}, actor="test")
    reader = _again(room, reader, wang)
    reader.finds(reader.word("offer_again", "hold"))
    assert Contact.objects.filter(purpose="plan_offer").exists()
    assert again.ends_on is not None
    reader.page.goto(f"/loans/{wang.loan.public_id}/plan/")
    assert reader.starting("link", reader.says("Look at this plan")).count() >= 1, "there is another plan"
    moving.move_to(factories.MORNING + (again.ends_on + timedelta(days=1) - TODAY))
    assert wang.remind().decision.leading_provision != "HOUSE-HOLDS"


def _first_row(case: Case, at: int = 0) -> tuple[date, int]:
    rows = case.loan.schedules.latest("version").instalments.order_by("number")
    row = rows[at]
    return row.due_date, row.principal_minor


def _pay(case: Case, day: date, minor: int, moving: clock.ManualClock) -> None:
    moving.move_to(factories.MORNING + (day - TODAY))
    take_payment(
        loan_id=case.loan.public_id,
        amount_minor=minor,
        currency="CNY",
        value_date=day,
        source="bank",
        source_id=f"kept-{day}",
        actor="test",
    )


def _close(day: date, moving: clock.ManualClock) -> None:
    moving.move_to(factories.MORNING + (day - TODAY))
    close_day(business_date=day, actor="test")


def _again(room: Room, reader: Reader, case: Case) -> Reader:
    """She signs in anew on a later day."""
    fresh = room.reader(reader.language)
    signs_in(fresh, case)
    return fresh


def test_a_complaint_becomes_late_and_goes_up(
    reader: Reader, room: Room, wang: Case, moving: clock.ManualClock
) -> None:
    signs_in(reader, wang)
    reader.page.goto("/speak/")
    reader.tick(choose(reader, "how_contacted", "concern"))
    reader.page.locator("#words").fill("三次电话")
    reader.press("Send it")
    reader.reads_heading(reader.word("how_contacted", "concern"))
    hold = wang.owner.holds.get()
    by = date.fromisoformat(hold.detail["answer_by"])
    moving.move_to(factories.MORNING + (by + timedelta(days=1) - TODAY))
    assert wang.remind().decision.leading_provision == "HOUSE-HOLDS", "late, and still no reminder"

    client = world.as_staff("compliance", name="chen")
    world.as_staff("compliance", "supervisor", name="wu")
    officer = room.staff(client, reader.language)
    officer.page.goto(f"/concerns/{hold.public_id}/")
    officer.page.locator("#staff").select_option(label=_senior(officer))
    officer.page.locator("#reason").fill("it weighs")
    officer.press("To a senior person")
    officer.page.wait_for_load_state()
    assert ConcernStep.objects.get().kind == "escalated"

    later = _again(room, reader, wang)
    later.page.goto(f"/speak/{hold.public_id}/")
    later.sees("We should have answered by %(by)s.", by=later.day(by))
    later.sees("Who has it")
    later.finds("12378")
    later.press("A ready letter", "link")
    later.reads_heading(later.says("A ready letter"))
    later.finds(hold.public_id)
    letter = later.page.locator(".letter").inner_text()
    assert "三次电话" in letter
    assert Money(123_456, "CNY").decimal_text() not in letter, "a letter carries no more than it must"


def _senior(officer: Reader) -> str:
    options = officer.page.locator("#staff option").all_inner_texts()
    return str(next(one for one in options if officer.says("senior") in one))


def test_a_new_number_is_confirmed_told_seen_and_stopped(room: Room, wang: Case) -> None:
    """By the keyboard alone, in Chinese: changed with a code, seen on the first page, stopped without one."""
    reader = room.reader("zh-hans", keys=True)
    signs_in(reader, wang)
    reader.page.goto("/me/")
    reader.press("Number and e-mail", "link")
    reader.reads_heading(reader.says("Number and e-mail"))
    reader.fill("New mobile number", "137 0013 7000")
    reader.use(reader.starting("button", reader.says("Send a code to it")).first)
    asked = "Code that came to the new one"
    reader.page.get_by_label(reader.says(asked), exact=True).wait_for(timeout=PATIENCE)
    reader.fill(asked, wang.one_time_code("point-code-sms"))
    reader.press("Confirm the new one")
    reader.starting("button", reader.says("Stop this change")).wait_for(timeout=PATIENCE)
    assert PointChange.objects.get().effective_at == factories.MORNING + timedelta(hours=72)
    assert Contact.objects.filter(template="point-change-sms", verdict="allowed").count() == 1

    reader.page.goto("/")
    reader.finds("+86137****7000")
    reader.press("Number and e-mail", "link", reader.page.get_by_role("main"))
    reader.press("Stop this change")
    reader.starting("button", reader.says("Send a code to it")).first.wait_for(timeout=PATIENCE)
    assert PointChange.objects.get().ended_as == "stopped"
