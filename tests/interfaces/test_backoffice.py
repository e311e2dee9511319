"""Back office: two people for money, nobody changes her own rights, small numbers withheld, safe tables."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta

import pytest

from lenity.base.outcomes import InputRefused
from lenity.gateways import clock
from lenity.interfaces.shared import csv_file
from lenity.law import changes, reader
from lenity.operations.approve_change import approve_change
from lenity.operations.book_approved_change import book_approved_change
from lenity.operations.change_staff import change_staff
from lenity.operations.propose_change import propose_change
from lenity.operations.take_payment import take_payment
from lenity.records.approvals.models import ChangeClaim, ChangeProposal
from lenity.records.debt_collection import management_queries, office_queries
from lenity.records.lending import change_queries
from lenity.records.lending.models import Loan, LoanFact, LoanMonth
from lenity.records.people.models import StaffMember
from tests import factories, world

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def loan(now: clock.ManualClock) -> Loan:
    """The new loan of the filled world, with its money in the ledger."""
    return Loan.objects.get(public_id=world.build().values["second_loan_id"])


def test_a_write_off_is_asked_for_approved_by_another_and_booked_once(loan: Loan) -> None:
    li, zhou = world.as_staff("operations", name="li"), world.as_staff("operations", name="zhou")
    for client in (li, zhou):
        client.cookies["django_language"] = "en"
    asked = {"account": loan.account_number, "kind": "write_off", "amount": "", "reason": "uncollectable"}
    for bad in (
        {"account": "A-0"},
        {"kind": "refund", "amount": "ten"},
        {"kind": "refund", "amount": "0.01"},
        {"kind": "policy_activation"},
        {"reason": " "},
    ):
        assert li.post("/changes/", asked | bad).status_code == 422, bad
    assert not ChangeProposal.objects.exists()
    assert li.post("/changes/", asked).status_code == 302
    own = li.get("/changes/").content.decode()
    assert "another person decides" in own
    assert 'value="approve"' not in own
    proposal = ChangeProposal.objects.get()
    judged = {"change": proposal.public_id, "digest": proposal.digest, "move": "approve", "why": "seen"}
    assert "Another person has to decide." in li.post("/changes/", judged).content.decode()
    assert zhou.post("/changes/", judged | {"digest": "0" * 64}).status_code == 422
    book = {"change": proposal.public_id, "move": "book"}
    assert zhou.post("/changes/", book).status_code == 422, "not approved yet"
    assert zhou.post("/changes/", judged).status_code == 302
    assert not LoanFact.objects.exists(), "nothing moves by approving"
    assert li.post("/changes/", book).status_code == 302
    assert LoanFact.objects.get().kind == "charge_off"
    assert li.post("/changes/", book).status_code == 422, "an approval is used once"
    assert "approved and booked" in zhou.get("/changes/").content.decode()


def test_an_approved_write_off_falls_when_the_account_has_moved(loan: Loan) -> None:
    li, zhou = factories.staff("operations"), factories.staff("operations")
    content = change_queries.content(loan, "write_off", 0, factories.MORNING.date())
    proposal = propose_change(
        kind="write_off", subject_id=loan.public_id, payload=content, reason="uncollectable", actor=li
    )
    approve_change(proposal_id=proposal.public_id, digest=proposal.digest, reason="seen", actor=zhou)
    take_payment(
        loan_id=loan.public_id,
        amount_minor=100,
        currency="CNY",
        value_date=factories.MORNING.date(),
        source="test",
        source_id="moved",
        actor="test",
    )
    with pytest.raises(InputRefused, match="moved"):
        book_approved_change(proposal_id=proposal.public_id, actor=li)
    assert not LoanFact.objects.exists()
    assert not ChangeClaim.objects.exists(), "the approval is not used up by a failure"


def test_nobody_changes_her_own_rights(now: clock.ManualClock) -> None:
    admin, other = world.as_staff("administrator", name="admin"), world.as_staff("collector", name="chen")
    me, chen = (StaffMember.objects.get(username=name) for name in ("admin", "chen"))
    fields = {"roles": ["collector", "manager"], "reason": "stands in for Wu", "active": "yes"}
    assert admin.post("/administration/rights/", fields | {"staff": me.public_id}).status_code == 422
    assert StaffMember.objects.get(pk=me.pk).roles == ["administrator"]
    assert other.post("/administration/rights/", fields | {"staff": me.public_id}).status_code == 403
    for bad in ({"reason": "x"}, {"roles": []}, {"roles": ["root"]}, {"until": "soon"}, {"staff": "nobody"}):
        answer = admin.post("/administration/rights/", fields | {"staff": chen.public_id} | bad)
        assert answer.status_code == 422, bad
    good = fields | {"staff": chen.public_id, "until": "2026-11-24"}
    assert admin.post("/administration/rights/", good).status_code == 302
    assert StaffMember.objects.get(pk=chen.pk).authority_until == date(2026, 11, 24)
    assert other.get("/management/").status_code == 200, "it holds from the next request on"
    change_staff(
        staff_id=chen.public_id,
        roles=("collector",),
        reason="has left",
        until=None,
        active=False,
        actor=me.public_id,
    )
    assert other.get("/work/").status_code == 302


def test_roll_rates_are_exact_and_small_numbers_are_withheld(now: clock.ManualClock) -> None:
    def months(number: int, before: int, after: int) -> None:
        for _ in range(number):
            loan = factories.late_loan(factories.borrower())
            for end, late in ((date(2026, 9, 30), before), (date(2026, 10, 31), after)):
                LoanMonth.objects.create(
                    loan=loan, month_end=end, months_late=late, billed_minor=0, paid_minor=0
                )

    months(8, 1, 0)
    months(2, 1, 2)
    months(9, 2, 6)
    seen = management_queries.rolls()
    assert (seen.before, seen.after) == (date(2026, 9, 30), date(2026, 10, 31))
    assert seen.rows[1].ppm == (800_000, 0, 200_000, 0, 0)
    assert seen.rows[2].counts == (0, 0, 0, 0, 9), "six months late stands with four and more"
    assert seen.rows[2].ppm == (None,) * 5
    view = office_queries.management(clock.now(), 30)
    assert (view.complaints_permille, view.just_paid_permille) == (None, None)


def test_a_contact_just_after_a_payment_is_counted(loan: Loan) -> None:
    from lenity.records.debt_collection.models import Contact

    before = office_queries.management(clock.now(), 30)
    assert before.contacts > 0
    assert before.just_paid == 0
    contact = Contact.objects.filter(verdict="allowed", purpose="collection").first()
    assert contact is not None
    assert contact.loan is not None
    contact.loan.payments.create(
        public_id="P1",
        amount_minor=1,
        value_date=factories.MORNING.date(),
        received_at=contact.requested_at - timedelta(days=3),
        source="t",
        source_id="t",
        ledger_transaction_id=1,
    )
    assert office_queries.management(clock.now(), 30).just_paid > 0


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_are_small_and_without_inline_code(loan: Loan, language: str) -> None:
    client = world.as_staff(*world.ROLES, name="all")
    client.cookies["django_language"] = language
    for path in (
        "/operations/",
        "/management/?days=7",
        "/management/?days=x",
        "/changes/",
        "/administration/",
        "/compliance/look-ups/",
    ):
        answer = client.get(path)
        text = answer.content.decode()
        assert answer.status_code == 200, path
        assert len(answer.content) < 100_000
        assert not re.search(r"<script|\sstyle=|\son[a-z]+=|javascript:", text), path


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_table_runs_nothing(text: str) -> None:
    assert csv_file.cell(text) == f"'{text}"
    assert text not in csv_file.answer("t.csv", ["a"], [[text]]).content.decode().split(",")


def test_two_days_of_a_rulebook_are_compared(now: clock.ManualClock) -> None:
    client = world.as_staff("compliance")
    client.cookies["django_language"] = "en"
    same = client.get("/compliance/rules/?place=CN&first=2026-11-24&last=2026-11-24").content.decode()
    assert re.search(r"\b0 of \d+ provisions", same)
    text = client.get("/compliance/rules/?place=CN&first=2024-01-01&last=2026-11-24").content.decode()
    assert not re.search(r"\b0 of \d+ provisions", text)
    assert "CN-GBT-TIME" in text
    assert len(text.encode()) < 100_000
    for bad in ("first=soon", "last=1999-01-01", "first=2026-02-30", "last=9999-12-31"):
        assert client.get(f"/compliance/rules/?{bad}").status_code == 422, bad
    assert client.get("/compliance/rules/?place=XX").status_code == 200


def test_a_rule_that_begins_and_one_that_stays() -> None:
    lines = changes.between(reader.rulebook("CN"), date(2025, 1, 1), date(2026, 11, 24))
    states = {line.provision.id: line.state for line in lines}
    assert states["HOUSE-DESK"] == "same"
    assert "begun" in states.values()
    assert all(line.before or line.after for line in lines)


def test_a_changed_value_is_told_by_the_parts_that_differ() -> None:
    provision = reader.rulebook("CN").provisions[0]
    before, after = (
        '{"at_most": 6, "of": {"days": 7}, "to": ["a"]}',
        '{"at_most": 6, "of": {"days": 1}, "to": []}',
    )
    assert changes.Line(provision, before, after).parts == [("of.days", "7", "1"), ("to", "a", "")]
    assert changes.Line(provision, "22", "21").parts == [("", "22", "21")]
    for one, two in (("", "1"), ("1", ""), ("1", "1")):
        assert changes.Line(provision, one, two).parts == [], "what it says tells the rest"


@pytest.mark.django_db
def test_compliance_reads_what_a_provision_says_not_only_its_id() -> None:
    with clock.use(clock.ManualClock(factories.MORNING)):
        world.build()
        client = world.as_staff("compliance")
        client.cookies["django_language"] = "en"
        text = client.get("/compliance/").content.decode()
    stopped = next(one for one in reader.rulebook("CN").provisions if one.id == "HOUSE-SMS-DAY")
    assert html.escape(stopped.says["en"]) in text
    assert "HOUSE-SMS-DAY" in text
