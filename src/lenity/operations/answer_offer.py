"""A side answers the plan that the other has proposed: accept, decline, or take its own back."""

from __future__ import annotations

from datetime import timedelta

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.servicing import negotiation
from lenity.gateways import ids
from lenity.operations import planning, servicing, unit
from lenity.records.arrangements import queries, writes
from lenity.records.arrangements.models import TalkTurn

MOVES = ("accept", "decline", "withdraw")
LONGEST_WORDS = 2000


def answer_offer(
    *,
    loan_id: str,
    move: str,
    by: str,
    actor: str,
    reason: str = "",
    words: str = "",
    seen: str = "",
    borrower_id: str = "",
) -> TalkTurn:
    """Answer in turn. The lender's `accept` opens signing, within the actor's authority (HOUSE-AUTHORITY); the
    lender gives a reason when it declines.

    Nothing is agreed by this: a plan is agreed when the borrower signs it. `seen` is the turn that was
    read; the answer is refused where another one has come since.
    """
    if move not in MOVES:
        raise InputRefused([Problem("talk.move", f"It is one of: {', '.join(MOVES)}.")])
    needs_reason = by == "lender" and move == "decline"
    if (reason or needs_reason) and reason not in negotiation.REASONS:
        raise InputRefused([Problem("talk.reason", f"It is one of: {', '.join(negotiation.REASONS)}.")])
    with unit.of_work(operation="answer_offer", actor=actor) as work:
        base = servicing.ground(loan_id)
        if borrower_id and base.loan.borrower.public_id != borrower_id:
            raise InputRefused([Problem("loan.unknown", "There is no such loan.")])
        rows = queries.turns(base.loan)
        negotiation.check(queries.as_rules(rows), by, move, base.today)
        if seen and rows[-1].public_id != seen:
            raise InputRefused(
                [Problem("talk.move", "Another offer has come since.", "Read that one first.")]
            )
        if by == "lender" and move == "accept":
            offered = next(one.asked for one in reversed(rows) if one.asked)
            planning.within_authority(base, negotiation.read_request(offered), actor)
        stands = queries.days(base.loan.borrower.jurisdiction, base.today)["offer_stands"]
        new = writes.NewTurn(
            public_id=ids.public_id(),
            talk=rows[-1].talk,
            number=rows[-1].number + 1,
            by=by,
            move=move,
            expires_on=base.today + timedelta(days=stands) if move == "accept" else rows[-1].expires_on,
            reason=reason,
            words=words.strip()[:LONGEST_WORDS],
        )
        turn = writes.add_turn(new, loan=base.loan, recorded_at=work.now, recorded_by=actor)
        work.record(
            subject_kind="talk",
            subject_id=turn.talk,
            borrower_id=base.loan.borrower.public_id,
            body={"turn": turn.public_id, "by": by, "move": move, "reason": reason, "loan": loan_id},
        )
        return turn
