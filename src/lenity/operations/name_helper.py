"""A borrower names somebody who may speak for her, for what and until when."""

from __future__ import annotations

from datetime import date

from lenity.base import dates
from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import ids
from lenity.operations import servicing, unit
from lenity.records.arrangements import writes
from lenity.records.arrangements.models import Helper
from lenity.records.debt_collection import writes as debt_writes

SCOPES = ("see", "talk")
MOST_MONTHS = 12
LONGEST = 80


def name_helper(*, borrower_id: str, name: str, reach: str, scope: str, until: date, actor: str) -> Helper:
    """Name a helper: `see` what is owed, or `talk` about plans too; never to sign. At most a year at a time."""
    with unit.of_work(operation="name_helper", actor=actor) as work:
        borrower = debt_writes.lock_borrower(borrower_id)
        today = servicing.today(borrower.jurisdiction)
        problems = []
        if not 0 < len(name.strip()) <= LONGEST:
            problems.append(Problem("name", f"A name has 1 to {LONGEST} signs."))
        if not 0 < len(reach.strip()) <= LONGEST:
            problems.append(Problem("reach", f"A number or an address has 1 to {LONGEST} signs."))
        if scope not in SCOPES:
            problems.append(Problem("scope", f"It is one of: {', '.join(SCOPES)}."))
        if not today <= until <= dates.add_months(today, MOST_MONTHS):
            problems.append(Problem("until", "The last day is from today to a year from now."))
        if problems:
            raise InputRefused(problems)
        helper = writes.add_helper(
            borrower,
            public_id=ids.public_id(),
            name=name.strip(),
            reach=reach.strip(),
            scope=scope,
            until=until,
            recorded_at=work.now,
        )
        work.record(
            subject_kind="helper",
            subject_id=helper.public_id,
            borrower_id=borrower_id,
            body={"scope": scope, "until": until.isoformat()},
        )
        return helper
