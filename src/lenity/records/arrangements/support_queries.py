"""Words and files of concerns, requests about data: unsealed for those who may see them."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import QuerySet

from lenity.records.arrangements.models import (
    ConcernFile,
    ConcernNote,
    DataAnswer,
    DataRequest,
    NoteFile,
    ToldContact,
)
from lenity.records.arrangements.queries import unseal
from lenity.records.debt_collection import concern_queries
from lenity.records.debt_collection.concern_queries import ConcernView
from lenity.records.people.models import Borrower
from lenity.records.people.reading_queries import Opened


@dataclass(frozen=True)
class FileView:
    """A file given with a concern, without its content."""

    public_id: str
    media_type: str
    size: int
    digest: str


@dataclass(frozen=True)
class ToldView:
    """A contact that a borrower tells of and that is not in the log."""

    hold: str
    channel: str
    happened_at: datetime
    number: str
    who: str


@dataclass(frozen=True)
class ConcernPage:
    """One concern with what its borrower added."""

    concern: ConcernView
    notes: tuple[tuple[datetime, str], ...]
    files: tuple[FileView, ...]
    told: tuple[ToldView, ...] = ()
    is_open: bool = True


def concern(borrower_id: str, hold_id: str, on_date: date) -> ConcernPage | None:
    """A borrower's own concern."""
    found = [one for one in concern_queries.concerns_of(borrower_id, on_date) if one.hold == hold_id]
    return _page(found[0]) if found else None


def concern_for_staff(hold_id: str, on_date: date, opened: Opened) -> ConcernPage | None:
    """Any concern, for who answers it; without words and files while she has not opened it."""
    hold = concern_queries.concern_by_id(hold_id)
    found = concern(hold.borrower.public_id, hold_id, on_date) if hold else None
    if found is None or opened("concern", hold_id):
        return found
    return replace(found, notes=(), files=(), told=(), is_open=False)


def file_for_staff(hold_id: str, file_id: str, opened: Opened) -> tuple[str, bytes] | None:
    """A file of a concern that its reader has opened."""
    return file_content(hold_id, file_id) if opened("concern", hold_id) else None


def file_content(hold_id: str, file_id: str) -> tuple[str, bytes] | None:
    """Type and content of a file of a concern."""
    row = ConcernFile.objects.filter(public_id=file_id, hold__public_id=hold_id).first()
    if row is None:
        return None
    plain = unseal("concernfile", "content", row.public_id, row.content_sealed)
    return row.media_type, base64.b64decode(plain)


def _page(view: ConcernView) -> ConcernPage:
    notes = ConcernNote.objects.filter(hold__public_id=view.hold).order_by("id")
    files = ConcernFile.objects.filter(hold__public_id=view.hold).order_by("id")
    return ConcernPage(
        view,
        tuple(
            (one.recorded_at, unseal("concernnote", "words", one.public_id, one.words_sealed))
            for one in notes
        ),
        tuple(FileView(one.public_id, one.media_type, one.size, one.digest) for one in files),
        tuple(_told(ToldContact.objects.filter(hold__public_id=view.hold))),
    )


def told_contacts(borrower_id: str) -> list[ToldView]:
    """Every contact that a borrower told of, newest first."""
    rows = ToldContact.objects.filter(hold__borrower__public_id=borrower_id)
    return sorted(_told(rows), key=lambda one: one.happened_at, reverse=True)


def note_files(contact_id: str) -> list[FileView]:
    """The files that a borrower put beside one contact."""
    rows = NoteFile.objects.filter(note__contact__public_id=contact_id).order_by("id")
    return [FileView(one.public_id, one.media_type, one.size, one.digest) for one in rows]


def _told(rows: QuerySet[ToldContact]) -> list[ToldView]:
    return [
        ToldView(
            row.hold.public_id,
            row.channel,
            row.happened_at,
            unseal("toldcontact", "number", row.public_id, row.number_sealed),
            unseal("toldcontact", "who", row.public_id, row.who_sealed),
        )
        for row in rows.select_related("hold").order_by("id")
    ]


@dataclass(frozen=True)
class RequestView:
    """A request about data; `answer` is empty while it is open."""

    public_id: str
    kind: str
    words: str
    asked_at: datetime
    answer_by: date
    answer: str
    answer_words: str
    answered_at: datetime | None


def requests_of(borrower_id: str) -> list[RequestView]:
    """A borrower's requests, newest first."""
    rows = DataRequest.objects.filter(borrower__public_id=borrower_id)
    return [_request(row) for row in rows.select_related("answer").order_by("-id")]


def requests_waiting(opened: Opened, *, most: int = 200) -> list[tuple[str, RequestView, bool]]:
    """Requests that wait for an answer, the most urgent first, each with its borrower's id.

    Without words while the reader has not opened it, which the last value says.
    """
    rows = (
        DataRequest.objects.filter(answer__isnull=True)
        .select_related("borrower", "answer")
        .order_by("answer_by", "id")
    )
    found = []
    for row in rows[:most]:
        is_open = opened("data_request", row.public_id)
        view = _request(row)
        found.append((row.borrower.public_id, view if is_open else replace(view, words=""), is_open))
    return found


def request_by_id(public_id: str) -> DataRequest | None:
    """A request."""
    return DataRequest.objects.select_related("borrower").filter(public_id=public_id).first()


def is_answered(row: DataRequest) -> bool:
    """Whether it was answered."""
    return DataAnswer.objects.filter(request=row).exists()


def same_request(borrower: Borrower, kind: str, words: str) -> DataRequest | None:
    """A request in the same words that waits for an answer: the form was sent twice."""
    rows = DataRequest.objects.filter(borrower=borrower, kind=kind, answer__isnull=True).order_by("id")
    return next((row for row in rows if _request(row).words == words), None)


def open_requests(borrower: Borrower) -> int:
    """How many of a borrower's requests wait for an answer."""
    return DataRequest.objects.filter(borrower=borrower, answer__isnull=True).count()


def _request(row: DataRequest) -> RequestView:
    answer = getattr(row, "answer", None)
    return RequestView(
        row.public_id,
        row.kind,
        unseal("datarequest", "words", row.public_id, row.words_sealed),
        row.recorded_at,
        row.answer_by,
        answer.answer if answer else "",
        unseal("dataanswer", "words", row.public_id, answer.words_sealed) if answer else "",
        answer.answered_at if answer else None,
    )
