"""Which personal data has had its time, by kind, table and column; and whom a hold keeps it for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from lenity.domain.evidence import retention
from lenity.law import reader
from lenity.records import encrypted
from lenity.records.arrangements.models import DataRequest
from lenity.records.audit.models import AuditEvent
from lenity.records.debt_collection.models import Contact, Hold
from lenity.records.lending.models import DecisionReview, Loan, LoanFact, Payment
from lenity.records.people.models import Borrower

HOME = ZoneInfo("Asia/Shanghai")
HOME_PLACE = "CN"
"""What names no borrower, such as a code for a number that nobody has, goes by the lender's own place."""
DELETE = ""
"""Where a column would stand: the whole row goes."""


@dataclass(frozen=True)
class Part:
    """One column of one table: how to reach its borrower, and from which instant its time runs.

    Without a column the row goes. `only` narrows the rows down.
    """

    model: str
    column: str
    borrower: str
    since: str = ""
    only: Mapping[str, str] = field(default_factory=dict)


PARTS: dict[str, tuple[Part, ...]] = {
    "codes": (Part("people.SignInCode", DELETE, "borrower", "created_at", {"purpose": "sign_in"}),),
    "drafts": (Part("arrangements.BudgetDraft", DELETE, "borrower", "saved_at"),),
    "retired_numbers": (Part("people.ContactPoint", "value_sealed", "borrower", "retired_at"),),
    "helpers": (
        Part("arrangements.Helper", "name_sealed", "borrower", "end__ended_at"),
        Part("arrangements.Helper", "reach_sealed", "borrower", "end__ended_at"),
    ),
    "messages": (
        Part("debt_collection.OutboxMessage", "body_sealed", "contact__borrower", "contact__requested_at"),
        Part("debt_collection.ContactOutcome", "note_sealed", "contact__borrower", "recorded_at"),
        Part("debt_collection.TextFinding", "quote_sealed", "borrower", "found_at"),
        Part("debt_collection.ContactNote", "text_sealed", "contact__borrower", "noted_at"),
        Part("debt_collection.CaseLookUp", "words_sealed", "borrower", "looked_at"),
        Part("people.StaffReading", "words_sealed", "borrower", "read_at"),
    ),
    "person": (
        Part("people.Borrower", "name_sealed", "pk"),
        Part("people.Borrower", "identity_number_sealed", "pk"),
        Part("people.Borrower", "birth_date_sealed", "pk"),
        Part("people.ContactPoint", "value_sealed", "borrower"),
        Part("arrangements.Budget", "answers_sealed", "borrower"),
        Part("arrangements.TalkTurn", "words_sealed", "loan__borrower"),
        Part("arrangements.ConcernNote", "words_sealed", "hold__borrower"),
        Part("arrangements.ConcernFile", "content_sealed", "hold__borrower"),
        Part("arrangements.NoteFile", "content_sealed", "note__contact__borrower"),
        Part("arrangements.ToldContact", "number_sealed", "hold__borrower"),
        Part("arrangements.ToldContact", "who_sealed", "hold__borrower"),
        Part("arrangements.Helper", "name_sealed", "borrower"),
        Part("arrangements.Helper", "reach_sealed", "borrower"),
        Part("arrangements.DataRequest", "words_sealed", "borrower"),
        Part("arrangements.DataAnswer", "words_sealed", "request__borrower"),
        Part("lending.DecisionReview", "words_sealed", "decision__application__borrower"),
        Part("lending.ReviewAnswer", "reason_sealed", "review__decision__application__borrower"),
        Part("lending.ReviewProposal", "reason_sealed", "review__decision__application__borrower"),
        Part("lending.AdverseNotice", "words_sealed", "decision__application__borrower"),
    ),
}
"""What each kind of HOUSE-RETAIN is, column by column."""

NEVER = {
    "people_staffmember.totp_secret": "a member of staff's second factor, ended with her account",
    "debt_collection_impostorreport.told": "told by the public about a stranger; no borrower need be known",
    "intake_bankfile.raw": "kind `books`",
    "intake_bankentry.details": "kind `books`",
    "webhooks_endpointkey.private": "a key, no personal data",
    "arrangements_budgetdraft.answers": "its row goes whole",
}
"""Sealed columns that no kind names, and why: a test finds one that is in neither list."""


@dataclass(frozen=True)
class Due:
    """Rows of one column, in one place, whose time is over."""

    kind: retention.Kind
    place: str
    part: Part
    model: type[Model]
    rows: QuerySet[Any]

    @property
    def table(self) -> str:
        """The table's name."""
        return self.model._meta.db_table


def due(today: date) -> Iterator[Due]:
    """Everything that may go on `today`, place by place; each with rows that nothing keeps."""
    for place in _places():
        book = reader.rulebook(place if place in reader.places() else "CN")
        for kind in retention.kinds(book, today):
            if kind.goes:
                yield from _of_kind(kind, place, today)


def _of_kind(kind: retention.Kind, place: str, today: date) -> Iterator[Due]:
    cutoff = datetime.combine(kind.before(today), time(), HOME)
    people = Borrower.objects.filter(jurisdiction=place, created_at__lt=cutoff)
    free = free_people(people, today)
    chosen = ended(free, cutoff) if kind.after_end else free
    for part in PARTS[kind.name]:
        model = apps.get_model(part.model)
        theirs = Q(**{f"{part.borrower}__in": chosen.values("pk")})
        if part.borrower == "borrower" and place == HOME_PLACE:
            theirs |= Q(borrower__isnull=True)
        rows = model._default_manager.filter(theirs, **part.only)
        if part.since:
            rows = rows.filter(**{f"{part.since}__lt": cutoff})
        if part.column:
            rows = rows.exclude(**{f"{part.column}__in": ["", encrypted.GONE]})
        yield Due(kind, place, part, model, rows.order_by("pk"))


def free_people(people: QuerySet[Borrower], today: date) -> QuerySet[Borrower]:
    """Of these people those whom nothing keeps: no open hold, dispute, request, review or suit."""
    open_holds = Hold.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=today), borrower=OuterRef("pk"), end__isnull=True
    )
    requests = DataRequest.objects.filter(borrower=OuterRef("pk"), answer__isnull=True)
    reviews = DecisionReview.objects.filter(
        decision__application__borrower=OuterRef("pk"), answer__isnull=True
    )
    return people.exclude(Exists(open_holds)).exclude(Exists(requests)).exclude(Exists(reviews))


def ended(people: QuerySet[Borrower], cutoff: datetime) -> QuerySet[Borrower]:
    """Of these people those with whom all is settled and nothing happened since `cutoff`.

    A loan that no close has seen, with a balance, or charged off counts as open: somebody may still owe.
    """
    written_off = LoanFact.objects.filter(
        kind="charge_off", loan=OuterRef("pk"), reverses=None, reversed_by=None
    )
    open_loans = Loan.objects.filter(borrower=OuterRef("pk")).filter(
        Q(position=None) | ~Q(position__balance_minor=0, position__overdue_minor=0) | Exists(written_off)
    )
    happened = (
        AuditEvent.objects.filter(borrower_id=OuterRef("public_id"), happened_at__gte=cutoff),
        Contact.objects.filter(borrower=OuterRef("pk"), requested_at__gte=cutoff),
        Payment.objects.filter(loan__borrower=OuterRef("pk"), received_at__gte=cutoff),
    )
    chosen = people.exclude(Exists(open_loans))
    for rows in happened:
        chosen = chosen.exclude(Exists(rows))
    return chosen


def kept_back(today: date) -> int:
    """People with whom all is settled and whose time would be over, if nothing kept their data."""
    number = 0
    for place in _places():
        book = reader.rulebook(place if place in reader.places() else "CN")
        (kind,) = (one for one in retention.kinds(book, today) if one.name == "person")
        cutoff = datetime.combine(kind.before(today), time(), HOME)
        past = ended(Borrower.objects.filter(jurisdiction=place, created_at__lt=cutoff), cutoff)
        number += past.count() - free_people(past, today).count()
    return number


def _places() -> list[str]:
    known = Borrower.objects.order_by().values_list("jurisdiction", flat=True).distinct()
    return sorted({HOME_PLACE, *known})


def keeping(place: str, today: date) -> tuple[retention.Kind, ...]:
    """What is kept how long and why, for a page."""
    return retention.kinds(reader.rulebook(place if place in reader.places() else "CN"), today)
