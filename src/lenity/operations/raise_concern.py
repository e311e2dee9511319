"""A borrower says that something is wrong, or that she cannot pay: contacts stop and a clock starts.

Her right to object to what is said about her credit: CN-CC-1029.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.debt_collection import voice
from lenity.gateways import clock, ids
from lenity.law import reader
from lenity.operations import unit
from lenity.records.arrangements import writes as arrangements
from lenity.records.debt_collection import concern_queries, writes
from lenity.records.debt_collection.models import Hold
from lenity.records.lending.models import Loan


def raise_concern(
    *,
    borrower_id: str,
    about: str,
    loan_id: str = "",
    actor: str,
    words: str = "",
    files: Sequence[bytes] = (),
    told: voice.Told | None = None,
) -> Hold:
    """Begin a dispute, a complaint or a review. The same concern again, while open, adds words and files only.

    Words and files are sealed; a file is taken by how it begins, whatever it is called. The audit event holds
    their digests. `told` goes with `unlisted_contact`: a contact that the log does not hold, which may be
    one outside the gate, or a stranger's.
    """
    _check(about, files, told)
    with unit.of_work(operation="raise_concern", actor=actor) as work:
        borrower = writes.lock_borrower(borrower_id)
        loan = Loan.objects.get(public_id=loan_id, borrower=borrower) if loan_id else None
        known = concern_queries.open_concern(borrower, loan, about)
        place = borrower.jurisdiction
        answer_by = voice.answer_by(about, clock.business_day(place), reader.rulebook(place))
        hold = known or writes.add_hold(
            public_id=ids.public_id(),
            borrower=borrower,
            loan=loan,
            kind=voice.KINDS[about],
            opened_at=work.now,
            opened_by=actor,
            ends_on=None,
            detail={"about": about, "answer_by": answer_by.isoformat()},
        )
        given = _keep(work, hold, words.strip()[: voice.LONGEST_WORDS], files)
        if told is not None:
            arrangements.add_told_contact(hold, told, public_id=ids.public_id(), recorded_at=work.now)
        work.record(
            subject_kind="hold",
            subject_id=hold.public_id,
            borrower_id=borrower_id,
            body={
                "about": about,
                "loan": loan_id,
                "answer_by": hold.detail["answer_by"],
                "again": bool(known),
                "words": bool(words.strip()),
                "files": given,
                "told": told.channel if told else "",
            },
        )
        return hold


def _check(about: str, files: Sequence[bytes], told: voice.Told | None) -> None:
    if about not in voice.KINDS:
        raise InputRefused([Problem("concern.about", f"It is one of: {', '.join(voice.KINDS)}.")])
    if (told is not None) != (about == "unlisted_contact"):
        raise InputRefused([Problem("how", "Say how, when and by whom you were contacted.")])
    if told is not None and (wrong := voice.told_problem(told, clock.now())):
        raise InputRefused([Problem(wrong, "Say how, when (not after now) and by whom you were contacted.")])
    if wrong := voice.file_problem(files, recordings=told is not None):
        raise InputRefused([Problem(wrong, "At most three PDF, PNG or JPEG files of 1 MB each.")])


def _keep(work: unit.Work, hold: Hold, words: str, files: Sequence[bytes]) -> list[str]:
    if words:
        arrangements.add_concern_note(hold, words, public_id=ids.public_id(), recorded_at=work.now)
    digests = [hashlib.sha256(content).hexdigest() for content in files]
    for content, digest in zip(files, digests, strict=True):
        arrangements.add_concern_file(
            hold,
            public_id=ids.public_id(),
            media_type=voice.media_type(content, recordings=True),
            content=content,
            digest=digest,
            recorded_at=work.now,
        )
    return digests
