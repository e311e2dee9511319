"""A borrower asks for her data to be corrected or deleted, or for a statement beside her credit report."""

from __future__ import annotations

from datetime import timedelta

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import ids
from lenity.law import reader
from lenity.operations import servicing, unit
from lenity.records.arrangements import support_queries, writes
from lenity.records.arrangements.models import DataRequest
from lenity.records.debt_collection import writes as debt_writes

KINDS = ("correction", "deletion", "bureau_statement")
LONGEST_WORDS = 2000
MOST_OPEN = 10


def request_data(*, borrower_id: str, kind: str, words: str, actor: str) -> DataRequest:
    """Ask; it is answered within the days of HOUSE-DATA, free of charge. Asked in the same words, it is one."""
    if kind not in KINDS:
        raise InputRefused([Problem("kind", f"It is one of: {', '.join(KINDS)}.")])
    if not 0 < len(words.strip()) <= LONGEST_WORDS:
        raise InputRefused([Problem("words", f"Say it in 1 to {LONGEST_WORDS} signs.")])
    with unit.of_work(operation="request_data", actor=actor) as work:
        borrower = debt_writes.lock_borrower(borrower_id)
        if again := support_queries.same_request(borrower, kind, words.strip()):
            work.record(
                subject_kind="data_request",
                subject_id=again.public_id,
                borrower_id=borrower_id,
                body={"again": True},
            )
            return again
        if support_queries.open_requests(borrower) >= MOST_OPEN:
            raise InputRefused(
                [Problem("data.open", f"{MOST_OPEN} requests are open.", "Wait for an answer.")]
            )
        today = servicing.today(borrower.jurisdiction)
        days = int(reader.rulebook(borrower.jurisdiction).value("HOUSE-DATA", today)["days"])
        row = writes.add_data_request(
            borrower,
            public_id=ids.public_id(),
            kind=kind,
            words=words.strip(),
            answer_by=today + timedelta(days=days),
            recorded_at=work.now,
        )
        work.record(
            subject_kind="data_request",
            subject_id=row.public_id,
            borrower_id=borrower_id,
            body={"kind": kind, "answer_by": row.answer_by.isoformat()},
        )
        return row
