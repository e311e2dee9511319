"""Rows for tests: a borrower, how to reach her, a loan that is late."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from lenity.base.outcomes import InputRefused
from lenity.domain.servicing import affordability
from lenity.domain.servicing.affordability import Budget, Line
from lenity.domain.servicing.allocation import Rule
from lenity.domain.servicing.caps import Licence
from lenity.domain.servicing.plan import Request
from lenity.domain.servicing.terms import Terms
from lenity.gateways import clock, ids
from lenity.operations import unit
from lenity.operations.approve_change import approve_change
from lenity.operations.book_approved_change import book_approved_change
from lenity.operations.confirm_cost import confirm_cost
from lenity.operations.decide_suspense import decide_suspense
from lenity.operations.disburse import disburse as pay_out
from lenity.operations.propose_change import propose_change
from lenity.operations.save_budget import save_budget
from lenity.operations.show_cost import show_cost
from lenity.records import encrypted
from lenity.records.approvals.models import ChangeVerdict
from lenity.records.intake import suspense_queries
from lenity.records.lending import change_queries, servicing_queries
from lenity.records.lending.models import Instalment, Loan, LoanFact, Payment, ScheduleVersion
from lenity.records.people.models import Borrower, ContactPoint, StaffMember

MORNING = datetime(2026, 11, 24, 2, 12, tzinfo=UTC)
"""10:12 in Shanghai on a working Tuesday."""


def borrower(*, jurisdiction: str = "CN", language: str = "zh-hans", name: str = "王小明") -> Borrower:
    public_id = ids.public_id()
    return Borrower.objects.create(
        public_id=public_id,
        jurisdiction=jurisdiction,
        language=language,
        name_sealed=encrypted.seal(name, table="people_borrower", column="name", row=public_id),
        birth_date_sealed=encrypted.seal(
            "1990-03-07", table="people_borrower", column="birth_date", row=public_id
        ),
        created_at=MORNING - timedelta(days=400),
    )


def contact_point(
    owner: Borrower,
    *,
    kind: str = "mobile",
    value: str = "+8613800138000",
    zones: tuple[str, ...] = ("Asia/Shanghai",),
    role: str = "borrower",
) -> ContactPoint:
    public_id = ids.public_id()
    return ContactPoint.objects.create(
        public_id=public_id,
        borrower=owner,
        kind=kind,
        role=role,
        source="contract",
        value_sealed=encrypted.seal(value, table="people_contactpoint", column="value", row=public_id),
        value_index=encrypted.blind_index(value, purpose=kind),
        mask=value[:3] + "****" + value[-4:],
        candidate_zones=list(zones),
        recorded_at=MORNING - timedelta(days=400),
    )


def late_loan(owner: Borrower, *, days_late: int = 10, minor: int = 50_000, currency: str = "CNY") -> Loan:
    loan = Loan.objects.create(
        public_id=ids.public_id(),
        account_number=ids.public_id(),
        borrower=owner,
        product="card",
        portfolio_type="R",
        currency=currency,
        opened_on=date(2024, 1, 5),
        credit_limit_minor=5_000_000,
    )
    schedule = ScheduleVersion.objects.create(loan=loan, version=1, made_on=date(2026, 1, 1), reason="test")
    Instalment.objects.create(
        schedule=schedule,
        number=1,
        due_date=MORNING.date() - timedelta(days=days_late),
        principal_minor=minor,
        cum_before_minor=0,
    )
    return loan


def booked_loan(owner: Borrower, *, days_late: int = 10, minor: int = 50_000) -> Loan:
    """A late loan whose event answers for its rows, as those of an import do."""
    with unit.of_work(operation="import_book", actor="test") as work:
        loan = late_loan(owner, days_late=days_late, minor=minor)
        work.record(
            subject_kind="loan", subject_id=loan.public_id, borrower_id=owner.public_id, body={"loans": 1}
        )
    return loan


MOST = 10**9


def disburse(*, borrower_id: str, terms: Terms, rule: Rule | None = None, **more: Any) -> Loan:
    """A loan paid out on a cost statement that its borrower signed on paper."""
    rule = rule or Rule()
    licence = more.get("licence", Licence.MICROLOAN)
    most = {"fee": MOST, "late_fee": MOST}
    try:
        shown = show_cost(
            borrower_id=borrower_id, terms=terms, rule=rule, licence=licence, contingent=most, actor="test"
        ).public_id
        confirm_cost(statement_id=shown, step="signed", actor="test")
    except InputRefused:
        shown = ""
    return pay_out(borrower_id=borrower_id, terms=terms, rule=rule, cost=shown, **more)


def staff(*roles: str) -> str:
    """The public id of a new member of staff."""
    public_id = ids.public_id()
    return StaffMember.objects.create(
        public_id=public_id,
        username=public_id.lower(),
        display_name="Staff",
        staff_number=public_id,
        roles=list(roles),
        role_reason="test",
        password="!",
    ).public_id


def agreed(kind: str, subject_id: str, content: change_queries.Content) -> LoanFact | Payment:
    """A change of money that two people agreed on, booked."""
    one, two = staff("operations"), staff("operations")
    made = propose_change(kind=kind, subject_id=subject_id, payload=content, reason="test", actor=one)
    approve_change(proposal_id=made.public_id, digest=made.digest, reason="test", actor=two)
    return book_approved_change(proposal_id=made.public_id, actor=two)


def undo(fact_id: str) -> LoanFact | Payment:
    """An entry undone by two people."""
    return agreed("fact_undo", fact_id, change_queries.undoing(fact_id))


def waive(loan: Loan, component: str, minor: int) -> LoanFact | Payment:
    """A part of what is owed let go by two people."""
    on = clock.business_day(loan.borrower.jurisdiction)
    return agreed("waiver", loan.public_id, change_queries.waiver(loan, component, minor, on))


def means(loan: Loan, wages: int = 100_000_000) -> None:
    """A household that has told its month, with enough for any plan."""
    stated = Budget(loan.currency, 1, 0, 15, (Line("wages", wages, "month"),))
    answers = {"budget": affordability.to_plain(stated), "reasons": {}}
    save_budget(borrower_id=loan.borrower.public_id, answers=answers, finish=True, actor="borrower")


def agree_plan(loan: Loan, asked: Request) -> LoanFact | Payment:
    """A plan agreed elsewhere, booked by two people. The household has told its month (`means`)."""
    on = clock.business_day(loan.borrower.jurisdiction)
    return agreed("plan_agreed", loan.public_id, change_queries.plan(loan, asked, shown(loan, asked), on))


def shown(loan: Loan, asked: Request) -> str:
    """The digest of a plan as the borrower would see it today."""
    state = servicing_queries.account_on(loan, clock.business_day(loan.borrower.jurisdiction))
    return servicing_queries.plan_digest(servicing_queries.preview(loan, state, asked).new)


def settle_suspense(entry_id: str, move: str, loan: Loan | None = None) -> ChangeVerdict:
    """What becomes of money in suspense, by two people."""
    one, two = staff("operations"), staff("operations")
    content = suspense_queries.content(entry_id, move, loan, clock.home_day())
    made = propose_change(
        kind=suspense_queries.MOVES[move], subject_id=entry_id, payload=content, reason="test", actor=one
    )
    return decide_suspense(
        proposal_id=made.public_id, digest=made.digest, verdict="approved", reason="test", actor=two
    )


def reverse(payment_id: str) -> LoanFact | Payment:
    """A payment reversed by two people."""
    return agreed("payment_reversal", payment_id, change_queries.reversal(payment_id))
