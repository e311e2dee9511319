"""Notices that others wait for: of a placement, of an assignment, of a debt's validation, each with its clock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lenity.domain.debt_collection import notices
from lenity.domain.debt_collection.rules.view import local_day
from lenity.law import reader
from lenity.records.debt_collection.models import Contact, ContactOutcome, DeliveryReceipt, Hold, Placement
from lenity.records.lending.models import Loan
from lenity.records.people.models import ContactPoint

LOST = ("cancelled", "expired", "refused")
"""States of a message that did not leave: then, and on news that it did not arrive, the notice is due again."""
CAME_BACK = ("undelivered", "expired", "rejected")
GONE = ("handed", "delivered", "accepted")
TALKED = "conversation"
AGAIN = timedelta(days=1)
WAITS, SENT, LATE = "waits", "sent", "late"


@dataclass(frozen=True)
class Notice:
    """One notice: about which loan, because of what, since when, by when, and where it stands.

    `first_on` is the day of the collector's first communication, `by` the last day for a validation notice,
    `dispute_by` the end of the period that it began.
    """

    purpose: str
    loan: Loan
    since: datetime
    other: str
    first_on: date | None
    by: date | None
    state: str
    sent_at: datetime | None
    dispute_by: date | None
    last: Contact | None

    @property
    def verdict(self) -> str:
        """What the gate said when it was last asked for; empty before."""
        return self.last.verdict if self.last else ""

    def may_be_asked(self, now: datetime) -> bool:
        """Whether nobody has asked for it, or it was put off until now, or refused a day ago or more."""
        if self.state == SENT or self.last is None:
            return self.state != SENT
        opens = self.last.earliest_at or self.last.requested_at + AGAIN
        return self.last.verdict != "allowed" and opens <= now


@dataclass(frozen=True)
class _Cause:
    """Why notices are called for: a placement or an assignment."""

    loan: Loan
    since: datetime
    other: str
    purposes: tuple[str, ...]


def listed(today: Callable[[str], date], *, loans: Iterable[str] | None = None) -> list[Notice]:
    """Every notice that a live placement or an assignment calls for; those that wait first, by their clock."""
    causes = [*_placed(today, loans), *_assigned(today, loans)]
    contacts = _contacts({one.loan.borrower_id for one in causes})
    zones = _zones({one.loan.borrower_id for one in causes})
    found = [
        _notice(cause, purpose, contacts[cause.loan.borrower_id], zones[cause.loan.borrower_id], today)
        for cause in causes
        for purpose in cause.purposes
    ]
    return sorted(found, key=lambda one: (one.state == SENT, one.by or date.max, one.since))


def _placed(today: Callable[[str], date], loans: Iterable[str] | None) -> list[_Cause]:
    rows = Placement.objects.filter(recalled_at=None).select_related("loan__borrower").order_by("id")
    if loans is not None:
        rows = rows.filter(loan__public_id__in=list(loans))
    made = []
    for row in rows:
        place = row.loan.borrower.jurisdiction
        purposes = notices.of_placing(reader.rulebook(place), today(place))
        made.append(_Cause(row.loan, row.placed_at, row.agency, purposes))
    return made


def _assigned(today: Callable[[str], date], loans: Iterable[str] | None) -> list[_Cause]:
    rows = Hold.objects.filter(kind="assigned", end=None).select_related("loan__borrower").order_by("id")
    if loans is not None:
        rows = rows.filter(loan__public_id__in=list(loans))
    made = []
    for row in rows:
        if row.loan is not None:
            place = row.loan.borrower.jurisdiction
            purposes = notices.of_assignment(reader.rulebook(place), today(place))
            made.append(_Cause(row.loan, row.opened_at, str(row.detail.get("from", "")), purposes))
    return made


def _contacts(borrowers: set[int]) -> Mapping[int, list[Contact]]:
    """The contacts of these borrowers that are notices, or that may have been a first communication."""
    wanted = (*notices.PURPOSES, "collection")
    rows = Contact.objects.filter(borrower_id__in=borrowers, purpose__in=wanted).select_related("outbox")
    back = DeliveryReceipt.objects.filter(message__contact__in=rows, state__in=CAME_BACK)
    lost = set(back.values_list("message_id", flat=True))
    found: dict[int, list[Contact]] = defaultdict(list)
    for row in rows.order_by("id"):
        if row.pk not in lost and _state(row) not in LOST:
            found[row.borrower_id].append(row)
    return found


def _zones(borrowers: set[int]) -> Mapping[int, tuple[str, ...]]:
    rows = ContactPoint.objects.filter(borrower_id__in=borrowers, retired_at=None)
    found: dict[int, set[str]] = defaultdict(set)
    for owner, zones in rows.values_list("borrower_id", "candidate_zones"):
        found[owner] |= set(zones)
    return defaultdict(tuple, {owner: tuple(sorted(zones)) for owner, zones in found.items()})


def _notice(
    cause: _Cause,
    purpose: str,
    contacts: Sequence[Contact],
    zones: tuple[str, ...],
    today: Callable[[str], date],
) -> Notice:
    place = cause.loan.borrower.jurisdiction
    book = reader.rulebook(place)
    about = [one for one in contacts if cause.loan.public_id in one.debts and one.requested_at >= cause.since]
    asked = [one for one in about if one.purpose == purpose]
    sent_at = next((at for one in asked if (at := _left_at(one))), None)
    first_on = by = None
    if purpose == notices.VALIDATION:
        first = _first_communication(about)
        first_on = min(local_day(first, zone) for zone in zones or ("UTC",)) if first else None
        by = notices.validate_by(book, first_on) if first_on else None
    late = by is not None and sent_at is None and today(place) > by
    return Notice(
        purpose,
        cause.loan,
        cause.since,
        cause.other,
        first_on,
        by,
        SENT if sent_at else LATE if late else WAITS,
        sent_at,
        notices.dispute_by(book, sent_at, zones) if sent_at and purpose == notices.VALIDATION else None,
        asked[-1] if asked else None,
    )


def _first_communication(about: Sequence[Contact]) -> datetime | None:
    """When a message about the debt first left, or the debt was first talked about; an attempt is none."""
    talked = ContactOutcome.objects.filter(contact__in=[one.pk for one in about], outcome=TALKED)
    times = [at for one in about if (at := _left_at(one))]
    times += list(talked.values_list("contact__requested_at", flat=True))
    return min(times, default=None)


def _state(contact: Contact) -> str:
    return contact.outbox.state if hasattr(contact, "outbox") else ""


def _left_at(contact: Contact) -> datetime | None:
    """When a message of this contact left; none while it waits or after it came to nothing."""
    if _state(contact) not in GONE:
        return None
    return contact.outbox.handed_at or contact.requested_at


def counts(found: Iterable[Notice]) -> dict[str, int]:
    """How many notices wait, are late, were sent."""
    told = {WAITS: 0, LATE: 0, SENT: 0}
    for one in found:
        told[one.state] += 1
    return told
