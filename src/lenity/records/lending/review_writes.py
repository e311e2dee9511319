"""The only place that adds reviews and their answers. Words of people are sealed."""

from __future__ import annotations

from datetime import date, datetime

from lenity.records import encrypted
from lenity.records.lending.models import CreditDecision, DecisionReview, ReviewAnswer


def add_review(
    row: CreditDecision,
    *,
    public_id: str,
    number: int,
    words: str,
    answer_by: date,
    asked_at: datetime,
    asked_by: str,
) -> DecisionReview:
    """Add the first review of a decision, or the second opinion."""
    sealed = words and encrypted.seal(words, table="lending_decisionreview", column="words", row=public_id)
    return DecisionReview.objects.create(
        public_id=public_id,
        decision=row,
        number=number,
        words_sealed=sealed,
        answer_by=answer_by,
        asked_at=asked_at,
        asked_by=asked_by,
    )


def add_answer(
    review: DecisionReview, *, outcome: str, limit_minor: int, reason: str, decided_by: str, at: datetime
) -> ReviewAnswer:
    """Add what a person decided; a second answer is refused by the database."""
    return ReviewAnswer.objects.create(
        review=review,
        outcome=outcome,
        limit_minor=limit_minor,
        reason_sealed=encrypted.seal(
            reason, table="lending_reviewanswer", column="reason", row=review.public_id
        ),
        decided_by=decided_by,
        decided_at=at,
    )
