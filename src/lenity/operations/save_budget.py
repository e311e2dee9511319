"""A borrower tells her month: page by page as a draft, then finished as the next version of her budget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lenity.base import canonical
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.servicing import affordability
from lenity.gateways import ids
from lenity.operations import servicing, unit
from lenity.records.arrangements import queries, writes
from lenity.records.debt_collection import writes as debt_writes

MOST_SIGNS = 20_000


def save_budget(*, borrower_id: str, answers: Mapping[str, Any], finish: bool, actor: str) -> str:
    """Keep the answers; with `finish` add the next version, which plans are held to from now on.

    Returns the version's id, empty for a draft. The audit event holds neither amounts nor words.
    """
    if len(canonical.text(answers)) > MOST_SIGNS:
        raise InputRefused([Problem("budget.size", "The answers are too long.", "Shorten the reasons.")])
    with unit.of_work(operation="save_budget", actor=actor) as work:
        borrower = debt_writes.lock_borrower(borrower_id)
        public_id, version = "", 0
        if finish:
            stated = affordability.from_plain(answers["budget"])
            floor = queries.floor_of(borrower.jurisdiction, servicing.today(borrower.jurisdiction))
            affordability.summary(stated, floor)
            public_id = ids.public_id()
            version = writes.add_budget(
                borrower, answers, public_id=public_id, recorded_at=work.now, recorded_by=actor
            ).version
        else:
            writes.save_draft(borrower, answers, saved_at=work.now)
        work.record(
            subject_kind="budget",
            subject_id=public_id or borrower_id,
            borrower_id=borrower_id,
            body={"version": version, "finished": finish},
        )
        return public_id
