"""The nightly close: days past due, stage and amounts due of every loan, from facts, on one day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from lenity.base import canonical
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.delinquency import stages
from lenity.domain.servicing import suggestions
from lenity.gateways import clock, ids
from lenity.law import reader
from lenity.operations import gatekeeping, unit
from lenity.portfolio import run as engine
from lenity.portfolio import snapshot
from lenity.records.arrangements import queries as arrangements
from lenity.records.debt_collection import concern_queries, notice_list
from lenity.records.debt_collection import writes as debt_writes
from lenity.records.debt_collection.models import Hold
from lenity.records.delinquency import queries, writes
from lenity.records.delinquency.models import CloseRun, LoanPosition, MonthEnd
from lenity.records.people import queries as people


def close_day(*, business_date: date, actor: str) -> CloseRun:
    """Close `business_date`: read the facts up to it, run the engine, put the new positions in place.

    Closing a day twice gives equal positions; the result does not depend on the order of loans. A plan whose
    loan is late beyond its grace is broken: the stop of contacts that came with it ends, and that is recorded.
    A day that has not begun anywhere is refused: it would break promises and plans that can still be kept.
    """
    today = max(clock.business_day(place) for place in reader.places())
    if business_date > today:
        says = f"{business_date} has not begun; today is {today}."
        raise InputRefused([Problem("close.future", says, "Close today or a day before it.")])
    with unit.of_work(operation="close_day", actor=actor, of_parts=True) as work:
        rows_of_facts = queries.facts(business_date)
        facts = snapshot.of_rows(rows_of_facts.loans, rows_of_facts.instalments, rows_of_facts.payments)
        result = engine.close(facts, business_date.toordinal(), stages.standard())
        rows = result.positions
        writes.replace_positions(_position(row, business_date) for row in rows)
        if (business_date + timedelta(days=1)).day == 1:
            writes.replace_month_end((_month_end(row, business_date) for row in rows), business_date)
        closed = writes.add_close(
            business_date=business_date,
            facts_digest=result.facts_digest,
            result_digest=result.result_digest,
            loans=len(rows),
            in_arrears=sum(row["days_past_due"] > 0 for row in rows),
            closed_at=work.now,
        )
        _end_broken_plans(work, rows, business_date)
        _judge_promises(work, business_date)
        work.record(
            subject_kind="close",
            subject_id=business_date.isoformat(),
            body={
                "loans": closed.loans,
                "in_arrears": closed.in_arrears,
                "facts": closed.facts_digest,
                "result": closed.result_digest,
                "stages": canonical.digest(stages.standard().to_plain()),
                "late_notices": notice_list.counts(notice_list.listed(clock.business_day))[notice_list.LATE],
            },
        )
        return closed


def _month_end(row: dict[str, Any], business_date: date) -> MonthEnd:
    late = stages.months_late(row["days_past_due"])
    return MonthEnd(
        loan_id=row["loan_id"], month_end=business_date, months_late=late, balance_minor=row["balance_minor"]
    )


def _end_broken_plans(work: unit.Work, rows: list[dict[str, Any]], business_date: date) -> None:
    """A broken plan is followed by a new offer first: nothing is collected for the days of HOUSE-TALK."""
    grace = suggestions.grace_days()
    late = {row["loan_id"] for row in rows if row["days_past_due"] > grace}
    for hold in debt_writes.end_broken_plans(late, ended_at=work.now):
        again = arrangements.days(hold.borrower.jurisdiction, business_date)["offer_again"]
        debt_writes.add_hold(
            public_id=ids.public_id(),
            borrower=hold.borrower,
            loan=hold.loan,
            kind="offer_again",
            opened_at=work.now,
            opened_by=work.actor,
            ends_on=business_date + timedelta(days=again),
            detail={"after": hold.public_id},
        )
        _offer_again(work, hold)
        work.record(
            subject_kind="hold",
            subject_id=hold.public_id,
            borrower_id=hold.borrower.public_id,
            body={"ended": True, "reason": "broken", "grace_days": grace},
        )


def _offer_again(work: unit.Work, hold: Hold) -> None:
    """Write that another plan can be found; at night the gate puts it off to the morning, as any notice."""
    point = people.own_mobile(hold.borrower)
    if point is not None:
        wish = gatekeeping.Wish(
            borrower_id=hold.borrower.public_id,
            channel="sms",
            purpose="plan_offer",
            point_id=point.public_id,
            loan_ids=(),
            template="plan-offer-again-sms",
            requested_by="close",
        )
        gatekeeping.decide_one(work, wish)


def _judge_promises(work: unit.Work, business_date: date) -> None:
    """A promise is kept as soon as its amount came in by its day; past that day it is broken."""
    for hold, paid_minor in concern_queries.promises_to_judge(business_date):
        promised = int(hold.detail["promised_minor"])
        passed = hold.ends_on is not None and hold.ends_on < business_date
        if paid_minor < promised and not passed:
            continue
        reason = "kept" if paid_minor >= promised else "broken"
        debt_writes.end_hold(hold, ended_at=work.now, reason=reason)
        work.record(
            subject_kind="hold",
            subject_id=hold.public_id,
            borrower_id=hold.borrower.public_id,
            body={"ended": True, "reason": reason, "promised_minor": promised, "paid_minor": paid_minor},
        )


def _position(row: dict[str, Any], on_date: date) -> LoanPosition:
    oldest, following = row["oldest_unpaid_due_day"], row["next_due_day"]
    return LoanPosition(
        loan_id=row["loan_id"],
        on_date=on_date,
        days_past_due=row["days_past_due"],
        stage=row["stage"],
        oldest_unpaid_due_date=date.fromordinal(oldest) if isinstance(oldest, int) else None,
        overdue_minor=row["overdue_minor"],
        next_due_date=date.fromordinal(following) if isinstance(following, int) else None,
        next_due_minor=row["next_due_minor"],
        balance_minor=row["balance_minor"],
    )
