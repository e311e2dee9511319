"""Someone asks that the reminders which the strategy chose today are put to the gate, all of them at once."""

from __future__ import annotations

from datetime import date

from lenity.base import canonical
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.approvals import bulk, change
from lenity.domain.debt_collection import strategy
from lenity.gateways import ids
from lenity.operations import approving, unit
from lenity.records.approvals import writes
from lenity.records.approvals.models import ChangeProposal
from lenity.records.debt_collection import strategy_queries, voice_writes


def propose_bulk_send(
    *, treatment: strategy.Strategy, on_date: date, reason: str, actor: str
) -> ChangeProposal:
    """Keep exactly these wishes, person by person, for a second person; what is spent and left is kept too."""
    if problems := change.reason_problems(reason):
        raise InputRefused(problems)
    kind = change.Kind.BULK_SEND
    with unit.of_work(operation="propose_bulk_send", actor=actor) as work:
        approving.asker(actor, kind, work)
        choices = strategy_queries.choices(treatment, on_date, work.now)
        wishes = [option.wish for one in choices for option in one.chosen]
        if not wishes:
            says = "The strategy wishes for nothing on this day."
            raise InputRefused([Problem("bulk.nothing", says, "It works on the loans of that day's close.")])
        voice_writes.add_spendings(
            choices,
            strategy_name=f"{treatment.name} {treatment.version}",
            digest=treatment.digest,
            on_date=on_date,
            planned_at=work.now,
        )
        payload = canonical.text(bulk.content(wishes[: bulk.MOST], treatment.digest, on_date))
        subject = f"{on_date.isoformat()}/{treatment.digest[:16]}"
        proposal = writes.add_proposal(
            public_id=ids.public_id(),
            kind=kind.value,
            subject_id=subject,
            payload=payload,
            before="",
            digest=change.digest(kind, subject, payload),
            reason=reason.strip(),
            proposed_by=actor,
            proposed_at=work.now,
            expires_at=work.now + bulk.LIFE,
        )
        work.record(
            subject_kind="change",
            subject_id=proposal.public_id,
            body={"kind": kind.value, "about": subject, "digest": proposal.digest, "wishes": len(wishes)},
        )
        return proposal
