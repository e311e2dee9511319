"""Notices that are due are asked of the gate: of placings, of assignments, of a debt's validation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

from lenity.gateways import clock
from lenity.operations import noticing, unit
from lenity.records.debt_collection import notice_list


def send_notices(*, actor: str) -> Mapping[str, int]:
    """Ask for each notice that nobody has asked for, or that was put off until now; how many by verdict.

    `by_hand` are those of borrowers without a number or an address for it: somebody has to write. What is late
    (US-RF-34a: five days from the first communication) is counted too and stays on the list.
    """
    with unit.of_work(operation="send_notices", actor=actor, of_parts=True) as work:
        by_hand, verdicts = noticing.tell(work)
        counts: Counter[str] = Counter(verdicts)
        counts["by_hand"] = len(by_hand)
        counts["late"] = notice_list.counts(notice_list.listed(clock.business_day))[notice_list.LATE]
        body = dict(sorted(counts.items()))
        today: date = clock.home_day()
        work.record(subject_kind="notices", subject_id=today.isoformat(), body=body)
        return body
