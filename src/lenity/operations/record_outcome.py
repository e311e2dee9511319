"""Somebody called or visited: what came of it."""

from __future__ import annotations

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.debt_collection import screening
from lenity.gateways import ids
from lenity.operations import unit
from lenity.records.debt_collection import desk_writes, placement_queries, voice_writes, writes
from lenity.records.debt_collection.models import ContactOutcome

OUTCOMES = (
    "not_connected",
    "no_answer",
    "conversation",
    "voicemail",
    "wrong_person",
    "refused_by_person",
)


def record_outcome(
    *, contact_id: str, outcome: str, actor: str, note: str = "", agency: str = ""
) -> ContactOutcome:
    """Record what came of an allowed call or visit; the gate counts by it from then on.

    The note (or transcript, its lines marked with who speaks) is screened: what is found waits for compliance.
    An `agency` tells of its own contacts only; a number that is somebody else's is used no more in any account.
    """
    if outcome not in OUTCOMES:
        known = ", ".join(OUTCOMES)
        raise InputRefused([Problem("outcome", f"{outcome!r} is not an outcome.", f"Use one of: {known}.")])
    found = screening.screen(note)
    with unit.of_work(operation="record_outcome", actor=actor) as work:
        contact = placement_queries.contact_of(contact_id, agency)
        if contact is None:
            raise InputRefused([Problem("contact.unknown", "There is no such contact.", "Check the id.")])
        if contact.verdict != "allowed" or contact.channel not in ("call", "visit"):
            raise InputRefused(
                [Problem("contact", "Only an allowed call or visit has an outcome.", "Ask the gate first.")]
            )
        row = writes.add_outcome(contact, outcome=outcome, recorded_at=work.now, recorded_by=actor, note=note)
        if agency and outcome == "wrong_person" and contact.contact_point is not None:
            desk_writes.quarantine(contact.contact_point, reason="wrong_person", now=work.now)
        voice_writes.add_findings(
            contact,
            found,
            public_ids=[ids.public_id() for _ in found],
            written_by=actor,
            found_at=work.now,
        )
        work.record(
            subject_kind="contact",
            subject_id=contact.public_id,
            borrower_id=contact.borrower.public_id,
            body={"outcome": outcome, "has_note": bool(note), "findings": len(found)},
        )
        return row
