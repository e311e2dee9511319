"""The only place that adds budgets, turns, agreements, files, helpers and data requests."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lenity.base import canonical
from lenity.domain.debt_collection import voice
from lenity.records import encrypted
from lenity.records.arrangements.models import (
    Agreement,
    AgreementSeal,
    Budget,
    BudgetDraft,
    ConcernFile,
    ConcernNote,
    DataAnswer,
    DataRequest,
    Helper,
    HelperEnd,
    HelperKey,
    HelperReading,
    NoteFile,
    TalkTurn,
    ToldContact,
)
from lenity.records.debt_collection.models import ContactNote, Hold
from lenity.records.lending.models import Loan, LoanFact
from lenity.records.people.models import Borrower


def seal(table: str, column: str, row: str, plain: str) -> str:
    """Seal a text of one of these tables; an empty one stays empty."""
    return encrypted.seal(plain, table=f"arrangements_{table}", column=column, row=row) if plain else ""


def save_draft(borrower: Borrower, answers: Mapping[str, Any], *, saved_at: datetime) -> None:
    """Keep answers that are not finished."""
    sealed = seal("budgetdraft", "answers", borrower.public_id, canonical.text(answers))
    BudgetDraft.objects.update_or_create(
        borrower=borrower, defaults={"answers_sealed": sealed, "saved_at": saved_at}
    )


def add_budget(
    borrower: Borrower,
    answers: Mapping[str, Any],
    *,
    public_id: str,
    recorded_at: datetime,
    recorded_by: str,
) -> Budget:
    """Add the next version of a borrower's budget; her draft is done with."""
    BudgetDraft.objects.filter(borrower=borrower).delete()
    version = Budget.objects.filter(borrower=borrower).count() + 1
    sealed = seal("budget", "answers", public_id, canonical.text(answers))
    return Budget.objects.create(
        public_id=public_id,
        borrower=borrower,
        version=version,
        answers_sealed=sealed,
        recorded_at=recorded_at,
        recorded_by=recorded_by,
    )


@dataclass(frozen=True, slots=True)
class NewTurn:
    """A turn to be added; its words are in clear."""

    public_id: str
    talk: str
    number: int
    by: str
    move: str
    expires_on: date
    asked: str = ""
    plan: str = ""
    reason: str = ""
    words: str = ""


def add_turn(new: NewTurn, *, loan: Loan, recorded_at: datetime, recorded_by: str) -> TalkTurn:
    """Add a turn to a talk."""
    return TalkTurn.objects.create(
        public_id=new.public_id,
        talk=new.talk,
        number=new.number,
        loan=loan,
        by=new.by,
        move=new.move,
        asked=new.asked,
        plan=new.plan,
        expires_on=new.expires_on,
        reason=new.reason,
        words_sealed=seal("talkturn", "words", new.public_id, new.words),
        recorded_at=recorded_at,
        recorded_by=recorded_by,
    )


def add_agreement(
    *,
    public_id: str,
    loan: Loan,
    fact: LoanFact,
    shown: str,
    text: str,
    code_request: str,
    signed_at: datetime,
) -> Agreement:
    """Add a signed agreement."""
    return Agreement.objects.create(
        public_id=public_id,
        loan=loan,
        fact=fact,
        shown=shown,
        text=text,
        digest=canonical.digest(text),
        code_request=code_request,
        signed_at=signed_at,
    )


def add_agreement_seal(agreement: Agreement, *, signature: str, public_key: str) -> AgreementSeal:
    """Put the lender's signature under an agreement; both in hex."""
    return AgreementSeal.objects.create(agreement=agreement, signature=signature, public_key=public_key)


def add_concern_note(hold: Hold, words: str, *, public_id: str, recorded_at: datetime) -> ConcernNote:
    """Add own words to a concern."""
    sealed = seal("concernnote", "words", public_id, words)
    return ConcernNote.objects.create(
        public_id=public_id, hold=hold, words_sealed=sealed, recorded_at=recorded_at
    )


def add_concern_file(
    hold: Hold, *, public_id: str, media_type: str, content: bytes, digest: str, recorded_at: datetime
) -> ConcernFile:
    """Add a file to a concern."""
    values = _file("concernfile", public_id, content)
    return ConcernFile.objects.create(
        hold=hold, media_type=media_type, digest=digest, recorded_at=recorded_at, **values
    )


def add_note_file(
    note: ContactNote, *, public_id: str, media_type: str, content: bytes, digest: str, recorded_at: datetime
) -> NoteFile:
    """Add a file to what a borrower wrote down about a contact."""
    values = _file("notefile", public_id, content)
    return NoteFile.objects.create(
        note=note, media_type=media_type, digest=digest, recorded_at=recorded_at, **values
    )


def _file(table: str, public_id: str, content: bytes) -> dict[str, Any]:
    """A file's id, size and sealed content."""
    sealed = seal(table, "content", public_id, base64.b64encode(content).decode())
    return {"public_id": public_id, "size": len(content), "content_sealed": sealed}


def add_told_contact(
    hold: Hold,
    told: voice.Told,
    *,
    public_id: str,
    recorded_at: datetime,
) -> ToldContact:
    """Add a contact that a borrower tells of and that is not in the log."""
    return ToldContact.objects.create(
        public_id=public_id,
        hold=hold,
        channel=told.channel,
        happened_at=told.happened_at,
        number_sealed=seal("toldcontact", "number", public_id, told.number),
        who_sealed=seal("toldcontact", "who", public_id, told.who),
        recorded_at=recorded_at,
    )


def add_helper(
    borrower: Borrower,
    *,
    public_id: str,
    name: str,
    reach: str,
    scope: str,
    until: date,
    recorded_at: datetime,
) -> Helper:
    """Add somebody who may speak for a borrower."""
    return Helper.objects.create(
        public_id=public_id,
        borrower=borrower,
        name_sealed=seal("helper", "name", public_id, name),
        reach_sealed=seal("helper", "reach", public_id, reach),
        scope=scope,
        until=until,
        recorded_at=recorded_at,
    )


def add_helper_key(
    helper: Helper, *, token_digest: str, parts: Sequence[str], until: date, given_at: datetime
) -> HelperKey:
    """Add a key with which a helper, or her program, reads these parts."""
    return HelperKey.objects.create(
        helper=helper, token_digest=token_digest, parts=list(parts), until=until, given_at=given_at
    )


def add_helper_reading(helper: Helper, *, read_at: datetime) -> HelperReading:
    """Note that a helper opened the borrower's record."""
    return HelperReading.objects.create(helper=helper, read_at=read_at)


def end_helper(helper: Helper, *, ended_at: datetime) -> HelperEnd:
    """End what a helper may do."""
    return HelperEnd.objects.create(helper=helper, ended_at=ended_at)


def add_data_request(
    borrower: Borrower, *, public_id: str, kind: str, words: str, answer_by: date, recorded_at: datetime
) -> DataRequest:
    """Add a request about data."""
    return DataRequest.objects.create(
        public_id=public_id,
        borrower=borrower,
        kind=kind,
        words_sealed=seal("datarequest", "words", public_id, words),
        answer_by=answer_by,
        recorded_at=recorded_at,
    )


def add_data_answer(
    request: DataRequest, *, answer: str, words: str, answered_at: datetime, answered_by: str
) -> DataAnswer:
    """Answer a request about data."""
    return DataAnswer.objects.create(
        request=request,
        answer=answer,
        words_sealed=seal("dataanswer", "words", request.public_id, words),
        answered_at=answered_at,
        answered_by=answered_by,
    )
