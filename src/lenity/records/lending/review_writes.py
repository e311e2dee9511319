"""The only place that adds reviews and their answers. Words of people are sealed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from lenity.records import encrypted
from lenity.records.lending.models import (
    AdverseNotice,
    CreditDecision,
    DecisionReview,
    ReviewAnswer,
    ReviewProposal,
)

BATCH = 500


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


def add_policy_reviews(
    rows: Sequence[tuple[CreditDecision, str]], *, answer_by: date, asked_at: datetime, asked_by: str
) -> int:
    """Add the first reviews of decisions that the policy referred to a person, each with its public id."""
    reviews = (
        DecisionReview(
            public_id=public_id,
            decision=row,
            number=1,
            answer_by=answer_by,
            asked_at=asked_at,
            asked_by=asked_by,
        )
        for row, public_id in rows
    )
    return len(DecisionReview.objects.bulk_create(reviews, batch_size=BATCH))


def add_proposal(
    review: DecisionReview, *, public_id: str, limit_minor: int, reason: str, proposed_by: str, at: datetime
) -> ReviewProposal:
    """Add what one reviewer would approve; the same person asks for the same limit once."""
    sealed = encrypted.seal(reason, table="lending_reviewproposal", column="reason", row=public_id)
    return ReviewProposal.objects.create(
        public_id=public_id,
        review=review,
        limit_minor=limit_minor,
        reason_sealed=sealed,
        proposed_by=proposed_by,
        proposed_at=at,
    )


def add_notice(
    row: CreditDecision, *, public_id: str, words: str, due_on: date, given_by: str, at: datetime
) -> AdverseNotice:
    """Add the notice that an applicant was given; a second one is refused by the database."""
    sealed = encrypted.seal(words, table="lending_adversenotice", column="words", row=public_id)
    return AdverseNotice.objects.create(
        public_id=public_id, decision=row, words_sealed=sealed, due_on=due_on, given_at=at, given_by=given_by
    )


def add_answer(
    review: DecisionReview,
    *,
    outcome: str,
    limit_minor: int,
    alone_minor: int | None = None,
    reason: str,
    decided_by: str,
    at: datetime,
) -> ReviewAnswer:
    """Add what a person decided; a second answer is refused by the database.

    So is a limit above `alone_minor` that nobody else has proposed.
    """
    return ReviewAnswer.objects.create(
        review=review,
        outcome=outcome,
        limit_minor=limit_minor,
        alone_minor=alone_minor,
        reason_sealed=encrypted.seal(
            reason, table="lending_reviewanswer", column="reason", row=review.public_id
        ),
        decided_by=decided_by,
        decided_at=at,
    )
