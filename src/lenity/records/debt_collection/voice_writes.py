"""The only place that adds what was found in texts, what borrowers say of contacts, and what a strategy spends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from lenity.domain.debt_collection import screening, spending
from lenity.records import encrypted
from lenity.records.debt_collection.models import (
    Contact,
    ContactNote,
    FindingReview,
    ImpostorHandling,
    ImpostorReport,
    Spending,
    TextFinding,
)
from lenity.records.people.models import Borrower


def add_findings(
    contact: Contact,
    found: Sequence[screening.Found],
    *,
    public_ids: Sequence[str],
    written_by: str,
    found_at: datetime,
) -> list[TextFinding]:
    """Keep what screening found in a text about a contact, its words sealed."""
    digest = screening.lexicon_digest()
    rows = [
        TextFinding(
            public_id=public_id,
            borrower_id=contact.borrower_id,
            contact=contact,
            written_by=written_by,
            said_by=one.said_by,
            category=one.category,
            severity=one.severity,
            quote_sealed=encrypted.seal(one.quote, **_place("textfinding", "quote", public_id)),
            start=one.start,
            end=one.end,
            lexicon_digest=digest,
            found_at=found_at,
        )
        for one, public_id in zip(found, public_ids, strict=True)
    ]
    return TextFinding.objects.bulk_create(rows, batch_size=500)


def add_review(
    finding: TextFinding, *, decision: str, reason: str, reviewed_at: datetime, reviewed_by: str
) -> FindingReview:
    """Note what compliance made of a finding."""
    return FindingReview.objects.create(
        finding=finding, decision=decision, reason=reason, reviewed_at=reviewed_at, reviewed_by=reviewed_by
    )


def add_note(contact: Contact, *, public_id: str, text: str, noted_at: datetime) -> ContactNote:
    """Keep a borrower's own words about a contact."""
    sealed = encrypted.seal(text, **_place("contactnote", "text", public_id))
    return ContactNote.objects.create(
        public_id=public_id, contact=contact, text_sealed=sealed, noted_at=noted_at
    )


def add_impostor_report(
    *, public_id: str, borrower_pk: int | None, told: str, from_index: str, reported_at: datetime
) -> ImpostorReport:
    """Keep that a stranger used the lender's name."""
    sealed = encrypted.seal(told, **_place("impostorreport", "told", public_id))
    return ImpostorReport.objects.create(
        public_id=public_id,
        borrower_id=borrower_pk,
        told_sealed=sealed,
        from_index=from_index,
        reported_at=reported_at,
    )


def add_handling(
    report: ImpostorReport, *, did: str, words: str, handled_at: datetime, handled_by: str
) -> ImpostorHandling:
    """Note what was done about a report."""
    return ImpostorHandling.objects.create(
        report=report, did=did, words=words, handled_at=handled_at, handled_by=handled_by
    )


def add_spendings(
    choices: Sequence[spending.Choice],
    *,
    strategy_name: str,
    digest: str,
    on_date: date,
    planned_at: datetime,
) -> int:
    """Keep what a strategy chose for each borrower; the first choice of a day stays."""
    pks = dict(
        Borrower.objects.filter(public_id__in=[one.borrower_id for one in choices]).values_list(
            "public_id", "pk"
        )
    )
    rows = [
        Spending(
            borrower_id=pks[one.borrower_id],
            strategy=strategy_name,
            strategy_digest=digest,
            on_date=on_date,
            planned_at=planned_at,
            points_before=one.points_before,
            points_spent=one.points_spent,
            chosen=[_option(option) for option in one.chosen],
            passed_over=[_option(option) for option in one.passed_over],
        )
        for one in choices
    ]
    Spending.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return len(rows)


def _option(option: spending.Option) -> dict[str, object]:
    return {
        "purpose": option.wish.purpose,
        "channel": option.wish.channel,
        "loans": list(option.wish.loan_ids),
        "step": option.wish.step,
        "points": option.cost,
        "worth_minor": option.value_minor,
        **({"cures_ppm": [one.ppm for one in option.cures]} if option.cures else {}),
        **({"left_alone": True} if option.alone else {}),
    }


def _place(table: str, column: str, row: str) -> dict[str, str]:
    return {"table": f"debt_collection_{table}", "column": column, "row": row}
