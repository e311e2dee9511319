"""Offers beyond somebody's authority, as a supervisor judges them and as the collector sees them come back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from lenity.base.outcomes import InputRefused
from lenity.domain.servicing import affordability, authority
from lenity.domain.servicing.authority import Ask
from lenity.domain.servicing.plan import Preview
from lenity.law import reader
from lenity.records.approvals import queries as approvals
from lenity.records.approvals.models import ChangeProposal
from lenity.records.arrangements import queries
from lenity.records.debt_collection import change_views
from lenity.records.debt_collection.change_views import Asked
from lenity.records.lending import change_queries, servicing_queries
from lenity.records.lending.models import Loan

KINDS = ("beyond_offer",)


@dataclass(frozen=True)
class Beyond:
    """An offer that waits or was decided.

    `made` is None where nothing can be worked out any more, and for fees let go. `floor` says what the plan
    leaves: `kept`, `below`, or `unknown` where the household has not told its month.
    """

    asked: Asked
    account_ending: str
    currency: str
    ask: Ask
    rate_percent: str
    open_minor: int
    made: Preview | None
    floor: str


def limits(place: str, role: str, on_date: date) -> dict[str, int]:
    """What a role may offer by itself."""
    return dict(reader.rulebook(place).value("HOUSE-AUTHORITY", on_date)[role])


def beyond(reader_id: str, now: datetime, today: Callable[[str], date]) -> list[Beyond]:
    """Offers beyond an authority, those that wait on top."""
    asked, payloads = change_views.asked(reader_id, now, KINDS)
    wanted = {str(one["loan"]) for one in payloads.values()}
    rows = Loan.objects.select_related("borrower", "agreement").filter(public_id__in=wanted)
    loans = {one.public_id: one for one in rows}
    return [_beyond(one, loans[payloads[one.change]["loan"]], payloads[one.change], today) for one in asked]


def of_loans(loan_ids: list[str], now: datetime) -> list[tuple[Ask, str, str]]:
    """What was asked of a supervisor for these loans: the offer, where it stands, the reason of the verdict."""
    views = {one.public_id: one for one in approvals.changes(now, kinds=KINDS, most=200, brief=True)}
    rows = ChangeProposal.objects.filter(kind__in=KINDS, subject_id__in=loan_ids).order_by("-id")[:5]
    return [
        (
            authority.read(json.loads(row.payload)),
            views[row.public_id].state,
            views[row.public_id].decided_reason,
        )
        for row in rows
        if row.public_id in views
    ]


def _beyond(asked: Asked, loan: Loan, payload: dict[str, str], today: Callable[[str], date]) -> Beyond:
    day, ask = today(loan.borrower.jurisdiction), authority.read(payload)
    state, terms = servicing_queries.account_on(loan, day), servicing_queries.terms_of(loan)
    made, floor = None, ""
    if ask.deal not in authority.WAIVED and asked.state in ("waiting", "approved"):
        try:
            made = servicing_queries.preview(loan, state, ask.request)
            floor = _floor(loan, made, day)
        except InputRefused:
            made = None
    return Beyond(
        asked,
        loan.account_number[-4:],
        loan.currency,
        ask,
        change_queries.percent(terms.annual_rate),
        authority.open_minor(ask, state) if ask.deal in authority.WAIVED else 0,
        made,
        floor,
    )


def _floor(loan: Loan, made: Preview, day: date) -> str:
    budget = queries.budget_of(loan.borrower, day)
    if budget is None:
        return "unknown"
    asked = affordability.heaviest_month_minor(made.new) + queries.others_minor(loan, day)
    return "below" if asked > budget.month.room_minor else "kept"
