"""What was found in texts and told by borrowers, for compliance, the workbench and the borrower herself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from lenity.domain.debt_collection import screening
from lenity.records import encrypted
from lenity.records.debt_collection.models import (
    Contact,
    ContactNote,
    FindingReview,
    ImpostorHandling,
    ImpostorReport,
    TextFinding,
)
from lenity.records.people.models import ContactPoint

ABUSE_OF_STAFF = ("threat", "insult")
BREAK_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class FindingView:
    """A finding that waits for compliance, with the words quoted."""

    finding: str
    contact: str
    borrower: str
    written_by: str
    said_by: str
    category: str
    severity: str
    quote: str
    found_at: datetime
    decision: str
    reason: str


@dataclass(frozen=True)
class ReportView:
    """A report of a stranger who used the lender's name."""

    report: str
    borrower: str
    told: str
    reported_at: datetime
    did: str
    words: str
    handled_at: datetime | None


def findings_waiting(*, most: int = 200) -> list[FindingView]:
    """Findings in collectors' texts that compliance has not looked at, the gravest and oldest first."""
    rows = TextFinding.objects.filter(review__isnull=True).select_related("contact", "borrower")
    shown = [_finding(row) for row in rows.order_by("found_at", "id")[:2000]]
    return sorted(shown, key=lambda one: -screening.SEVERITIES.index(one.severity))[:most]


def findings_reviewed(*, most: int = 50) -> list[FindingView]:
    """Findings that compliance has closed, the newest first."""
    rows = TextFinding.objects.filter(review__isnull=False).select_related("contact", "borrower", "review")
    return [_finding(row) for row in rows.order_by("-review__id")[:most]]


def findings_of(writer: str, borrower_pk: int, since: datetime) -> list[FindingView]:
    """What was found in somebody's own notes about a borrower since an instant, in the order of the text."""
    rows = TextFinding.objects.filter(written_by=writer, borrower_id=borrower_pk, found_at__gte=since)
    return [_finding(row) for row in rows.select_related("contact", "borrower").order_by("id")[:20]]


def finding_by_id(public_id: str) -> TextFinding | None:
    """A finding, reviewed or not."""
    rows = TextFinding.objects.select_related("borrower", "contact", "review")
    return rows.filter(public_id=public_id).first()


def break_offered(staff: str, now: datetime) -> bool:
    """Whether a collector was threatened or insulted within the hour: the workbench offers a break."""
    rows = TextFinding.objects.filter(written_by=staff, said_by="borrower", category__in=ABUSE_OF_STAFF)
    return rows.filter(found_at__gt=now - BREAK_AFTER).exists()


def needs_care(borrower_id: str) -> bool:
    """Whether words of self-harm stand in a text about this borrower and nobody found them harmless."""
    rows = TextFinding.objects.filter(borrower__public_id=borrower_id, category="self_harm")
    return rows.exclude(review__decision="harmless").exists()


def impostor_reports(*, most: int = 200) -> list[ReportView]:
    """Reports of impostors, those that nobody handled on top, newest first, for compliance."""
    rows = ImpostorReport.objects.select_related("borrower", "handling").order_by("-id")[:most]
    return sorted((_report(row) for row in rows), key=lambda one: one.handled_at is not None)


def reports_of(borrower_id: str, *, most: int = 20) -> list[ReportView]:
    """What a borrower reported while signed in, newest first, with what was done."""
    rows = ImpostorReport.objects.filter(borrower__public_id=borrower_id).select_related(
        "borrower", "handling"
    )
    return [_report(row) for row in rows.order_by("-id")[:most]]


def report_told(public_id: str) -> ReportView | None:
    """One report by the reference that its writer holds."""
    row = report_by_id(public_id)
    return _report(row) if row else None


def same_report(
    told: str, from_index: str, borrower_pk: int | None, since: datetime
) -> ImpostorReport | None:
    """A report in the same words from the same place: the form was sent twice."""
    rows = ImpostorReport.objects.filter(from_index=from_index, reported_at__gte=since)
    rows = rows.filter(borrower_id=borrower_pk) if borrower_pk else rows.filter(borrower__isnull=True)
    return next((row for row in rows if _report(row).told == told), None)


def report_by_id(public_id: str) -> ImpostorReport | None:
    """A report, handled or not."""
    return ImpostorReport.objects.select_related("borrower", "handling").filter(public_id=public_id).first()


def _report(row: ImpostorReport) -> ReportView:
    place = {"table": "debt_collection_impostorreport", "column": "told", "row": row.public_id}
    handling: ImpostorHandling | None = getattr(row, "handling", None)
    return ReportView(
        row.public_id,
        row.borrower.public_id if row.borrower else "",
        encrypted.unseal(row.told_sealed, **place),
        row.reported_at,
        handling.did if handling else "",
        handling.words if handling else "",
        handling.handled_at if handling else None,
    )


def reports_since(since: datetime, *, from_index: str = "") -> int:
    """How many reports of impostors there were since an instant, from one address or at all."""
    rows = ImpostorReport.objects.filter(reported_at__gte=since)
    return (rows.filter(from_index=from_index) if from_index else rows).count()


def own_contact(borrower_id: str, contact_id: str) -> Contact | None:
    """A contact of this borrower."""
    rows = Contact.objects.select_related("borrower")
    return rows.filter(borrower__public_id=borrower_id, public_id=contact_id).first()


def same_note(contact: Contact, text: str, since: datetime) -> ContactNote | None:
    """A note in the same words beside a contact since an instant."""
    rows = ContactNote.objects.filter(contact=contact, noted_at__gte=since).order_by("id")
    place = {"table": "debt_collection_contactnote", "column": "text"}
    return next(
        (one for one in rows if encrypted.unseal(one.text_sealed, row=one.public_id, **place) == text), None
    )


def notes_of(contact_id: str) -> list[tuple[str, datetime]]:
    """What the borrower wrote down about a contact, oldest first."""
    rows = ContactNote.objects.filter(contact__public_id=contact_id).order_by("id")
    return [
        (
            encrypted.unseal(
                row.text_sealed, table="debt_collection_contactnote", column="text", row=row.public_id
            ),
            row.noted_at,
        )
        for row in rows
    ]


def _finding(row: TextFinding) -> FindingView:
    review: FindingReview | None = getattr(row, "review", None)
    return FindingView(
        row.public_id,
        row.contact.public_id,
        row.borrower.public_id,
        row.written_by,
        row.said_by,
        row.category,
        row.severity,
        encrypted.unseal(
            row.quote_sealed, table="debt_collection_textfinding", column="quote", row=row.public_id
        ),
        row.found_at,
        review.decision if review else "",
        review.reason if review else "",
    )


@dataclass(frozen=True)
class WrongNumber:
    """A number that is used no more because somebody else holds it, and who said so."""

    mask: str
    borrower: str
    retired_at: datetime
    by_holder: bool


def wrong_numbers(most: int) -> list[WrongNumber]:
    """Numbers that turned out to be somebody else's, the newest first."""
    rows = ContactPoint.objects.filter(retired_reason__in=("wrong_person", "holder_says_not_hers"))
    return [
        WrongNumber(
            one.mask,
            one.borrower.public_id,
            one.retired_at,
            one.retired_reason != "wrong_person",
        )
        for one in rows.select_related("borrower").order_by("-retired_at", "-id")[:most]
        if one.retired_at
    ]
