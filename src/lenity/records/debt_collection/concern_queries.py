"""Concerns that borrowers raised: open ones with their clock, and how they were answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Sum

from lenity.law import reader
from lenity.records.debt_collection.models import ConcernStep, Hold, HoldEnd
from lenity.records.lending.models import Loan, Payment
from lenity.records.people.models import Borrower, StaffMember


@dataclass(frozen=True)
class ConcernView:
    """A concern; `answer` is empty while it is open, `days_left` below zero when its clock has run out."""

    hold: str
    borrower: str
    about: str
    account_ending: str
    opened_at: datetime
    answer_by: date
    days_left: int
    answer: str
    answered_at: datetime | None
    kind: str = ""
    place: str = ""
    steps: tuple[StepView, ...] = ()

    @property
    def is_late(self) -> bool:
        """Open, and its clock has run out."""
        return not self.answer and self.days_left < 0

    @property
    def days_late(self) -> int:
        """Days since its clock ran out."""
        return max(-self.days_left, 0)


@dataclass(frozen=True)
class StepView:
    """A concern was passed on, to somebody with a name and a staff number."""

    kind: str
    at: datetime
    name: str
    staff_number: str
    reason: str


@dataclass(frozen=True)
class Taker:
    """Somebody who may answer concerns."""

    staff: str
    name: str
    staff_number: str
    is_senior: bool


SENIOR = frozenset({"supervisor", "manager"})


def takers() -> list[Taker]:
    """Who may take over a concern, by name."""
    rows = StaffMember.objects.filter(is_active=True).order_by("display_name", "staff_number")
    return [
        Taker(row.public_id, row.display_name, row.staff_number, bool(SENIOR & set(row.roles)))
        for row in rows
        if "compliance" in row.roles
    ]


def concern_is_answered(hold: Hold) -> bool:
    """Whether it was answered, asked anew: for after a lock."""
    return HoldEnd.objects.filter(hold=hold).exists()


@dataclass(frozen=True)
class Clocks:
    """How the answers to concerns stand: late and soon due, answered in time and late, by kind."""

    late: int
    soon: int
    open: int
    answered: int
    answered_late: int


def clocks(on_date: date, soon_days: int) -> Clocks:
    """Counted over all concerns that were ever raised."""
    rows = Hold.objects.filter(detail__has_key="about").values_list("detail", "end__ended_at")
    late = soon = still = answered = answered_late = 0
    for detail, ended_at in rows.iterator(chunk_size=2000):
        by = date.fromisoformat(detail["answer_by"])
        if ended_at is None:
            still += 1
            late += by < on_date
            soon += 0 <= (by - on_date).days <= soon_days
        else:
            answered += 1
            answered_late += ended_at.date() > by
    return Clocks(late, soon, still, answered, answered_late)


def remedies(concern: ConcernView, on_date: date) -> list[reader.Provision]:
    """What holds where the answer is late: the law of the place on this kind of concern, then the house rule."""
    book = reader.rulebook(concern.place)
    named = [*book.value("HOUSE-LATE", on_date).get(concern.kind, ()), "HOUSE-LATE"]
    known = {one.id: one for one in book.provisions if one.on(on_date)}
    return [known[name] for name in named if name in known]


def open_concern(borrower: Borrower, loan: Loan | None, about: str) -> Hold | None:
    """A concern that was raised and has not been answered."""
    return Hold.objects.filter(borrower=borrower, loan=loan, detail__about=about, end__isnull=True).first()


def concern_by_id(public_id: str) -> Hold | None:
    """A concern, answered or not."""
    rows = Hold.objects.select_related("borrower", "loan", "end")
    return rows.filter(public_id=public_id, detail__has_key="about").first()


def concerns_of(borrower_id: str, on_date: date) -> list[ConcernView]:
    """A borrower's concerns, newest first."""
    rows = Hold.objects.filter(borrower__public_id=borrower_id, detail__has_key="about")
    found = list(rows.select_related("loan", "borrower", "end").order_by("-opened_at", "-id"))
    steps = _steps(found)
    return [_view(row, on_date, steps.get(row.pk, ())) for row in found]


def open_promise(loan: Loan, on_date: date) -> Hold | None:
    """A promise to pay whose day has not passed."""
    rows = Hold.objects.filter(loan=loan, kind="promise", detail__has_key="promised_minor")
    return rows.filter(end__isnull=True, ends_on__gte=on_date).first()


@dataclass(frozen=True)
class PromiseView:
    """A promise as its borrower sees it; `outcome` is empty until it was judged."""

    account_ending: str
    currency: str
    amount_minor: int
    by: date | None
    outcome: str


def promises_of(borrower_id: str) -> list[PromiseView]:
    """A borrower's promises, newest first."""
    rows = Hold.objects.filter(
        borrower__public_id=borrower_id, kind="promise", detail__has_key="promised_minor"
    )
    return [
        PromiseView(
            row.loan.account_number[-4:] if row.loan else "",
            row.loan.currency if row.loan else "",
            int(row.detail["promised_minor"]),
            row.ends_on,
            row.end.reason if hasattr(row, "end") else "",
        )
        for row in rows.select_related("loan", "end").order_by("-id")
    ]


def promises_to_judge(on_date: date) -> list[tuple[Hold, int]]:
    """Open promises with what was paid for their loans from the day of the promise to its last day.

    A payment that was reversed does not count.
    """
    rows = Hold.objects.filter(kind="promise", detail__has_key="promised_minor", end__isnull=True)
    found = []
    for hold in rows.select_related("loan", "borrower").order_by("id"):
        last = min(hold.ends_on or on_date, on_date)
        paid = Payment.objects.filter(
            loan=hold.loan,
            value_date__gte=date.fromisoformat(hold.detail["since"]),
            value_date__lte=last,
            received_at__gte=hold.opened_at,
            reverses__isnull=True,
            reversed_by__isnull=True,
        )
        found.append((hold, int(paid.aggregate(total=Sum("amount_minor"))["total"] or 0)))
    return found


def waiting(on_date: date, *, most: int = 200) -> list[ConcernView]:
    """Concerns that wait for an answer, the most urgent first."""
    rows = list(
        Hold.objects.filter(detail__has_key="about", end__isnull=True).select_related(
            "loan", "borrower", "end"
        )
    )
    steps = _steps(rows)
    found = [_view(row, on_date, steps.get(row.pk, ())) for row in rows]
    return sorted(found, key=lambda one: (one.answer_by, one.opened_at))[:most]


def _steps(holds: list[Hold]) -> dict[int, tuple[StepView, ...]]:
    rows = list(ConcernStep.objects.filter(hold__in=holds).order_by("id"))
    staff = {one.public_id: one for one in StaffMember.objects.filter(public_id__in={r.staff for r in rows})}
    found: dict[int, tuple[StepView, ...]] = {}
    for row in rows:
        name, number = staff[row.staff].display_name, staff[row.staff].staff_number
        step = StepView(row.kind, row.taken_at, name, number, row.reason)
        found[row.hold_id] = (*found.get(row.hold_id, ()), step)
    return found


def _view(row: Hold, on_date: date, steps: tuple[StepView, ...] = ()) -> ConcernView:
    end = getattr(row, "end", None)
    answer_by = date.fromisoformat(row.detail["answer_by"])
    return ConcernView(
        row.public_id,
        row.borrower.public_id,
        row.detail["about"],
        row.loan.account_number[-4:] if row.loan else "",
        row.opened_at,
        answer_by,
        (answer_by - on_date).days,
        end.reason if end else "",
        end.ended_at if end else None,
        row.kind,
        row.borrower.jurisdiction,
        steps,
    )
