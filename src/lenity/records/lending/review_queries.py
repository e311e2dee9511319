"""Decisions in plain words, and the reviews by a person that wait or were answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db.models import Case, When

from lenity.base.money import minor_digits
from lenity.domain.lending import decision, review
from lenity.law import reader
from lenity.records import encrypted
from lenity.records.lending import application_queries, notice_queries
from lenity.records.lending.models import (
    CreditDecision,
    DecisionReview,
    ReviewAnswer,
    ReviewProposal,
)
from lenity.records.people.reading_queries import Opened


@dataclass(frozen=True)
class ReviewView:
    """One review; `outcome` is empty while it waits, `days_left` below zero when its clock has run out."""

    public_id: str
    application: str
    number: int
    by_policy: bool
    words: str
    asked_at: datetime
    answer_by: date
    days_left: int
    outcome: str
    limit_minor: int
    reason: str


@dataclass(frozen=True)
class DecisionView:
    """What was decided by machine, why, what people said to it since, and the notice that was given of it."""

    application: str
    currency: str
    decided_at: datetime
    outcome: str
    limit_minor: int
    explained: review.Explained
    reviews: tuple[ReviewView, ...]
    can_ask: bool
    notice: Mapping[str, str] = field(default_factory=dict)


def decision_of(application_id: str, borrower_id: str = "") -> CreditDecision | None:
    """The decision on an application; with `borrower_id`, only if it is hers."""
    rows = CreditDecision.objects.select_related("application", "policy", "application__borrower")
    rows = rows.filter(application__public_id=application_id)
    return (rows.filter(application__borrower__public_id=borrower_id) if borrower_id else rows).first()


def explained(application_id: str, on_date: date, borrower_id: str = "") -> DecisionView | None:
    """A decision in plain words."""
    row = decision_of(application_id, borrower_id)
    return decision_view(row, on_date) if row else None


def decisions_of(borrower_id: str, on_date: date) -> list[DecisionView]:
    """A borrower's decisions, newest first."""
    rows = CreditDecision.objects.select_related("application", "policy").order_by("-id")
    return [decision_view(row, on_date) for row in rows.filter(application__borrower__public_id=borrower_id)]


def reviews_of(row: CreditDecision) -> list[DecisionReview]:
    """The reviews of a decision, first one first."""
    return list(row.reviews.select_related("answer", "decision__application").order_by("number"))


def open_review(review_id: str) -> DecisionReview | None:
    """A review that waits for its answer."""
    rows = DecisionReview.objects.select_related("decision__application__borrower", "decision__policy")
    return rows.filter(public_id=review_id, answer__isnull=True).first()


def answered_by(row: CreditDecision) -> set[str]:
    """Who had a part in an answer to a review of this decision: who gave it, and who proposed its limit."""
    given = ReviewAnswer.objects.filter(review__decision=row).values_list("decided_by", flat=True)
    part = ReviewProposal.objects.filter(review__decision=row, review__answer__isnull=False)
    return {*given, *part.values_list("proposed_by", flat=True)}


def proposed_by(row: DecisionReview, limit_minor: int) -> set[str]:
    """Who would approve this limit."""
    return set(row.proposals.filter(limit_minor=limit_minor).values_list("proposed_by", flat=True))


def highest_minor(row: CreditDecision) -> int:
    """The highest limit of the product, by the policy that decided."""
    highest = decision.read(row.policy.content).product_limit
    return highest * int(10 ** minor_digits(row.application.currency))


def waiting(on_date: date, *, most: int = 200) -> list[ReviewView]:
    """Reviews that wait for a person, the most urgent first."""
    rows = DecisionReview.objects.filter(answer__isnull=True).select_related("decision__application")
    return [_review(row, on_date) for row in rows.order_by("answer_by", "id")[:most]]


@dataclass(frozen=True)
class ProposalView:
    """What a reviewer would approve, more than she may alone; `own` where the reader is she."""

    limit_minor: int
    reason: str
    own: bool


@dataclass(frozen=True)
class ReviewCase:
    """A review as its reader needs it: the machine's decision, what it knew, the highest limit she may give.

    `own` where the reader answered this decision before: the second opinion is somebody else's. While she has
    not opened it (`is_open`), words, explanation and inputs are not here.
    """

    review: ReviewView
    decision: DecisionView
    score: int
    inputs: tuple[tuple[str, str], ...]
    highest_minor: int
    alone_minor: int
    own: bool
    proposals: tuple[ProposalView, ...]
    is_open: bool = True


def queue(reader_id: str, on_date: date, opened: Opened, *, most: int = 30) -> list[ReviewCase]:
    """Reviews that wait, each with the decision that it is about.

    Those for which somebody asked come before those that a policy sent; of each, the most urgent first.
    """
    rows = DecisionReview.objects.filter(answer__isnull=True)
    rows = rows.select_related("decision__application", "decision__policy")
    rows = rows.order_by(Case(When(asked_by=review.BY_POLICY, then=1), default=0), "answer_by", "id")
    cases = _cases(rows[:most], reader_id, on_date)
    return [one if opened("review", one.review.public_id) else _shut(one) for one in cases]


def _shut(case: ReviewCase) -> ReviewCase:
    """A case as it stands in the queue: whose turn and by when, nothing of the person."""
    bare = replace(case.decision, explained=review.Explained((), ()), reviews=())
    shut = replace(case.review, words="")
    return replace(case, review=shut, decision=bare, score=0, inputs=(), proposals=(), is_open=False)


def _cases(rows: Iterable[DecisionReview], reader_id: str, on_date: date) -> list[ReviewCase]:
    return [_case(row, reader_id, on_date) for row in rows]


def _case(row: DecisionReview, reader_id: str, on_date: date) -> ReviewCase:
    highest = highest_minor(row.decision)
    return ReviewCase(
        _review(row, on_date),
        decision_view(row.decision, on_date),
        row.decision.score,
        tuple(application_queries.shown_inputs(row.decision.application.inputs)),
        highest,
        review.alone_minor(highest, on_date, reader.rulebook("CN")),
        reader_id in answered_by(row.decision),
        tuple(_proposal(one, reader_id) for one in row.proposals.order_by("id")),
    )


def _proposal(row: ReviewProposal, reader_id: str) -> ProposalView:
    place = {"table": "lending_reviewproposal", "column": "reason", "row": row.public_id}
    return ProposalView(
        row.limit_minor, encrypted.unseal(row.reason_sealed, **place), row.proposed_by == reader_id
    )


def decision_view(row: CreditDecision, on_date: date) -> DecisionView:
    """A decision, its reasons in plain words, and what people said to it."""
    reviews = reviews_of(row)
    wording = decision.read(row.policy.content).wording
    return DecisionView(
        row.application.public_id,
        row.application.currency,
        row.decided_at,
        row.outcome,
        row.limit_minor,
        review.explain(row.outcome, row.binding_cap, row.reasons, wording),
        tuple(_review(one, on_date) for one in reviews),
        not reviews or (len(reviews) == 1 and hasattr(reviews[0], "answer")),
        notice_queries.given(row),
    )


def _review(row: DecisionReview, on_date: date) -> ReviewView:
    answer: ReviewAnswer | None = getattr(row, "answer", None)
    words = row.words_sealed and encrypted.unseal(
        row.words_sealed, table="lending_decisionreview", column="words", row=row.public_id
    )
    reason = answer and encrypted.unseal(
        answer.reason_sealed, table="lending_reviewanswer", column="reason", row=row.public_id
    )
    return ReviewView(
        row.public_id,
        row.decision.application.public_id,
        row.number,
        row.asked_by == review.BY_POLICY,
        words,
        row.asked_at,
        row.answer_by,
        (row.answer_by - on_date).days,
        answer.outcome if answer else "",
        answer.limit_minor if answer else 0,
        reason or "",
    )
