"""A borrower switches a channel off, or on again; the gate keeps to it from this instant on."""

from __future__ import annotations

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import ids
from lenity.operations import unit
from lenity.records.debt_collection import writes as debt_writes
from lenity.records.people import queries, writes

CHANNELS = ("sms", "email", "call", "im", "letter", "visit")


def switch_channel(*, borrower_id: str, channel: str, on: bool, actor: str) -> bool:
    """Switch a channel; returns whether anything changed. Asking twice changes nothing the second time.

    Switching on again is a fact of its own that revokes the refusal; nothing is deleted.
    """
    if channel not in CHANNELS:
        problem = Problem("channel", f"{channel!r} is no channel.", f"Use one of: {', '.join(CHANNELS)}.")
        raise InputRefused([problem])
    with unit.of_work(operation="switch_channel", actor=actor) as work:
        borrower = debt_writes.lock_borrower(borrower_id)
        standing = queries.opt_outs(borrower, channel)
        for revoked in standing if on else [None] if not standing else []:
            writes.add_preference(
                borrower,
                public_id=ids.public_id(),
                kind="channel_opt_out",
                channel=channel,
                recorded_at=work.now,
                recorded_by=actor,
                revokes=revoked,
            )
        changed = bool(standing) == on
        work.record(
            subject_kind="preference",
            subject_id=borrower.public_id,
            borrower_id=borrower.public_id,
            body={"channel": channel, "on": on, "changed": changed},
        )
        return changed
