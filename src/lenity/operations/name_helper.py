"""A borrower names somebody who may speak for her, or read, for what and until when; with a key if she likes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lenity.base import dates
from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import ids
from lenity.operations import servicing, unit
from lenity.records.arrangements import helper_queries, writes
from lenity.records.debt_collection import writes as debt_writes

PARTS = {
    "see": ("contacts", "statement"),
    "talk": ("contacts", "statement", "plans", "concerns"),
}
"""What a helper may read, by what she was named for; she never signs."""
MOST_MONTHS = 12
KEY_LASTS = timedelta(days=90)
LONGEST = 80


@dataclass(frozen=True)
class Named:
    """The helper's id, and her key where one was asked for: shown this once."""

    public_id: str
    key: str


def name_helper(
    *,
    borrower_id: str,
    name: str,
    reach: str,
    scope: str,
    until: date,
    actor: str,
    parts: Sequence[str] = (),
) -> Named:
    """Name a helper: `see` what is owed, or `talk` about plans too; never to sign. At most a year at a time.

    With `parts` she gets a key that reads these on a page or by a program, for 90 days at most; whoever is
    named for a key alone needs no number or address. Ending the helper ends the key. Who is named again is
    still one helper: the new naming takes the place of the old one, and of its key.
    """
    with unit.of_work(operation="name_helper", actor=actor) as work:
        borrower = debt_writes.lock_borrower(borrower_id)
        today = servicing.today(borrower.jurisdiction)
        problems = _problems(name.strip(), reach.strip(), scope, parts)
        if not today <= until <= dates.add_months(today, MOST_MONTHS):
            problems.append(Problem("until", "The last day is from today to a year from now."))
        if problems:
            raise InputRefused(problems)
        before = helper_queries.same_person(borrower, name, reach, today)
        for one in before:
            writes.end_helper(one, ended_at=work.now)
        helper = writes.add_helper(
            borrower,
            public_id=ids.public_id(),
            name=name.strip(),
            reach=reach.strip(),
            scope=scope,
            until=until,
            recorded_at=work.now,
        )
        key = ids.token() + ids.token() if parts else ""
        if key:
            writes.add_helper_key(
                helper,
                token_digest=hashlib.sha256(key.encode()).hexdigest(),
                parts=parts,
                until=min(until, today + KEY_LASTS),
                given_at=work.now,
            )
        work.record(
            subject_kind="helper",
            subject_id=helper.public_id,
            borrower_id=borrower_id,
            body={
                "scope": scope,
                "until": until.isoformat(),
                "parts": list(parts),
                "instead_of": [one.public_id for one in before],
            },
        )
        return Named(helper.public_id, key)


def _problems(name: str, reach: str, scope: str, parts: Sequence[str]) -> list[Problem]:
    problems = []
    if not 0 < len(name) <= LONGEST:
        problems.append(Problem("name", f"A name has 1 to {LONGEST} signs."))
    if not (bool(parts) or reach) or len(reach) > LONGEST:
        problems.append(Problem("reach", f"A number or an address has 1 to {LONGEST} signs."))
    if scope not in PARTS:
        problems.append(Problem("scope", f"It is one of: {', '.join(PARTS)}."))
    elif set(parts) - set(PARTS[scope]):
        problems.append(Problem("parts", f"To {scope} goes with: {', '.join(PARTS[scope])}."))
    return problems
