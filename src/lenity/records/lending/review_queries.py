"""Decisions in plain words, and the reviews by a person that wait or were answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from lenity.base import canonical
from lenity.base.money import minor_digits
from lenity.domain.lending import adverse_action, decision, review
from lenity.law import reader
from lenity.records import encrypted
from lenity.records.lending import application_queries
from lenity.records.lending.models import CreditDecision, DecisionReview, ReviewAnswer
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
    """What was decided by machine, why, and what people said to it since."""

    application: str
    currency: str
    decided_at: datetime
    outcome: str
    limit_minor: int
    explained: review.Explained
    reviews: tuple[ReviewView, ...]
    can_ask: bool


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


def answered_by(row: CreditDecision) -> list[str]:
    """Who answered a review of this decision."""
    return list(ReviewAnswer.objects.filter(review__decision=row).values_list("decided_by", flat=True))


def highest_minor(row: CreditDecision) -> int:
    """The highest limit of the product, by the policy that decided."""
    highest = decision.read(row.policy.content).product_limit
    return highest * int(10 ** minor_digits(row.application.currency))


def waiting(on_date: date, *, most: int = 200) -> list[ReviewView]:
    """Reviews that wait for a person, the most urgent first."""
    rows = DecisionReview.objects.filter(answer__isnull=True).select_related("decision__application")
    return [_review(row, on_date) for row in rows.order_by("answer_by", "id")[:most]]


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
    own: bool
    is_open: bool = True


def queue(reader_id: str, on_date: date, opened: Opened, *, most: int = 30) -> list[ReviewCase]:
    """Reviews that wait, the most urgent first, each with the decision that it is about."""
    rows = DecisionReview.objects.filter(answer__isnull=True)
    rows = rows.select_related("decision__application", "decision__policy").order_by("answer_by", "id")
    cases = _cases(rows[:most], reader_id, on_date)
    return [one if opened("review", one.review.public_id) else _shut(one) for one in cases]


def _shut(case: ReviewCase) -> ReviewCase:
    """A case as it stands in the queue: whose turn and by when, nothing of the person."""
    bare = replace(case.decision, explained=review.Explained((), ()), reviews=())
    return replace(
        case, review=replace(case.review, words=""), decision=bare, score=0, inputs=(), is_open=False
    )


def _cases(rows: Iterable[DecisionReview], reader_id: str, on_date: date) -> list[ReviewCase]:
    return [
        ReviewCase(
            _review(row, on_date),
            decision_view(row.decision, on_date),
            row.decision.score,
            tuple(application_queries.shown_inputs(row.decision.application.inputs)),
            highest_minor(row.decision),
            reader_id in answered_by(row.decision),
        )
        for row in rows
    ]


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


@dataclass(frozen=True)
class Notice:
    """A notice of adverse action and the last day to give it."""

    text: str
    due_on: date


def adverse_notice(application_id: str, sender: adverse_action.Sender, language: str) -> Notice | None:
    """The notice for a declined application; None when there is nothing to notify."""
    row = decision_of(application_id)
    reasons = _declined_because(row) if row else ""
    if row is None or not reasons:
        return None
    rulebook, decided_on = reader.rulebook("US"), row.decided_at.date()
    words = adverse_action.text(
        application=application_id,
        decided_on=decided_on,
        reasons=reasons,
        sender=sender,
        language=language,
        rulebook=rulebook,
    )
    return Notice(words, adverse_action.due_on(row.application.applied_at.date(), rulebook))


def _declined_because(row: CreditDecision) -> str:
    """The reasons of a decline that stands: the machine's, or of whoever declined what it had referred."""
    answers = list(ReviewAnswer.objects.filter(review__decision=row).select_related("review").order_by("id"))
    if any(one.outcome == "approve" for one in answers):
        return ""
    if row.outcome == "decline":
        return row.reasons
    if not answers:
        return ""
    words = _review(answers[-1].review, answers[-1].review.answer_by).reason
    return canonical.text([{"code": "person", "zh": words, "en": words}])
