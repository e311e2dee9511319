"""A borrower lets a helper, such as a debt adviser, read for her until a day she names."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import clock, ids
from lenity.operations import servicing, unit
from lenity.records.intake import writes
from lenity.records.people import queries as people

SCOPES = ("contacts", "statement", "plans", "concerns")
LONGEST = timedelta(days=90)


@dataclass(frozen=True)
class Given:
    """The access's id, and the token, shown this once."""

    id: str
    token: str


def give_helper_access(
    *, borrower_id: str, name: str, scopes: tuple[str, ...], until: date, actor: str
) -> Given:
    """Give read access to parts of what the borrower sees herself; it ends by itself, in 90 days at most."""
    with unit.of_work(operation="give_helper_access", actor=actor) as work:
        borrower = servicing.needed(people.find_borrower(borrower_id), "borrower", borrower_id)
        today = clock.business_day(borrower.jurisdiction)
        problems = []
        if not 0 < len(name.strip()) <= 60:
            problems.append(Problem("helper.name", "The helper's name has 1 to 60 signs."))
        if not scopes or set(scopes) - set(SCOPES):
            problems.append(Problem("helper.scopes", f"Scopes are: {', '.join(SCOPES)}."))
        if not today <= until <= today + LONGEST:
            says = f"The last day is between today and {today + LONGEST}."
            problems.append(Problem("helper.until", says))
        if problems:
            raise InputRefused(problems)
        token, public_id = ids.token() + ids.token(), ids.public_id()
        writes.add_helper(
            borrower,
            public_id=public_id,
            name=name.strip(),
            token_digest=hashlib.sha256(token.encode()).hexdigest(),
            scopes=scopes,
            given_at=work.now,
            until=until,
        )
        work.record(
            subject_kind="helper_access",
            subject_id=public_id,
            borrower_id=borrower_id,
            body={"scopes": list(scopes), "until": until.isoformat()},
        )
    return Given(public_id, token)
