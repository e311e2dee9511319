"""A person decides what a machine had decided, with a written reason; the machine's decision stays."""

from __future__ import annotations

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.lending import review
from lenity.gateways import clock
from lenity.operations import unit
from lenity.records.lending import review_queries, review_writes
from lenity.records.lending.models import ReviewAnswer
from lenity.records.people import sign_in_queries

ROLE = "risk"


def answer_review(
    *, review_id: str, outcome: str, limit_minor: int = 0, reason: str, actor: str
) -> ReviewAnswer:
    """Answer a review (CN-PIPL-24). A second opinion is given by somebody else than the first."""
    with unit.of_work(operation="answer_review", actor=actor) as work:
        staff = sign_in_queries.staff_by_id(actor)
        works = staff is not None and sign_in_queries.may_work(staff, clock.home_day())
        if staff is None or not works or ROLE not in staff.roles:
            raise InputRefused([Problem("review.role", f"Only staff with the role {ROLE} answer reviews.")])
        asked = review_queries.open_review(review_id)
        if asked is None:
            raise InputRefused([Problem("review.unknown", "No review with this id waits for an answer.")])
        if actor in review_queries.answered_by(asked.decision):
            says = "You gave the first answer yourself."
            raise InputRefused([Problem("review.same_person", says, "Somebody else gives the second.")])
        highest = review_queries.highest_minor(asked.decision)
        problems = review.answer_problems(outcome, limit_minor, reason, highest)
        if problems:
            raise InputRefused(problems)
        answer = review_writes.add_answer(
            asked,
            outcome=outcome,
            limit_minor=limit_minor,
            reason=reason.strip(),
            decided_by=actor,
            at=work.now,
        )
        work.record(
            subject_kind="decision_review",
            subject_id=review_id,
            body={"machine": asked.decision.outcome, "person": outcome, "limit_minor": limit_minor},
        )
        return answer
