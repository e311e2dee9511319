"""A person decides what a machine had decided, with a written reason; the machine's decision stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.lending import review
from lenity.gateways import clock, ids
from lenity.law import reader
from lenity.operations import approving, unit
from lenity.records.lending import review_queries, review_writes
from lenity.records.lending.models import DecisionReview
from lenity.records.people import sign_in_queries

ROLE = "risk"


@dataclass(frozen=True)
class Answered:
    """Whether the review is answered now; if not, somebody else has to approve the same limit."""

    review_id: str
    is_final: bool


def answer_review(*, review_id: str, outcome: str, limit_minor: int = 0, reason: str, actor: str) -> Answered:
    """Answer a review (CN-PIPL-24); a limit above HOUSE-REVIEW waits until somebody else approves the same.

    A second opinion is given by somebody who had no part in the first.
    """
    with unit.of_work(operation="answer_review", actor=actor) as work:
        staff = sign_in_queries.staff_by_id(actor)
        works = staff is not None and sign_in_queries.may_work(staff, clock.home_day())
        if staff is None or not works or ROLE not in staff.roles:
            raise InputRefused([Problem("review.role", f"Only staff with the role {ROLE} answer reviews.")])
        asked = review_queries.open_review(review_id)
        if asked is None:
            raise InputRefused([Problem("review.unknown", "No review with this id waits for an answer.")])
        if actor in review_queries.answered_by(asked.decision):
            says = "You had a part in the first answer."
            raise InputRefused([Problem("review.same_person", says, "Somebody else gives the second.")])
        highest = review_queries.highest_minor(asked.decision)
        problems = review.answer_problems(outcome, limit_minor, reason, highest)
        if problems:
            raise InputRefused(problems)
        alone = review.alone_minor(highest, clock.home_day(), reader.rulebook(clock.HOME))
        is_final = limit_minor <= alone or _is_second(asked, limit_minor, actor)
        kept: dict[str, Any] = {"limit_minor": limit_minor, "reason": reason.strip(), "at": work.now}
        if is_final:
            review_writes.add_answer(asked, outcome=outcome, alone_minor=alone, decided_by=actor, **kept)
        else:
            review_writes.add_proposal(asked, public_id=ids.public_id(), proposed_by=actor, **kept)
        work.record(
            subject_kind="decision_review",
            subject_id=review_id,
            body={
                "machine": asked.decision.outcome,
                "person": outcome,
                "limit_minor": limit_minor,
                "waits_for_second": not is_final,
            },
        )
        return Answered(review_id, is_final)


def _is_second(asked: DecisionReview, limit_minor: int, actor: str) -> bool:
    """Whether somebody else would approve the same limit; the first person cannot be the second."""
    by = review_queries.proposed_by(asked, limit_minor)
    if by == {actor}:
        says = "You asked for this limit yourself."
        raise InputRefused([Problem("review.second_person", says, "Somebody else approves the same.")])
    if any(approving.bound(one, actor) for one in by - {actor}):
        says = "One of you gave the other her rights or her invitation."
        raise InputRefused([Problem("change.bound", says, "Somebody else approves the same.")])
    return bool(by - {actor})
