"""A day of the lender's staff around the small world: each room has what it is for, done by operations."""

from __future__ import annotations

from datetime import date, time

from django.test import Client

from lenity.domain.debt_collection import strategy
from lenity.domain.servicing.authority import Ask, Deal
from lenity.gateways import clock, webhooks
from lenity.operations.add_api_client import add_api_client
from lenity.operations.add_webhook_endpoint import add_webhook_endpoint
from lenity.operations.book_bank_file import book_bank_file
from lenity.operations.decide_suspense import decide_suspense
from lenity.operations.look_up_case import look_up_case
from lenity.operations.make_offer import make_offer
from lenity.operations.place_loans import place_loans
from lenity.operations.propose_bulk_send import propose_bulk_send
from lenity.operations.propose_change import propose_change
from lenity.operations.receive_bank_file import receive_bank_file
from lenity.operations.record_assignment import record_assignment
from lenity.operations.record_outcome import record_outcome
from lenity.operations.refuse_change import refuse_change
from lenity.operations.report_impostor import report_impostor
from lenity.operations.request_contact import request_contact
from lenity.operations.send_test_webhook import send_test_webhook
from lenity.operations.verify_evidence import verify_evidence
from lenity.records.approvals.models import ChangeProposal
from lenity.records.debt_collection.models import Contact
from lenity.records.delinquency.models import LoanPosition
from lenity.records.intake.models import BankEntry
from lenity.records.lending import change_queries
from lenity.records.lending.models import Application, Loan
from lenity.records.people.models import Borrower, StaffMember
from tests import factories, world

BANK = """交易流水号,交易日期,收入金额,支出金额,余额,对方户名,摘要
{first},2026-11-23,860.00,,100860.00,周立,还款 {account}
{first}1,2026-11-23,1200.00,,102060.00,吴桂兰,替儿子还款
{first}2,2026-11-23,,860.00,101200.00,清算中心,退票 {account}
{first}3,2026-11-23,350.00,,101550.00,深圳某商贸,货款
"""
NOTES = (
    "借款人：别再打了,再打我去法院告你们。\n坐席：再不还就让你坐牢。",
    "借款人：滚,废物。\n坐席：我先挂断,您方便时再联系。",
)


def work(filled: world.World) -> None:
    """What happened in the office until now."""
    staff = {one.username: one.public_id for one in StaffMember.objects.all()}
    late = _late(filled.wang, filled.other)
    _programs()
    _bank(late[0], staff)
    _two_people(late, staff)
    _collector(filled, late, staff["li"])
    _agency(late[5], staff)
    report_impostor(told="有人自称贵公司的,要我把钱转到私人账户。", address="203.0.113.8")
    verify_evidence(actor=staff["zhou"])


def open_application(filled: world.World, reader: Client) -> None:
    """A declined application with all its points, opened by whoever looks at the pages."""
    row = Application.objects.filter(decision__outcome="decline", source__startswith="demo").latest("id")
    filled.values["application_id"] = row.public_id
    wish = {"kind": "application", "subject": row.public_id, "reason": "to_check", "words": "抽查本周的拒绝"}
    assert reader.post("/readings/", wish).status_code == 302


def call_late() -> None:
    """Calls in the last minutes of a lawful evening, until three were allowed."""
    li = StaffMember.objects.get(username="li").public_id
    allowed = 0
    for loan in _late():
        allowed += _call(loan.borrower, loan, li).verdict == "allowed"
        if allowed == 3:
            break


def _late(*others: Borrower) -> list[Loan]:
    """Late loans of the book in yuan, the most overdue but six first: those are the desk's next cases."""
    found = LoanPosition.objects.filter(days_past_due__gt=10, loan__currency="CNY")
    rows = found.exclude(loan__borrower__in=others).select_related("loan__borrower")
    return [one.loan for one in rows.order_by("-days_past_due", "loan_id")[6:18]]


def _programs() -> None:
    add_api_client(name="bank-feed", scopes=("payments",), actor="gallery")
    add_api_client(name="shop", scopes=("applications", "decisions"), actor="gallery")
    rules = webhooks.Rules(("hooks.example.cn",), private=True)
    made = add_webhook_endpoint(
        url="https://hooks.example.cn/lenity",
        kinds=("payment.taken", "plan.agreed", "concern.raised"),
        rules=rules,
        actor="gallery",
    )
    send_test_webhook(endpoint_id=made.endpoint.public_id, actor="gallery")


def _bank(loan: Loan, staff: dict[str, str]) -> None:
    """One file booked with money in suspense, of which some is asked for and some decided; one that waits."""
    for first, book in ((1, True), (5, False)):
        text = BANK.format(first=first, account=loan.account_number)
        file = receive_bank_file(
            raw=text.encode("gb18030"), name=f"对账单-2026112{first}.csv", actor=staff["zhou"]
        )
        if book:
            book_bank_file(file_id=file.public_id, actor=staff["zhou"])
    rows = list(BankEntry.objects.filter(payment=None).order_by("id"))
    for entry, reason in ((rows[0], "付款人来电,不认识这笔贷款"), (rows[-1], "对方转错,已来函")):
        _ask(entry, reason, staff["zhou"])
    made = ChangeProposal.objects.latest("id")
    decide_suspense(
        proposal_id=made.public_id,
        digest=made.digest,
        verdict="approved",
        reason="来函已核对",
        actor=staff["qian"],
    )


def _ask(entry: BankEntry, reason: str, actor: str) -> None:
    from lenity.records.intake import suspense_queries

    content = suspense_queries.content(entry.public_id, "return", None, clock.business_day("CN"))
    propose_change(
        kind="suspense_return", subject_id=entry.public_id, payload=content, reason=reason, actor=actor
    )


def _two_people(late: list[Loan], staff: dict[str, str]) -> None:
    today = clock.business_day("CN")
    for loan, reason in ((late[1], "逾期已久,法院终本"), (late[2], "材料未齐")):
        propose_change(
            kind="write_off",
            subject_id=loan.public_id,
            payload=change_queries.content(loan, "write_off", 0, today),
            reason=reason,
            actor=staff["zhou"],
        )
    made = ChangeProposal.objects.latest("id")
    refuse_change(proposal_id=made.public_id, digest=made.digest, reason="先补材料", actor=staff["qian"])
    propose_bulk_send(
        treatment=strategy.shipped(),
        on_date=clock.business_day("CN"),
        reason="月末前的提醒",
        actor=staff["zhou"],
    )


def _collector(filled: world.World, late: list[Loan], li: str) -> None:
    """Two calls with words that screening finds, an offer beyond her authority, a look-up for a reason."""
    notes = list(NOTES)
    for loan in late[3:]:
        made = _call(loan.borrower, loan, li)
        if made.verdict == "allowed" and notes:
            record_outcome(contact_id=made.public_id, outcome="conversation", actor=li, note=notes.pop())
    make_offer(
        loan_id=filled.values["second_loan_id"],
        ask=Ask(Deal.RE_AMORTISE, 36),
        why="双胞胎刚出生,希望每月少还一些。",
        actor=li,
    )
    look_up_case(account=late[4].account_number, reason="she_called", words="十点来电,号码未显示", actor=li)


def _call(owner: Borrower, loan: Loan, actor: str) -> Contact:
    point = owner.contact_points.filter(kind="mobile", retired_at=None).first() or factories.contact_point(
        owner
    )
    return request_contact(
        borrower_id=owner.public_id,
        channel="call",
        purpose="collection",
        point_id=point.public_id,
        loan_ids=(loan.public_id,),
        actor=actor,
    )


def _agency(loan: Loan, staff: dict[str, str]) -> None:
    add_api_client(name="east-collections", scopes=("contacts",), actor="gallery")
    place_loans(
        agency="east-collections",
        stage="MIDDLE",
        product="",
        at_most=2,
        channels=("call", "sms"),
        opens=time(9),
        closes=time(19),
        until=date(2027, 2, 28),
        actor=staff["zhou"],
    )
    record_assignment(
        loan_id=loan.public_id, former="远山消费金融", assigned_on=date(2026, 11, 20), actor=staff["zhou"]
    )
