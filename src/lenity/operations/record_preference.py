"""A borrower asked for something: a channel switched off, quiet hours, no more contact."""

from __future__ import annotations

from collections.abc import Mapping

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import ids
from lenity.operations import unit
from lenity.records.debt_collection import writes as debt_writes
from lenity.records.people import writes
from lenity.records.people.models import Preference

KINDS = (
    "channel_opt_out",
    "cease",
    "quiet_hours",
    "hours_consent",
    "direct_consent",
    "inconvenient_place",
    "employer_forbids",
    "attorney",
    "stress_budget",
    "contact_person_refused",
)


def record_preference(
    *,
    borrower_id: str,
    kind: str,
    actor: str,
    channel: str = "",
    detail: Mapping[str, str] | None = None,
) -> Preference:
    """Record a wish; the gate keeps to it from this instant on. It takes the borrower's lock."""
    if kind not in KINDS:
        known = ", ".join(KINDS)
        raise InputRefused([Problem("kind", f"{kind!r} is no wish that the gate knows.", f"Use: {known}.")])
    with unit.of_work(operation="record_preference", actor=actor) as work:
        borrower = debt_writes.lock_borrower(borrower_id)
        row = writes.add_preference(
            borrower,
            public_id=ids.public_id(),
            kind=kind,
            channel=channel,
            detail=detail,
            recorded_at=work.now,
            recorded_by=actor,
        )
        work.record(
            subject_kind="preference",
            subject_id=row.public_id,
            borrower_id=borrower.public_id,
            body={"kind": kind, "channel": channel},
        )
        return row
