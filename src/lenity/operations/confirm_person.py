"""A collector enters what the person on the line said; only the right answer opens the debt."""

from __future__ import annotations

import hmac
import re
from datetime import timedelta

from lenity.base.outcomes import InputRefused, Problem
from lenity.operations import servicing, unit
from lenity.records.debt_collection import desk_queries, desk_writes
from lenity.records.people import queries as people


def confirm_person(*, said: str, actor: str) -> bool:
    """Compare with what only the borrower is likely to know; after the last try the case goes back.

    The collector is never shown the right answer, so she cannot confirm without the person.
    """
    with unit.of_work(operation="confirm_person", actor=actor) as work:
        lease = servicing.needed(desk_queries.open_lease(actor, work.now), "case", "")
        rule = desk_queries.rule(lease.borrower.jurisdiction, work.now.date())
        expected = people.proof_of(lease.borrower)
        if not expected:
            raise InputRefused([Problem("person.no_proof", "Nothing is on file to confirm her by.")])
        right = hmac.compare_digest(_plain(said).encode(), _plain(expected).encode())
        until = work.now + timedelta(minutes=rule["lease_minutes"])
        desk_writes.note_try(lease, right=right, now=work.now, until=until)
        over = not right and lease.tries + 1 >= rule["identity_tries"]
        if over:
            desk_writes.close(lease, how="unconfirmed", now=work.now)
        work.record(
            subject_kind="case",
            subject_id=lease.public_id,
            borrower_id=lease.borrower.public_id,
            body={"confirmed": right, "put_back": over},
        )
        return right


def _plain(said: str) -> str:
    """Digits and the letter X only; a day is written with eight digits."""
    parts: list[str] = re.findall(r"[0-9Xx]+", said[:40])
    if len(parts) == 3:
        return parts[0] + parts[1].zfill(2) + parts[2].zfill(2)
    return "".join(parts).upper()
