"""A side of a loan proposes a plan, or answers a proposal with another one."""

from __future__ import annotations

from datetime import timedelta

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.servicing import negotiation, relief
from lenity.domain.servicing.relief import Request
from lenity.gateways import ids
from lenity.operations import planning, servicing, unit
from lenity.records.arrangements import queries, writes
from lenity.records.arrangements.models import TalkTurn
from lenity.records.lending import servicing_queries

LONGEST_WORDS = 2000


def propose_plan(
    *, loan_id: str, asked: Request, by: str, actor: str, words: str = "", borrower_id: str = ""
) -> TalkTurn:
    """Make an offer, or counter the one that stands; it can be answered for the days of HOUSE-TALK.

    `by` is `borrower` or `lender`; a borrower's door gives her own id. No side can propose what would leave
    the household below its floor (HOUSE-FLOOR).
    """
    with unit.of_work(operation="propose_plan", actor=actor) as work:
        base = servicing.ground(loan_id)
        if borrower_id and base.loan.borrower.public_id != borrower_id:
            raise InputRefused([Problem("loan.unknown", "There is no such loan.")])
        if asked.kind in relief.PREPAYMENTS:
            raise InputRefused([Problem("relief.kind", "A prepayment needs no talk.", "Prepay instead.")])
        rows = queries.turns(base.loan)
        rules = queries.as_rules(rows)
        fresh = negotiation.state(rules, base.today) == "new"
        move = "offer" if fresh else "counter"
        negotiation.check(rules, by, move, base.today)
        made = servicing_queries.preview(base.loan, base.before, asked)
        planning.keep_floor(base, made)
        stands = queries.days(base.loan.borrower.jurisdiction, base.today)["offer_stands"]
        new_id = ids.public_id()
        new = writes.NewTurn(
            public_id=new_id,
            talk=new_id if fresh else rows[-1].talk,
            number=1 if fresh else rows[-1].number + 1,
            by=by,
            move=move,
            expires_on=base.today + timedelta(days=stands),
            asked=negotiation.request_text(asked),
            plan=servicing_queries.plan_text(made.new),
            words=words.strip()[:LONGEST_WORDS],
        )
        turn = writes.add_turn(new, loan=base.loan, recorded_at=work.now, recorded_by=actor)
        work.record(
            subject_kind="talk",
            subject_id=turn.talk,
            borrower_id=base.loan.borrower.public_id,
            body={
                "turn": turn.public_id,
                "by": by,
                "move": move,
                "loan": loan_id,
                "shown": servicing_queries.plan_digest(made.new),
                "expires_on": turn.expires_on.isoformat(),
            },
        )
        return turn
