"""Compliance says what it did about a report of an impostor."""

from __future__ import annotations

from lenity.base.outcomes import InputRefused, Problem
from lenity.operations import servicing, unit
from lenity.records.debt_collection import voice_queries, voice_writes
from lenity.records.debt_collection.models import ImpostorHandling

DID = ("warned", "spam_line", "police", "own_staff", "nothing_found")
LONGEST = 300


def handle_impostor_report(*, report_id: str, did: str, words: str, actor: str) -> ImpostorHandling:
    """Close a report once, with what was done and in which words it can be told."""
    if did not in DID:
        raise InputRefused([Problem("report.did", f"It is one of: {', '.join(DID)}.")])
    if not 5 <= len(words.strip()) <= LONGEST:
        raise InputRefused([Problem("report.words", f"Say in 5 to {LONGEST} signs what was done.")])
    with unit.of_work(operation="handle_impostor_report", actor=actor) as work:
        report = servicing.needed(voice_queries.report_by_id(report_id), "report", report_id)
        if getattr(report, "handling", None) is not None:
            raise InputRefused([Problem("report.closed", "This report is closed already.")])
        row = voice_writes.add_handling(
            report, did=did, words=words.strip(), handled_at=work.now, handled_by=actor
        )
        work.record(
            subject_kind="impostor_report",
            subject_id=report.public_id,
            borrower_id=report.borrower.public_id if report.borrower else "",
            body={"did": did},
        )
        return row
