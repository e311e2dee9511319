"""A side of a loan proposes a plan, or answers a proposal with another one."""

from __future__ import annotations

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.servicing.relief import Request
from lenity.operations import planning, servicing, unit
from lenity.records.arrangements.models import TalkTurn


def propose_plan(
    *, loan_id: str, asked: Request, by: str, actor: str, words: str = "", borrower_id: str = ""
) -> TalkTurn:
    """Make an offer, or counter the one that stands; it can be answered for the days of HOUSE-TALK.

    `by` is `borrower` or `lender`; a borrower's door gives her own id. No side can propose what would leave
    the household below its floor (HOUSE-FLOOR), and nobody for the lender beyond her authority (HOUSE-AUTHORITY).
    """
    with unit.of_work(operation="propose_plan", actor=actor) as work:
        base = servicing.ground(loan_id)
        if borrower_id and base.loan.borrower.public_id != borrower_id:
            raise InputRefused([Problem("loan.unknown", "There is no such loan.")])
        if by == "lender":
            planning.within_authority(base, asked, actor)
        return planning.propose(work, base, asked, by=by, words=words)
