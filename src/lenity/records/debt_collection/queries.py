"""What the pages show: plain values, scoped by borrower or by role in the query itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count

from lenity.domain.delinquency import stages
from lenity.domain.servicing.allocation import Component
from lenity.records.audit import queries as audit
from lenity.records.debt_collection import gate_queries
from lenity.records.debt_collection.models import Contact, ContactCheck, Hold
from lenity.records.delinquency import queries as delinquency
from lenity.records.ledger import queries as ledger
from lenity.records.lending import servicing_queries
from lenity.records.lending.models import Loan
from lenity.records.people import queries as people
from lenity.records.people.models import Borrower, Preference


@dataclass(frozen=True)
class DueView:
    """An amount due: when, and how much."""

    due_date: date
    amount_minor: int
    is_late: bool


@dataclass(frozen=True)
class LoanView:
    """One loan as its borrower sees it, amounts in minor units."""

    public_id: str
    account_ending: str
    currency: str
    balance_minor: int
    principal_minor: int
    interest_minor: int
    fee_minor: int
    overdue_minor: int
    days_past_due: int
    since: date | None
    next_due_date: date | None
    next_due_minor: int
    stage: str
    as_of: date | None
    dues: tuple[DueView, ...]


@dataclass(frozen=True)
class HomeView:
    """A borrower's first page."""

    name: str
    jurisdiction: str
    invented: bool
    loans: tuple[LoanView, ...]
    holds: tuple[str, ...]
    contacts_last_week: int


@dataclass(frozen=True)
class ContactView:
    """One contact as both sides see it."""

    public_id: str
    code: str
    at: datetime
    channel: str
    purpose: str
    verdict: str
    mask: str
    delivery: str
    by: str
    leading_says: Mapping[str, str]
    leading_article: str
    leading_instrument: Mapping[str, str]
    earliest: datetime | None
    certificate: Mapping[str, Any] = field(default_factory=dict)
    receipts: tuple[tuple[str, datetime], ...] = ()
    checks: tuple[tuple[str, datetime], ...] = ()


def home(borrower_id: str, now: datetime, business_day: Callable[[str], date]) -> HomeView:
    """The first page of one borrower; `business_day` tells the lender's day in a place."""
    borrower = people.get_borrower(borrower_id)
    loans = Loan.objects.filter(borrower=borrower).select_related("agreement", "borrower").order_by("id")
    today = business_day(borrower.jurisdiction)
    week = Contact.objects.filter(
        borrower=borrower, verdict="allowed", requested_at__gte=now - timedelta(days=7)
    )
    return HomeView(
        name=people.name_of(borrower),
        jurisdiction=borrower.jurisdiction,
        invented=borrower.identity_invented,
        loans=tuple(_loan(loan, today) for loan in loans),
        holds=tuple(
            dict.fromkeys(hold.kind for hold in _holds(borrower) if not hold.ends_on or hold.ends_on >= today)
        ),
        contacts_last_week=week.exclude(purpose="sign_in").count(),
    )


def contacts(borrower_id: str, *, most: int = 100) -> list[ContactView]:
    """A borrower's contact log, newest first; put-off and refused ones too."""
    return [_contact(row) for row in _contact_rows(borrower_id)[:most]]


def whole_log(borrower_id: str) -> list[ContactView]:
    """Every contact of a borrower with its certificate, oldest first."""
    rows = _contact_rows(borrower_id).prefetch_related("contactcheck_set").order_by("id")
    return [_contact(row, whole=True) for row in rows]


def contact(borrower_id: str, contact_id: str) -> ContactView | None:
    """One contact of one borrower with its certificate; None when it is not hers."""
    row = _contact_rows(borrower_id).filter(public_id=contact_id).first()
    return _contact(row, whole=True) if row else None


def case_contacts(borrower_id: str) -> list[ContactView]:
    """The newest contacts of a case, for staff."""
    return contacts(borrower_id, most=12)


SWITCHES = ("sms", "email", "call")


def switches(borrower_id: str) -> dict[str, bool]:
    """For each channel that a borrower may switch, whether she has switched it off."""
    off = Preference.objects.filter(
        borrower__public_id=borrower_id, kind="channel_opt_out", revoked_by__isnull=True, revokes__isnull=True
    )
    names = set(off.values_list("channel", flat=True))
    return {channel: channel in names for channel in SWITCHES}


@dataclass(frozen=True)
class Overview:
    """What the compliance officer sees first."""

    allowed: int
    deferred: int
    refused: int
    by_provision: tuple[Mapping[str, Any], ...]
    checks: int
    tree_size: int
    root: str
    sealed_at: datetime | None
    unsealed: int
    balanced: bool
    business_date: date | None
    in_arrears: int
    most_in_a_week: int
    recent: tuple[ContactView, ...]


def overview(now: datetime) -> Overview:
    """Contacts by verdict and provision, the log, the ledger, the last close."""
    counted = dict(Contact.objects.values_list("verdict").annotate(number=Count("id")))
    head, close = audit.head(), delinquency.last_close()
    week = Contact.objects.filter(verdict="allowed", requested_at__gte=now - timedelta(days=7))
    busiest = (
        week.exclude(purpose="sign_in")
        .values("borrower")
        .annotate(number=Count("id"))
        .order_by("-number")
        .first()
    )
    recent = _with_details(Contact.objects.exclude(verdict="allowed").order_by("-id"))[:12]
    return Overview(
        allowed=counted.get("allowed", 0),
        deferred=counted.get("deferred", 0),
        refused=counted.get("refused", 0),
        by_provision=tuple(_by_provision()),
        checks=ContactCheck.objects.count(),
        tree_size=head.tree_size if head else 0,
        root=head.root_hash if head else "",
        sealed_at=head.sealed_at if head else None,
        unsealed=audit.unsealed(),
        balanced=ledger.is_balanced(),
        business_date=close.business_date if close else None,
        in_arrears=close.in_arrears if close else 0,
        most_in_a_week=busiest["number"] if busiest else 0,
        recent=tuple(_contact(row) for row in recent),
    )


def _by_provision() -> list[Mapping[str, Any]]:
    rows = Contact.objects.exclude(verdict="allowed").values("verdict", "decision__leading_provision")
    counted = rows.annotate(number=Count("id")).order_by("-number", "decision__leading_provision")
    return [
        {
            "provision": row["decision__leading_provision"],
            "verdict": row["verdict"],
            "number": row["number"],
        }
        for row in counted
    ]


def _loan(loan: Loan, today: date) -> LoanView:
    """A loan today, by its facts: the same amounts as its statement, whenever the last close was."""
    state = servicing_queries.account_on(loan, today)
    late = sum(item.open(Component.LATE_INTEREST) for item in state.items)
    book = {
        code: state.book.get(code, 0) for code in ("loan_principal", "interest_receivable", "fee_receivable")
    }
    ahead = [item for item in state.items if item.due_date >= today and item.open_minor]
    return LoanView(
        public_id=loan.public_id,
        account_ending=loan.account_number[-4:],
        currency=loan.currency,
        balance_minor=state.owed_minor
        if state.charged_off
        else sum(book.values()) + late - state.credit_minor,
        principal_minor=book["loan_principal"],
        interest_minor=book["interest_receivable"] + late,
        fee_minor=book["fee_receivable"],
        overdue_minor=state.overdue_minor,
        days_past_due=state.days_past_due,
        since=state.oldest_unpaid_due_date,
        next_due_date=ahead[0].due_date if ahead else None,
        next_due_minor=ahead[0].open_minor if ahead else 0,
        stage=stages.standard().of(state.days_past_due).code,
        as_of=today,
        dues=tuple(
            DueView(item.due_date, item.open_minor, item.due_date < today)
            for item in state.items
            if item.open_minor
        ),
    )


def _holds(borrower: Borrower) -> list[Hold]:
    rows = Hold.objects.filter(borrower=borrower, end__isnull=True).exclude(kind="assigned")
    return list(rows.order_by("id"))


def _contact_rows(borrower_id: str) -> Any:
    return _with_details(
        Contact.objects.filter(borrower__public_id=borrower_id).order_by("-requested_at", "-id")
    )


def _with_details(rows: Any) -> Any:
    details = rows.select_related("contact_point", "decision__wording", "outbox").defer(
        "decision__facts", "outbox__body_sealed"
    )
    return details.prefetch_related("outbox__deliveryreceipt_set")


def _contact(row: Contact, *, whole: bool = False) -> ContactView:
    certificate = gate_queries.certificate_of(row.decision)
    leading: Mapping[str, Any] = next(
        (one for one in certificate["provisions"] if one["id"] == row.decision.leading_provision),
        {"says": {}, "article": "", "instrument": {}},
    )
    outbox = getattr(row, "outbox", None)
    receipts = list(outbox.deliveryreceipt_set.all()) if outbox else []
    final = receipts[-1].state if receipts else (outbox.state if outbox else "")
    checks = sorted(row.contactcheck_set.all(), key=lambda one: one.pk) if whole else []
    return ContactView(
        public_id=row.public_id,
        code=row.code,
        at=row.requested_at,
        channel=row.channel,
        purpose=row.purpose,
        verdict=row.verdict,
        mask=row.contact_point.mask if row.contact_point else "",
        delivery=final,
        by=row.requested_by,
        leading_says=leading["says"],
        leading_article=leading["article"],
        leading_instrument=leading["instrument"],
        earliest=row.earliest_at,
        certificate=certificate if whole else {},
        receipts=tuple((one.state, one.received_at) for one in receipts),
        checks=tuple((one.result, one.checked_at) for one in checks),
    )
