"""A borrower names hours, and days of the week, in which she is not to be reached, on all channels or one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.debt_collection.rules.view import WEEKDAYS
from lenity.gateways import ids
from lenity.operations import unit
from lenity.records.debt_collection import writes as debt_writes
from lenity.records.people import queries, writes
from lenity.records.people.models import Preference

CHANNELS = ("", "sms", "email", "call", "im", "letter", "visit")
MOST = 20


def set_quiet_hours(
    *,
    borrower_id: str,
    channel: str,
    closed_from: str,
    closed_until: str,
    weekdays: Sequence[str],
    actor: str,
) -> Preference:
    """Add quiet hours; the gate keeps to them from this instant on. They may run over midnight.

    No weekdays are all of them; no channel is every one.
    """
    problems = []
    try:
        start, end = time.fromisoformat(closed_from[:5]), time.fromisoformat(closed_until[:5])
    except ValueError:
        start = end = time()
    if start == end:
        problems.append(Problem("hours", "Two different times are needed.", "For example 21:00 and 09:00."))
    if channel not in CHANNELS:
        problems.append(Problem("channel", f"{channel[:10]!r} is no channel."))
    if set(weekdays) - set(WEEKDAYS):
        problems.append(Problem("weekdays", f"Days are: {', '.join(WEEKDAYS)}."))
    if problems:
        raise InputRefused(problems)
    with unit.of_work(operation="set_quiet_hours", actor=actor) as work:
        borrower = debt_writes.lock_borrower(borrower_id)
        if len(queries.standing(borrower, "quiet_hours")) >= MOST:
            raise InputRefused([Problem("hours", f"At most {MOST} wishes stand.", "Remove one first.")])
        row = writes.add_preference(
            borrower,
            public_id=ids.public_id(),
            kind="quiet_hours",
            channel=channel,
            detail={
                "closed_from": f"{start:%H:%M}",
                "closed_until": f"{end:%H:%M}",
                "weekdays": ",".join(day for day in WEEKDAYS if day in weekdays),
            },
            recorded_at=work.now,
            recorded_by=actor,
        )
        work.record(
            subject_kind="preference",
            subject_id=row.public_id,
            borrower_id=borrower_id,
            body={"kind": "quiet_hours", "channel": channel},
        )
        return row
