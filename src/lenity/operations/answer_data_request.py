"""A request about data is answered, once, in words the borrower reads."""

from __future__ import annotations

from lenity.base.outcomes import InputRefused, Problem
from lenity.operations import unit
from lenity.records.arrangements import support_queries, writes
from lenity.records.arrangements.models import DataAnswer
from lenity.records.debt_collection import writes as debt_writes

ANSWERS = ("done", "partly_done", "not_done")
LONGEST_WORDS = 2000


def answer_data_request(*, request_id: str, answer: str, words: str, actor: str) -> DataAnswer:
    """Answer; what was not done is explained, with what has to be kept and by which right."""
    if answer not in ANSWERS:
        raise InputRefused([Problem("answer", f"It is one of: {', '.join(ANSWERS)}.")])
    if not 0 < len(words.strip()) <= LONGEST_WORDS:
        raise InputRefused([Problem("words", f"Explain it in 1 to {LONGEST_WORDS} signs.")])
    with unit.of_work(operation="answer_data_request", actor=actor) as work:
        row = support_queries.request_by_id(request_id)
        if row is None:
            raise InputRefused([Problem("request.unknown", "There is no such request.")])
        debt_writes.lock_borrower(row.borrower.public_id)
        if support_queries.is_answered(row):
            raise InputRefused([Problem("request.answered", "It was answered already.")])
        made = writes.add_data_answer(
            row, answer=answer, words=words.strip(), answered_at=work.now, answered_by=actor
        )
        work.record(
            subject_kind="data_request",
            subject_id=request_id,
            borrower_id=row.borrower.public_id,
            body={"answer": answer, "answer_by": row.answer_by.isoformat()},
        )
        return made
