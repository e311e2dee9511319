"""Rows for tests: a borrower, how to reach her, a loan that is late."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from lenity.gateways import ids
from lenity.operations.approve_change import approve_change
from lenity.operations.book_approved_change import book_approved_change
from lenity.operations.propose_change import propose_change
from lenity.records import encrypted
from lenity.records.lending import change_queries
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


def reverse(payment_id: str) -> LoanFact | Payment:
    """A payment reversed by two people."""
    return agreed("payment_reversal", payment_id, change_queries.reversal(payment_id))
