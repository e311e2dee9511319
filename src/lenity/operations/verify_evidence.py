"""The evidence log is recomputed and held against every signed checkpoint; the result is kept."""

from __future__ import annotations

from lenity.gateways import files
from lenity.operations import unit
from lenity.records.audit import queries


def verify_evidence(*, actor: str) -> queries.Report:
    """Verify the whole log, and keep in the log itself that it was verified and with which result.

    Checkpoints that were lost outside the database are written again first.
    """
    restored = [files.put(path, note).name for path, note in queries.lost_checkpoints()]
    with unit.of_work(operation="verify_evidence", actor=actor) as work:
        report = queries.verify()
        work.record(
            subject_kind="evidence_log",
            subject_id="log",
            body={
                "size": report.size,
                "root": report.root,
                "checkpoints": report.checkpoints,
                "files": report.files,
                "restored": restored[:20],
                "holds": report.holds,
                "faults": report.faults[:20],
            },
        )
        return report
