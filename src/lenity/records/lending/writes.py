"""The only place that adds loans, schedules, history and imported books."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from lenity.domain.lending.imported_loan import Month, OpenItem
from lenity.domain.servicing import schedule
from lenity.records import witness
from lenity.records.lending.models import (
    CostStatement,
    CostStep,
    ImportedBook,
    Instalment,
    Loan,
    LoanAgreement,
    LoanCost,
    LoanFact,
    LoanMonth,
    Payment,
    ScheduleVersion,
)
from lenity.records.people.models import Borrower

BATCH = 500


@dataclass(frozen=True, slots=True)
class NewLoan:
    """A loan to be added, with what is due on it and its history."""

    public_id: str
    account_number: str
    borrower_id: int
    product: str
    portfolio_type: str
    currency: str
    opened_on: date
    credit_limit_minor: int
    items: tuple[OpenItem, ...]
    months: tuple[Month, ...]


def add_loans(
    new: Sequence[NewLoan], *, book: ImportedBook | None, made_on: date, reason: str
) -> dict[str, int]:
    """Add loans with schedule and history in bulk; returns row ids by public id."""
    loans = Loan.objects.bulk_create(
        (
            Loan(
                public_id=one.public_id,
                account_number=one.account_number,
                borrower_id=one.borrower_id,
                product=one.product,
                portfolio_type=one.portfolio_type,
                currency=one.currency,
                opened_on=one.opened_on,
                credit_limit_minor=one.credit_limit_minor,
                imported_book=book,
            )
            for one in new
        ),
        batch_size=BATCH,
    )
    ids = {loan.public_id: loan.pk for loan in loans}
    schedules = ScheduleVersion.objects.bulk_create(
        (
            ScheduleVersion(loan_id=ids[one.public_id], version=1, made_on=made_on, reason=reason)
            for one in new
        ),
        batch_size=BATCH,
    )
    instalments = Instalment.objects.bulk_create(
        (
            Instalment(
                schedule_id=schedule.pk,
                number=item.number,
                due_date=item.due_date,
                principal_minor=item.amount_minor,
                cum_before_minor=item.cum_before_minor,
            )
            for one, schedule in zip(new, schedules, strict=True)
            for item in one.items
        ),
        batch_size=BATCH,
    )
    months = LoanMonth.objects.bulk_create(
        (
            LoanMonth(
                loan_id=ids[one.public_id],
                month_end=month.month_end,
                months_late=month.months_late,
                billed_minor=month.billed_minor,
                paid_minor=month.paid_minor,
            )
            for one in new
            for month in one.months
        ),
        batch_size=BATCH,
    )
    for written in (loans, schedules, instalments, months):
        witness.note_all(written)
    return ids


def add_book(
    *,
    public_id: str,
    file_digest: str,
    mapping_digest: str,
    as_of: date,
    loans: int,
    imported_at: datetime,
) -> ImportedBook:
    """Note a book file that is being imported."""
    return ImportedBook.objects.create(
        public_id=public_id,
        file_digest=file_digest,
        mapping_digest=mapping_digest,
        as_of=as_of,
        loans=loans,
        imported_at=imported_at,
    )


@dataclass(frozen=True, slots=True)
class NewPayment:
    """Money received, or the reversal of it, ready to be stored."""

    public_id: str
    amount_minor: int
    value_date: date
    source: str
    source_id: str
    reverses_id: int | None = None


def lock_loan(public_id: str) -> Loan | None:
    """The loan, locked until the transaction ends, so that two payments are taken one after the other."""
    rows = Loan.objects.select_related("borrower", "agreement").filter(public_id=public_id)
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    return rows.first()


def add_payment(new: NewPayment, *, loan: Loan, received_at: datetime, ledger_transaction_id: int) -> Payment:
    """Add money received, or a reversal."""
    return Payment.objects.create(
        public_id=new.public_id,
        loan=loan,
        amount_minor=new.amount_minor,
        value_date=new.value_date,
        received_at=received_at,
        source=new.source,
        source_id=new.source_id,
        ledger_transaction_id=ledger_transaction_id,
        reverses_id=new.reverses_id,
    )


@dataclass(frozen=True, slots=True)
class NewFact:
    """Something agreed or decided on a loan, ready to be stored; see `LoanFact`."""

    public_id: str
    kind: str
    on_date: date
    reason: str
    source: str
    source_id: str
    amount_minor: int = 0
    component: str = ""
    plan: str = ""
    reverses_id: int | None = None


def add_fact(new: NewFact, *, loan: Loan, recorded_at: datetime) -> LoanFact:
    """Add a fact of a loan."""
    return LoanFact.objects.create(
        public_id=new.public_id,
        loan=loan,
        kind=new.kind,
        on_date=new.on_date,
        amount_minor=new.amount_minor,
        component=new.component,
        plan=new.plan,
        reason=new.reason,
        source=new.source,
        source_id=new.source_id,
        recorded_at=recorded_at,
        reverses_id=new.reverses_id,
    )


def supersede_schedule(
    loan: Loan, *, version: int, rows: Sequence[schedule.Instalment], made_on: date, reason: str
) -> None:
    """Add the next version of a loan's schedule; the ones before stay as they were."""
    made = ScheduleVersion.objects.create(loan=loan, version=version, made_on=made_on, reason=reason)
    _add_rows(made, rows)


def add_serviced_loan(
    loan: Loan, *, terms: str, allocation: str, rows: Sequence[schedule.Instalment], agreed_on: date
) -> Loan:
    """Add a loan that Lenity pays out: the loan, its agreement and the first version of its schedule."""
    loan.save(force_insert=True)
    LoanAgreement.objects.create(loan=loan, terms=terms, allocation=allocation, agreed_on=agreed_on)
    supersede_schedule(loan, version=1, rows=rows, made_on=agreed_on, reason="disbursement")
    return loan


def _add_rows(version: ScheduleVersion, rows: Sequence[schedule.Instalment]) -> None:
    before = 0
    instalments = []
    for row in rows:
        instalments.append(
            Instalment(
                schedule=version,
                number=row.number,
                due_date=row.due_date,
                principal_minor=row.principal_minor,
                interest_minor=row.interest_minor,
                fee_minor=row.fee_minor + row.late_fee_minor,
                cum_before_minor=before,
            )
        )
        before += row.total_minor
    witness.note_all(Instalment.objects.bulk_create(instalments, batch_size=BATCH))


def add_cost_statement(
    *,
    public_id: str,
    borrower: Borrower,
    text: str,
    digest: str,
    read_seconds: int,
    made_at: datetime,
    made_by: str,
) -> CostStatement:
    """Keep a statement of what a loan would cost."""
    return CostStatement.objects.create(
        public_id=public_id,
        borrower=borrower,
        text=text,
        digest=digest,
        read_seconds=read_seconds,
        made_at=made_at,
        made_by=made_by[:80],
    )


def add_cost_step(statement: CostStatement, *, step: str, at: datetime, by: str) -> CostStep:
    """A borrower opened a statement, confirmed it, or signed it on paper; the same step again changes nothing."""
    made, _ = CostStep.objects.get_or_create(
        statement=statement, step=step, defaults={"at": at, "by": by[:80]}
    )
    return made


def use_cost_statement(loan: Loan, statement: CostStatement) -> LoanCost:
    """The loan was paid out on this statement."""
    return LoanCost.objects.create(loan=loan, statement=statement)
