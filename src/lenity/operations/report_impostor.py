"""Somebody reports a stranger who used the lender's name; compliance sees it."""

from __future__ import annotations

from datetime import timedelta

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import ids
from lenity.operations import unit
from lenity.records import encrypted
from lenity.records.debt_collection import voice_queries, voice_writes
from lenity.records.debt_collection.models import ImpostorReport
from lenity.records.people import queries as people

LONGEST = 2000
REPORTS_AN_HOUR_AN_ADDRESS = 5
REPORTS_AN_HOUR = 500


def report_impostor(*, told: str, address: str, borrower_id: str = "") -> ImpostorReport:
    """Keep what somebody tells of an impostor; she need not be a borrower or be signed in."""
    tidy = told.strip()
    if not 5 <= len(tidy) <= LONGEST:
        raise InputRefused([Problem("impostor.length", f"Tell it in 5 to {LONGEST} signs.")])
    from_index = encrypted.blind_index(address, purpose="address")
    with unit.of_work(operation="report_impostor", actor="borrower" if borrower_id else "public") as work:
        since = work.now - timedelta(hours=1)
        if (
            voice_queries.reports_since(since, from_index=from_index) >= REPORTS_AN_HOUR_AN_ADDRESS
            or voice_queries.reports_since(since) >= REPORTS_AN_HOUR
        ):
            problem = Problem("impostor.busy", "There were many reports.", "Wait an hour, or call us.")
            raise InputRefused([problem])
        borrower = people.find_borrower(borrower_id) if borrower_id else None
        row = voice_writes.add_impostor_report(
            public_id=ids.public_id(),
            borrower_pk=borrower.pk if borrower else None,
            told=tidy,
            from_index=from_index,
            reported_at=work.now,
        )
        work.record(
            subject_kind="impostor_report", subject_id=row.public_id, borrower_id=borrower_id, body={}
        )
        return row
