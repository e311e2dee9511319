"""A borrower chooses the language in which she is written to."""

from __future__ import annotations

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.debt_collection import messages
from lenity.operations import unit
from lenity.records.debt_collection import writes as debt_writes
from lenity.records.people import writes


def set_language(*, borrower_id: str, language: str, actor: str) -> None:
    """Messages and letters are in this language from now on."""
    if language not in messages.LANGUAGES:
        raise InputRefused([Problem("language", f"It is one of: {', '.join(messages.LANGUAGES)}.")])
    with unit.of_work(operation="set_language", actor=actor) as work:
        borrower = debt_writes.lock_borrower(borrower_id)
        writes.set_language(borrower, language)
        work.record(
            subject_kind="borrower",
            subject_id=borrower_id,
            borrower_id=borrower_id,
            body={"language": language},
        )
