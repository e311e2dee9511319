"""A collector asks for the next case and gets one that nobody else has."""

from __future__ import annotations

from datetime import timedelta

from lenity.gateways import clock, ids
from lenity.operations import unit
from lenity.records.debt_collection import desk_queries, desk_writes


def next_case(*, actor: str) -> str:
    """Lease the most overdue case that may be contacted now; empty when there is none.

    A collector has one case at a time: asking again gives the one she has. Paid, held, placed and
    unreachable cases are no cases.
    """
    with unit.of_work(operation="next_case", actor=actor) as work:
        desk_writes.lapse(work.now)
        lease = desk_queries.open_lease(actor, work.now)
        if lease is None:
            rule = desk_queries.rule("CN", work.now.date())
            again, until = (
                timedelta(hours=rule["again_after_hours"]),
                work.now + timedelta(minutes=rule["lease_minutes"]),
            )
            for borrower in desk_queries.candidates(work.now, clock.business_day, again):
                if desk_writes.lock_free(borrower.pk):
                    lease = desk_writes.take(
                        borrower.pk,
                        public_id=ids.public_id(),
                        staff=actor,
                        how="next",
                        now=work.now,
                        until=until,
                    ) or desk_queries.open_lease(actor, work.now)
                if lease is not None:
                    break
        work.record(
            subject_kind="case",
            subject_id=lease.public_id if lease else "",
            borrower_id=lease.borrower.public_id if lease else "",
            body={"found": lease is not None},
        )
        return lease.public_id if lease else ""
