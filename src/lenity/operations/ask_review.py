"""An applicant asks for a person to look at what a machine decided; after the answer, for a second one."""

from __future__ import annotations

from django.db import IntegrityError

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.lending import review
from lenity.gateways import clock, ids
from lenity.law import reader
from lenity.operations import unit
from lenity.records.lending import review_queries, review_writes
from lenity.records.lending.models import CreditDecision, DecisionReview


def ask_review(*, application_id: str, borrower_id: str = "", words: str = "", actor: str) -> DecisionReview:
    """Begin a review (CN-PIPL-24). Asking again while one waits changes nothing and returns it."""
    if len(words) > review.LONGEST_WORDS:
        raise InputRefused([Problem("review.words", f"At most {review.LONGEST_WORDS} characters.")])
    try:
        with unit.of_work(operation="ask_review", actor=actor) as work:
            row = review_queries.decision_of(application_id, borrower_id)
            if row is None:
                raise InputRefused([Problem("review.unknown", "There is no decision on this application.")])
            known = review_queries.reviews_of(row)
            waits = known and not hasattr(known[-1], "answer")
            asked = known[-1] if waits else _add(row, len(known) + 1, words, work)
            work.record(
                subject_kind="decision_review",
                subject_id=asked.public_id,
                borrower_id=borrower_id,
                body={"application": application_id, "number": asked.number, "again": bool(waits)},
            )
            return asked
    except IntegrityError as error:
        raise InputRefused([Problem("review.asked", "This review was asked for a moment ago.")]) from error


def _add(row: CreditDecision, number: int, words: str, work: unit.Work) -> DecisionReview:
    if number > 2:
        says = "Two people have looked at this decision."
        raise InputRefused([Problem("review.twice", says, "Apply again, or complain.")])
    place = row.application.borrower.jurisdiction if row.application.borrower else "CN"
    return review_writes.add_review(
        row,
        public_id=ids.public_id(),
        number=number,
        words=words.strip(),
        answer_by=review.answer_by(clock.business_day(place), reader.rulebook(place)),
        asked_at=work.now,
        asked_by=work.actor,
    )
