"""The code from the new number or address came: the change waits its time, and the old ones are told."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from lenity.gateways import clock
from lenity.law import reader
from lenity.operations import contact_points, gatekeeping, servicing, unit
from lenity.records.debt_collection import writes as debt_writes
from lenity.records.people import codes, point_queries, point_writes, sign_in_writes
from lenity.records.people.models import Borrower


def confirm_point_change(*, borrower_id: str, change_id: str, code: str, actor: str) -> bool:
    """Whether it is the code that was sent for this change: five tries, five minutes, once (HOUSE-POINT).

    Everything that she can be reached by until now is told, so that a stranger's change does not stay hidden.
    """
    with unit.of_work(operation="confirm_point_change", actor=actor, of_parts=True) as work:
        borrower = debt_writes.lock_borrower(borrower_id)
        change = point_queries.change_of(borrower, change_id)
        confirmed = False
        if change is not None and change.confirmed_at is None:
            row = sign_in_writes.take_try(
                change.request_id, now=work.now, most=codes.TRIES, purpose=contact_points.CHANGE
            )
            expected = codes.keyed(f"{change.request_id}|{change_id}", code.strip())
            right = row is not None and codes.same(row.code_hash, expected)
            confirmed = right and row is not None and sign_in_writes.use_up(row, now=work.now)
        if change is not None and confirmed:
            effective = work.now + _wait(borrower)
            point_writes.confirm(change, at=work.now, effective_at=effective)
            _tell(work, borrower, effective)
        work.record(
            subject_kind="point_change",
            subject_id=change_id[:20],
            borrower_id=borrower_id,
            body={"confirmed": confirmed},
        )
        return confirmed


def _wait(borrower: Borrower) -> timedelta:
    today = servicing.today(borrower.jurisdiction)
    rule = reader.rulebook(borrower.jurisdiction).value("HOUSE-POINT", today)
    return timedelta(hours=rule["cooling_hours"])


def _tell(work: unit.Work, borrower: Borrower, effective: datetime) -> None:
    """A message to each number and address that she has; the gate decides on it as on any other."""
    for point in point_queries.own_points(borrower):
        channel = point_queries.CHANNELS[point.kind]
        wish = gatekeeping.Wish(
            borrower_id=borrower.public_id,
            channel=channel,
            purpose="receipt",
            point_id=point.public_id,
            loan_ids=(),
            template=f"point-change-{channel}",
            requested_by="point_change",
            values=(("effective", _told(effective, borrower)),),
        )
        gatekeeping.decide_one(work, wish)


def _told(instant: datetime, borrower: Borrower) -> str:
    """An instant in the words of a message, on the lender's clock in her place."""
    here = instant.astimezone(ZoneInfo(clock.business_zone(borrower.jurisdiction)))
    if borrower.language == "en":
        return f"{here:%B} {here.day}, {here:%H:%M}"
    return f"{here.month}月{here.day}日 {here:%H:%M}"
