"""Somebody reports a stranger who used the lender's name; compliance sees it."""

from __future__ import annotations

from datetime import timedelta

from lenity.base.outcomes import InputRefused, Problem
from lenity.gateways import clock, ids
from lenity.operations import unit
from lenity.records import encrypted
from lenity.records.debt_collection import voice_queries, voice_writes
from lenity.records.debt_collection.models import ImpostorReport
from lenity.records.people import queries as people

LONGEST = 2000
REPORTS_AN_HOUR_AN_ADDRESS = 5
REPORTS_AN_HOUR = 500


def report_impostor(*, told: str, address: str, borrower_id: str = "") -> ImpostorReport:
    """Keep what somebody tells of an impostor; she need not be a borrower or be signed in.

    The same words sent again within the hour are the same report. Its id is the reference by which its writer
    sees what was done.
    """
    tidy = told.strip()
    if not 5 <= len(tidy) <= LONGEST:
        raise InputRefused([Problem("impostor.length", f"Tell it in 5 to {LONGEST} signs.")])
    from_index = encrypted.blind_index(address, purpose="address")
    borrower = people.find_borrower(borrower_id) if borrower_id else None
    borrower_pk = borrower.pk if borrower else None
    an_hour_ago = clock.now() - timedelta(hours=1)
    if known := voice_queries.same_report(tidy, from_index, borrower_pk, an_hour_ago):
        return known
    with unit.of_work(operation="report_impostor", actor="borrower" if borrower_id else "public") as work:
        since = work.now - timedelta(hours=1)
        if (
            voice_queries.reports_since(since, from_index=from_index) >= REPORTS_AN_HOUR_AN_ADDRESS
            or voice_queries.reports_since(since) >= REPORTS_AN_HOUR
        ):
            problem = Problem("impostor.busy", "There were many reports.", "Wait an hour, or call us.")
            raise InputRefused([problem])
        row = voice_writes.add_impostor_report(
            public_id=ids.public_id(),
            borrower_pk=borrower_pk,
            told=tidy,
            from_index=from_index,
            reported_at=work.now,
        )
        work.record(
            subject_kind="impostor_report", subject_id=row.public_id, borrower_id=borrower_id, body={}
        )
        return row
