"""Somebody of the staff opens what a borrower told us: a look-up with a reason, kept before anything is shown."""

from __future__ import annotations

from lenity.base.outcomes import InputRefused, Problem
from lenity.operations import servicing, unit
from lenity.records.arrangements import support_queries
from lenity.records.debt_collection import concern_queries
from lenity.records.lending import applicant_queries, review_queries
from lenity.records.people import queries as people
from lenity.records.people import staff_writes
from lenity.records.people.models import Borrower, StaffReading

KINDS = ("concern", "data_request", "review", "application", "pack")
REASONS = ("to_answer", "to_check", "borrower_asks", "authority_asks")
LONGEST = 200


def read_record(*, kind: str, subject_id: str, reason: str, words: str = "", actor: str) -> StaffReading:
    """Open a concern with its files, a request about data, an application, its review or a pack, for half an hour.

    Whoever does not answer it says in words why she reads it.
    """
    problems = []
    if kind not in KINDS:
        problems.append(Problem("reading.kind", f"It is one of: {', '.join(KINDS)}."))
    if reason not in REASONS:
        problems.append(Problem("reading.reason", f"It is one of: {', '.join(REASONS)}."))
    said = words.strip()
    if len(said) > LONGEST or (reason != "to_answer" and len(said) < 3):
        problems.append(Problem("reading.words", f"Say in 3 to {LONGEST} signs why you read it."))
    if problems:
        raise InputRefused(problems)
    with unit.of_work(operation="read_record", actor=actor) as work:
        borrower = _borrower(kind, subject_id)
        row = staff_writes.add_reading(
            staff=actor,
            borrower=borrower,
            kind=kind,
            subject_id=subject_id,
            reason=reason,
            words=said,
            read_at=work.now,
        )
        work.record(
            subject_kind=kind,
            subject_id=subject_id,
            borrower_id=borrower.public_id if borrower else "",
            body={"reason": reason},
        )
        return row


def _borrower(kind: str, subject_id: str) -> Borrower | None:
    """Whose it is; an application need not have a borrower yet."""
    if kind == "concern":
        return servicing.needed(concern_queries.concern_by_id(subject_id), kind, subject_id).borrower
    if kind == "data_request":
        return servicing.needed(support_queries.request_by_id(subject_id), kind, subject_id).borrower
    if kind == "pack":
        return servicing.needed(people.find_borrower(subject_id), kind, subject_id)
    if kind == "application":
        return servicing.needed(applicant_queries.by_id(subject_id), kind, subject_id).borrower
    review = servicing.needed(review_queries.open_review(subject_id), kind, subject_id)
    return review.decision.application.borrower
