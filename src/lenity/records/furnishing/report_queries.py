"""What a borrower may see of reports about her, and a copy of everything that is held about her."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lenity.records.arrangements import helper_queries, support_queries
from lenity.records.arrangements import queries as arrangements
from lenity.records.debt_collection import concern_queries, queries
from lenity.records.debt_collection.models import Contact
from lenity.records.furnishing.models import FurnishedRecord
from lenity.records.lending import servicing_queries
from lenity.records.lending.models import Loan, Payment
from lenity.records.people import queries as people
from lenity.records.people.models import Preference


@dataclass(frozen=True)
class ReportedRow:
    """What one file said of one loan."""

    account_ending: str
    currency: str
    format: str
    month_end: date
    status: str
    balance_minor: int
    past_due_minor: int
    first_delinquency_on: date | None


@dataclass(frozen=True)
class NoticeRow:
    """A notice before a negative report: when, to which number or address, whether it went out."""

    at: datetime
    channel: str
    mask: str
    verdict: str
    contact_id: str


@dataclass(frozen=True)
class Standing:
    """Where a loan stands today, which is what the next report would say."""

    account_ending: str
    currency: str
    days_past_due: int
    overdue_minor: int


@dataclass(frozen=True)
class ReportView:
    """Reports, notices, what the next one would say, and open disputes."""

    place: str
    rows: tuple[ReportedRow, ...]
    notices: tuple[NoticeRow, ...]
    next_ones: tuple[Standing, ...]
    disputes: tuple[concern_queries.ConcernView, ...]


def reported(borrower_id: str, on_date: date) -> ReportView:
    """A borrower's reports, newest first."""
    rows = FurnishedRecord.objects.filter(loan__borrower__public_id=borrower_id).select_related(
        "loan", "file"
    )
    notices = Contact.objects.filter(borrower__public_id=borrower_id, purpose="negative_report_notice")
    disputes = concern_queries.concerns_of(borrower_id, on_date)
    return ReportView(
        people.place_of(borrower_id),
        tuple(_row(row) for row in rows.order_by("-file__month_end", "-id")[:120]),
        tuple(
            NoticeRow(
                one.requested_at,
                one.channel,
                one.contact_point.mask if one.contact_point else "",
                one.verdict,
                one.public_id,
            )
            for one in notices.select_related("contact_point").order_by("-id")[:50]
        ),
        tuple(_standing(loan, on_date) for loan in servicing_queries.loans_of(borrower_id)),
        tuple(
            one
            for one in disputes
            if one.about in ("not_mine", "identity_theft", "already_paid", "wrong_amount")
        ),
    )


def _row(row: FurnishedRecord) -> ReportedRow:
    return ReportedRow(
        row.loan.account_number[-4:],
        row.loan.currency,
        row.file.format,
        row.file.month_end,
        row.status,
        row.balance_minor,
        row.past_due_minor,
        row.first_delinquency_on,
    )


def _standing(loan: Loan, on_date: date) -> Standing:
    state = servicing_queries.account_on(loan, on_date)
    return Standing(loan.account_number[-4:], loan.currency, state.days_past_due, state.overdue_minor)


def everything(borrower_id: str, on_date: date) -> dict[str, Any]:
    """A copy of all that is held about a borrower, as plain values; amounts in minor units."""
    return {
        "made_on": on_date.isoformat(),
        "person": _person(borrower_id),
        "contact_points": _points(borrower_id),
        "loans": [_loan(loan, on_date) for loan in servicing_queries.loans_of(borrower_id)],
        "contacts": _contacts(borrower_id),
        "wishes": _wishes(borrower_id),
        "concerns": [
            {"about": one.about, "opened_at": one.opened_at.isoformat(), "answer": one.answer}
            for one in concern_queries.concerns_of(borrower_id, on_date)
        ],
        "budget": arrangements.answers_of(borrower_id),
        "agreements": [one.text for one in arrangements.agreements_of(borrower_id)],
        "helpers": [one.name for one in helper_queries.helpers(borrower_id, on_date)],
        "data_requests": [
            {"kind": one.kind, "words": one.words, "answer": one.answer, "answer_words": one.answer_words}
            for one in support_queries.requests_of(borrower_id)
        ],
        "reports": [
            {
                "account_ending": one.account_ending,
                "format": one.format,
                "month_end": one.month_end.isoformat(),
                "status": one.status,
                "balance_minor": one.balance_minor,
                "past_due_minor": one.past_due_minor,
            }
            for one in reported(borrower_id, on_date).rows
        ],
    }


def _points(borrower_id: str) -> list[dict[str, Any]]:
    points = people.get_borrower(borrower_id).contact_points.filter(role="borrower").order_by("id")
    return [
        {
            "kind": point.kind,
            "value": people.contact_value(point),
            "source": point.source,
            "recorded_at": point.recorded_at.isoformat(),
            "retired": point.retired_reason,
        }
        for point in points
    ]


def _contacts(borrower_id: str) -> list[dict[str, Any]]:
    return [
        {
            "at": one.at.isoformat(),
            "channel": one.channel,
            "purpose": one.purpose,
            "to": one.mask,
            "verdict": one.verdict,
            "why": dict(one.leading_says),
            "code": one.code,
        }
        for one in queries.whole_log(borrower_id)
    ]


def _wishes(borrower_id: str) -> list[dict[str, Any]]:
    rows = Preference.objects.filter(borrower__public_id=borrower_id).order_by("id")
    return [
        {"kind": row.kind, "channel": row.channel, "detail": row.detail, "at": row.recorded_at.isoformat()}
        for row in rows
    ]


def _person(borrower_id: str) -> dict[str, Any]:
    borrower = people.get_borrower(borrower_id)
    born = people.birth_date_of(borrower)
    return {
        "name": people.name_of(borrower),
        "identity_number": people.identity_number_of(borrower),
        "birth_date": born.isoformat() if born else "",
        "place": borrower.jurisdiction,
        "language": borrower.language,
    }


def _loan(loan: Loan, on_date: date) -> dict[str, Any]:
    state = servicing_queries.account_on(loan, on_date)
    return {
        "account_number": loan.account_number,
        "product": loan.product,
        "currency": loan.currency,
        "opened_on": loan.opened_on.isoformat(),
        "owed_minor": state.owed_minor,
        "overdue_minor": state.overdue_minor,
        "days_past_due": state.days_past_due,
        "payments": [
            {
                "value_date": row.value_date.isoformat(),
                "amount_minor": row.amount_minor,
                "source": row.source,
                "reverses": row.reverses_id is not None,
            }
            for row in Payment.objects.filter(loan=loan).order_by("value_date", "id")
        ],
    }
