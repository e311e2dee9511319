"""What a collector sees: her one case, and of its debt nothing before the right person is confirmed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from lenity.domain.delinquency import stages as steps
from lenity.law import reader
from lenity.records.debt_collection import (
    check_queries,
    gate_queries,
    gate_rows,
    queries,
    queue_counts,
    voice_queries,
)
from lenity.records.debt_collection.models import CaseLease, CaseLookUp, Contact, Hold, Placement
from lenity.records.delinquency.models import LoanPosition
from lenity.records.lending import servicing_queries
from lenity.records.lending.models import Loan
from lenity.records.people import queries as people
from lenity.records.people.models import Borrower, ContactPoint

LOOKED_AT = 40
"""How many candidates are asked about before the queue is called empty."""
MOST_COUNTED = 1000
"""A stage is counted to this many and no further, so that a page costs the same over any book."""


@dataclass(frozen=True)
class OpenCall:
    """A call or visit that was allowed and has no outcome yet."""

    contact_id: str
    channel: str
    code: str
    mask: str
    at: datetime
    live: check_queries.LiveCodes | None


@dataclass(frozen=True)
class DebtView:
    """What only a confirmed conversation opens."""

    home: queries.HomeView
    contacts: list[queries.ContactView]
    offers: list[tuple[queries.LoanView, list[servicing_queries.Offered]]]
    done: tuple[str, ...]


@dataclass(frozen=True)
class CaseView:
    """A leased case. `debt` is None until the person is confirmed: no template can show what is not here."""

    lease: str
    borrower_id: str
    name: str
    place: str
    language: str
    until: datetime
    confirmed: bool
    asks: str
    tries_left: int
    lights: list[gate_queries.Light]
    calls: list[OpenCall]
    found: list[voice_queries.FindingView]
    needs_care: bool
    debt: DebtView | None


@dataclass(frozen=True)
class Waiting:
    """How many cases of a stage wait. `more`: they were counted to `MOST_COUNTED` and there are more."""

    stage: str
    number: int
    more: bool


@dataclass(frozen=True)
class Desk:
    """How many cases wait, by stage, and what the collector did today. No names: the queue is not a list."""

    waiting: tuple[Waiting, ...]
    done_today: int
    break_offered: bool
    case: CaseView | None

    @property
    def total(self) -> int:
        """How many wait in all, as far as they were counted."""
        return sum(one.number for one in self.waiting)

    @property
    def more(self) -> bool:
        """Whether still more wait than were counted."""
        return any(one.more for one in self.waiting)


def rule(place: str, on_date: date) -> dict[str, int]:
    """The value of HOUSE-DESK."""
    return dict(reader.rulebook(place).value("HOUSE-DESK", on_date))


def open_lease(staff: str, now: datetime) -> CaseLease | None:
    """The case that a collector has."""
    rows = CaseLease.objects.filter(staff=staff, closed_at=None, until__gt=now)
    return rows.select_related("borrower").first()


def may_speak(staff: str, now: datetime) -> str:
    """The borrower with whom a collector speaks, confirmed; empty when there is none."""
    lease = open_lease(staff, now)
    return lease.borrower.public_id if lease is not None and lease.confirmed_at else ""


def waiting(now: datetime, again_after: timedelta) -> QuerySet[LoanPosition]:
    """Late loans that nobody works on: not paid, not held, not placed, reachable, not worked just now."""
    held = Hold.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=now.date()),
        borrower=OuterRef("loan__borrower"),
        end__isnull=True,
    ).exclude(kind="assigned")
    leases = CaseLease.objects.filter(borrower=OuterRef("loan__borrower"))
    busy = leases.filter(Q(closed_at=None, until__gt=now) | Q(closed_at__gt=now - again_after)).exclude(
        closed_how="lapsed"
    )
    placed = Placement.objects.filter(loan=OuterRef("loan_id"), recalled_at=None)
    points = ContactPoint.objects.filter(
        borrower=OuterRef("loan__borrower"), role="borrower", retired_at__isnull=True
    )
    late = LoanPosition.objects.filter(days_past_due__gt=0, overdue_minor__gt=0)
    return late.filter(Exists(points)).exclude(Exists(held)).exclude(Exists(busy)).exclude(Exists(placed))


def counted(now: datetime, again_after: timedelta) -> tuple[Waiting, ...]:
    """How many wait, the latest stage first; stages in which nobody waits are left out."""
    rows = waiting(now, again_after)
    found = []
    for step in reversed(steps.standard().steps):
        number = rows.filter(stage=step.code)[: MOST_COUNTED + 1].count()
        found.append(Waiting(step.code, min(number, MOST_COUNTED), number > MOST_COUNTED))
    return tuple(one for one in found if one.number)


def candidates(now: datetime, today: Callable[[str], date], again_after: timedelta) -> Iterator[Borrower]:
    """Borrowers to work on next, the most overdue first: something is owed today and a channel is open."""
    rows = waiting(now, again_after).select_related("loan__borrower")
    seen: set[int] = set()
    for position in rows.order_by("-days_past_due", "-overdue_minor", "loan_id")[:LOOKED_AT]:
        borrower = position.loan.borrower
        if borrower.pk in seen:
            continue
        seen.add(borrower.pk)
        owed = gate_rows.overdue_minor([position.loan_id], today(borrower.jurisdiction))
        lights = gate_queries.lights(borrower.public_id, now)
        if any(owed.values()) and any(light.state == "open" for light in lights):
            yield borrower


def overdue_loans(borrower: Borrower, on_date: date) -> tuple[str, ...]:
    """The loans of a borrower on which something is overdue."""
    loans = {loan.pk: loan.public_id for loan in Loan.objects.filter(borrower=borrower).order_by("id")}
    owed = gate_rows.overdue_minor(list(loans), on_date)
    return tuple(public_id for pk, public_id in loans.items() if owed[pk])


def point_of(borrower: Borrower, public_id: str) -> ContactPoint | None:
    """A live number or address of this borrower."""
    return ContactPoint.objects.filter(
        borrower=borrower, public_id=public_id, retired_at__isnull=True
    ).first()


def open_calls(lease: CaseLease) -> list[Contact]:
    """Allowed calls and visits of this lease without an outcome, newest first."""
    rows = Contact.objects.filter(
        borrower=lease.borrower,
        requested_by=lease.staff,
        requested_at__gte=lease.taken_at,
        channel__in=("call", "visit"),
        verdict="allowed",
        outcomes__isnull=True,
    )
    return list(rows.select_related("contact_point").order_by("-id"))


def look_ups_since(staff: str, since: datetime) -> int:
    """How often somebody looked a person up since an instant."""
    return CaseLookUp.objects.filter(staff=staff, looked_at__gt=since).count()


def borrower_by_account(account: str) -> Borrower | None:
    """The borrower of an account number, whole and exact."""
    loan = Loan.objects.select_related("borrower").filter(account_number=account).first()
    return loan.borrower if loan else None


def desk(staff: str, now: datetime, today: Callable[[str], date]) -> Desk:
    """The collector's page."""
    again = timedelta(hours=rule("CN", now.date())["again_after_hours"])
    lease = open_lease(staff, now)
    done = CaseLease.objects.filter(staff=staff, closed_at__gte=now - timedelta(hours=12))
    return Desk(
        queue_counts.counted(now, lambda: counted(now, again), again, MOST_COUNTED),
        done.exclude(closed_how="lapsed").count(),
        voice_queries.break_offered(staff, now),
        _case(lease, now, today) if lease else None,
    )


def _case(lease: CaseLease, now: datetime, today: Callable[[str], date]) -> CaseView:
    borrower = lease.borrower
    day = today(borrower.jurisdiction)
    return CaseView(
        lease=lease.public_id,
        borrower_id=borrower.public_id,
        name=people.name_of(borrower),
        place=borrower.jurisdiction,
        language=borrower.language,
        until=lease.until,
        confirmed=lease.confirmed_at is not None,
        asks="identity" if borrower.identity_number_sealed else "birth_date",
        tries_left=max(rule(borrower.jurisdiction, day)["identity_tries"] - lease.tries, 0),
        lights=gate_queries.lights(borrower.public_id, now),
        calls=[
            OpenCall(
                one.public_id,
                one.channel,
                one.code,
                one.contact_point.mask if one.contact_point else "",
                one.requested_at,
                check_queries.codes_of_caller(one.public_id, lease.staff, now),
            )
            for one in open_calls(lease)
        ],
        found=voice_queries.findings_of(lease.staff, borrower.pk, lease.taken_at),
        needs_care=lease.confirmed_at is not None and voice_queries.needs_care(borrower.public_id),
        debt=_debt(lease, now, today) if lease.confirmed_at else None,
    )


def _debt(lease: CaseLease, now: datetime, today: Callable[[str], date]) -> DebtView:
    borrower = lease.borrower
    home = queries.home(borrower.public_id, now, today)
    loans = {loan.public_id: loan for loan in Loan.objects.filter(borrower=borrower)}
    day = today(borrower.jurisdiction)
    offers = [
        (one, servicing_queries.offered(loans[one.public_id], day)) for one in home.loans if one.overdue_minor
    ]
    done = Hold.objects.filter(
        borrower=borrower, opened_by=lease.staff, opened_at__gte=lease.taken_at
    ).order_by("id")
    return DebtView(home, queries.case_contacts(borrower.public_id), offers, tuple(h.kind for h in done))
